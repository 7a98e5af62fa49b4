// SPDX-License-Identifier: Apache-2.0
// The annotation that says which calls of a recorded profile no recording has shown, and why they are in it: a phrase
// for each reason, `older forms of recorded syscalls: fork (clone, clone3), stat (newfstatat)`.

/** A call that was added to a recording. */
export interface AddedCall {
  readonly reason: string;
  readonly name: string;
  /** The recorded calls on whose account it is there; none for most reasons. */
  readonly newer: readonly string[];
}

/** The reasons, in the order in which they are told. */
export const ADDED_REASON = {
  base: 'base syscalls',
  kernel: 'syscalls that the kernel makes a process make',
  older: 'older forms of recorded syscalls',
} as const;

const PHRASE = /^([^:]{1,100}): (.*)$/s;
const ENTRY = /([a-z0-9_]+)(?: \(([a-z0-9_, ]*)\))?/g;

/** A phrase for each reason, none without calls. */
export function printAddedCalls(calls: readonly AddedCall[]): readonly string[] {
  const byReason = Map.groupBy(calls, ({ reason }) => reason);
  return [...byReason]
    .sort(([a], [b]) => order(a, b))
    .map(([reason, all]) => `${reason}: ${all.map(entry).join(', ')}`);
}

/** Reads the annotation; what is no phrase is passed over. */
export function parseAddedCalls(text: string): readonly AddedCall[] {
  return text.split('; ').flatMap((phrase) => {
    const [, reason, list] = PHRASE.exec(phrase) ?? [];
    if (reason === undefined || list === undefined) return [];
    return [...list.matchAll(ENTRY)].map(([, name = '', newer = '']) => ({
      reason,
      name,
      newer: newer.split(', ').filter((one) => one !== ''),
    }));
  });
}

const BY_RECORDER: ReadonlySet<string> = new Set([ADDED_REASON.base, ADDED_REASON.kernel]);

/** Whether calls were added by a recorder: `spoc adapt` marks what it adds to profiles that nobody recorded, too. */
export function isAddedByRecorder(text: string): boolean {
  return parseAddedCalls(text).some(({ reason }) => BY_RECORDER.has(reason));
}

/**
 * The calls that are still added when recordings are put together: those that no recording has seen, each once, under
 * the first of its reasons and with all recorded calls on whose account it is there.
 */
export function uniteAddedCalls(calls: readonly AddedCall[], isSeen: (name: string) => boolean): readonly AddedCall[] {
  const byName = Map.groupBy(calls, ({ name }) => name);
  return [...byName]
    .flatMap(([name, all]) => {
      const [first] = [...all].sort((a, b) => order(a.reason, b.reason));
      if (first === undefined || isSeen(name)) return [];
      const { reason } = first;
      const newer = new Set(all.flatMap((one) => (one.reason === reason ? one.newer : [])));
      return [{ reason, name, newer: [...newer].sort() }];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function entry({ name, newer }: AddedCall): string {
  return newer.length === 0 ? name : `${name} (${newer.join(', ')})`;
}

const ORDER: readonly string[] = Object.values(ADDED_REASON);

/** Reasons of ours first, others by their text. */
function order(a: string, b: string): number {
  const [rankA, rankB] = [rank(a), rank(b)];
  if (rankA !== rankB) return rankA - rankB;
  return a < b ? -1 : Number(a > b);
}

function rank(reason: string): number {
  const at = ORDER.indexOf(reason);
  return at < 0 ? ORDER.length : at;
}
