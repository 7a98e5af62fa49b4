// SPDX-License-Identifier: Apache-2.0
// The differences between two profiles, as values: what each says of what, and whether that lets something in. A
// difference says nothing of the text: two ways to write the same have none.
import { isPermitting } from '../seccomp/model.ts';
import type { Architecture } from '../seccomp/model.ts';
import { regionText } from '../seccomp/meaning/regions.ts';
import type { Region } from '../seccomp/meaning/regions.ts';
import type { Verdict } from '../seccomp/meaning/verdict.ts';

/**
 * The way that a change goes: something may happen that could not, cannot that could, or gets another answer without
 * either.
 */
export type Direction = 'let-in' | 'shut-out' | 'answer';

/** Another answer to a call. */
export interface CallChange {
  readonly type: 'call';
  /** Its name; `*` for every call that has none in our tables. */
  readonly call: string;
  /** Left out where the profiles are compared for all architectures. */
  readonly architecture?: Architecture;
  readonly from: Verdict;
  readonly to: Verdict;
  /** The arguments that it concerns; undefined where they have no short description. */
  readonly regions: readonly Region[] | undefined;
  /** Six arguments that it concerns. */
  readonly example: readonly bigint[];
}

/** Anything else that differs, as text: a field of a profile, or a rule of another kind of profile. */
export interface FieldChange {
  readonly type: 'field';
  readonly field: string;
  /** Empty where there is nothing. */
  readonly from: string;
  readonly to: string;
  readonly direction: Direction;
}

/** One difference. */
export type Change = CallChange | FieldChange;

/** All differences between two profiles. */
export interface Difference {
  /** Worst first. */
  readonly changes: readonly Change[];
  /** Parts that could not be compared, a sentence each: they may differ. */
  readonly unknown: readonly string[];
}

const BACK: Readonly<Record<Direction, Direction>> = { 'let-in': 'shut-out', 'shut-out': 'let-in', answer: 'answer' };

/** The change that undoes another. */
export function reversed(change: Change): Change {
  const { from: to, to: from } = change;
  if (change.type === 'field')
    return { ...change, from: change.to, to: change.from, direction: BACK[change.direction] };
  return { ...change, from, to } as CallChange;
}

/** Which way it goes. */
export function directionOf(change: Change): Direction {
  if (change.type === 'field') return change.direction;
  const [before, after] = [isPermitting(change.from.action), isPermitting(change.to.action)];
  if (before === after) return 'answer';
  return after ? 'let-in' : 'shut-out';
}

/** The arguments that a change concerns, in words: empty for all. */
export function argumentsText({ regions, example }: CallChange): string {
  if (regions === undefined) {
    const shown = example.map((value) => `0x${value.toString(16)}`).join(', ');
    return `some arguments, such as (${shown})`;
  }
  return regions.map(regionText).join('; or ');
}
