// SPDX-License-Identifier: Apache-2.0
// Changes of the policies of a node by others between two rounds: told by policies that stand otherwise than they did,
// though neither their texts have changed nor a step of ours was about them.
import { nameOf } from './transaction.ts';
import type { PolicyFile, Step } from './transaction.ts';

/** The fate of a policy that others have touched. */
export interface Tampering {
  /** RFC 3339; tells two of them apart. */
  readonly at: string;
  /** The policy was gone or another one, and was installed again; else it stands otherwise since. */
  readonly restored: boolean;
}

/** Where a policy stands, and by which text. */
interface Standing {
  readonly status: 'Installed' | 'Failed';
  readonly checksum: string;
}

type States = ReadonlyMap<string, Standing>;

/**
 * The policies that others have touched before a round, by their names. Nothing is known of those that have another
 * text than in the round before, or of all in the first one.
 */
export function tamperingsIn(
  files: readonly PolicyFile[],
  steps: readonly Step[],
  { before, after, now }: { readonly before: States; readonly after: States; readonly now: string },
): ReadonlyMap<string, Tampering> {
  const stepped = new Set(steps.map(nameOf));
  return new Map(
    files.flatMap(({ name, checksum }) => {
      const [then, since] = [before.get(name), after.get(name)];
      if (then?.checksum !== checksum || since?.checksum !== checksum) return [];
      const isTouched = stepped.has(name) ? then.status === 'Installed' : then.status !== since.status;
      if (!isTouched) return [];
      return [[name, { at: now, restored: stepped.has(name) && since.status === 'Installed' }] as const];
    }),
  );
}
