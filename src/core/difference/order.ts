// SPDX-License-Identifier: Apache-2.0
// The order in which differences are told: what is let in before what is shut out, and of each the dangerous first.
import { dangerWeight } from '../score/dangers.ts';
import { directionOf } from './change.ts';
import type { Change, Direction } from './change.ts';

const RANK: Readonly<Record<Direction, number>> = { 'let-in': 0, answer: 1, 'shut-out': 2 };

function weightOf(change: Change): number {
  return change.type === 'call' ? dangerWeight(change.call) : 0;
}

/** Among equals fields come first, as they concern many calls. */
function nameOf(change: Change): string {
  return change.type === 'field' ? ` ${change.field} ${change.from} ${change.to}` : change.call;
}

function compare(a: Change, b: Change): number {
  const byRank = RANK[directionOf(a)] - RANK[directionOf(b)];
  const byWeight = weightOf(b) - weightOf(a);
  return byRank || byWeight || (nameOf(a) < nameOf(b) ? -1 : Number(nameOf(a) !== nameOf(b)));
}

/** The changes, worst first. */
export function worstFirst(changes: readonly Change[]): readonly Change[] {
  return [...changes].sort(compare);
}
