// SPDX-License-Identifier: Apache-2.0
// The dangers of calls by name.
import { DANGERS } from '../../gen/dangers.ts';
import type { Danger } from '../../gen/dangers.ts';

let byCall: ReadonlyMap<string, readonly Danger[]> | undefined;

/** The dangers of a call, the worst first; none for most. */
export function dangersOf(call: string): readonly Danger[] {
  byCall ??= Map.groupBy(
    [...DANGERS].sort((a, b) => b.points - a.points),
    ({ use }) => use.call,
  );
  return byCall.get(call) ?? [];
}

/** The points of the worst danger of a call; 0 for a call that has none. */
export function dangerWeight(call: string): number {
  return dangersOf(call)[0]?.points ?? 0;
}
