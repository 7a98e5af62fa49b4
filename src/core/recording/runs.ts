// SPDX-License-Identifier: Apache-2.0
// The runs of containers that a profile was learnt by: told one by one, or folded into numbers where there are many. Of
// a folded run something may still turn out to have been lost, so what was counted of each is kept with its key.

/** How much was lost, by reason; empty for nothing. */
export type Losses = Readonly<Record<string, number>>;

/** One run of a container. */
export interface Run {
  /** UID of the pod. */
  readonly pod: string;
  readonly node: string;
  /** When it began, or was seen first (RFC 3339). */
  readonly from: string;
  /** When it ended; left out while it goes on, or will be started anew. */
  readonly until?: string;
  readonly lost: Losses;
}

/** Runs that are told by their number only, because there are many. */
export interface FoldedRuns {
  readonly runs: number;
  readonly pods: number;
  readonly seconds: number;
  readonly lost: Losses;
  /** The losses that were counted of those that were folded last, by key: one that is told of again is counted. */
  readonly ids: Readonly<Record<string, Losses>>;
}

/** No runs before those that are told one by one. */
export const NO_EARLIER_RUNS: FoldedRuns = { runs: 0, pods: 0, seconds: 0, lost: {}, ids: {} };

/**
 * Keys of folded runs that are kept. Runs are told of again by those who write the profile at that time, of which there
 * are fewer, and 20 bytes for each, twice as many where something was lost, leave most of the 256 KiB that the
 * annotations of an object have.
 */
export const MOST_FOLDED_IDS = 1000;

/** The runs as numbers. */
export function foldRuns(gone: ReadonlyMap<string, Run>): FoldedRuns {
  const runs = [...gone.values()];
  return {
    runs: runs.length,
    pods: new Set(runs.map(({ pod }) => pod)).size,
    seconds: sum(runs.map(secondsOf)),
    lost: runs.map(({ lost }) => lost).reduce(addedLosses, {}),
    ids: Object.fromEntries(Array.from(gone, ([id, { lost }]) => [id, lost])),
  };
}

/** Both together. */
export function addedRuns(one: FoldedRuns, other: FoldedRuns): FoldedRuns {
  // Usual where a thousand parts are united, each with few runs.
  if (other.runs === 0) return one;
  const ids = knownLosses(one, Object.entries(other.ids));
  return {
    runs: one.runs + other.runs,
    pods: one.pods + other.pods,
    seconds: one.seconds + other.seconds,
    lost: addedLosses(one.lost, other.lost),
    ids: Object.fromEntries([...ids].slice(-MOST_FOLDED_IDS)),
  };
}

/** Accounts of runs, by key, of which some are folded: what these lack beyond what was counted is counted now. */
export function withLateLosses(folded: FoldedRuns, accounts: readonly (readonly [string, Run])[]): FoldedRuns {
  const late = accounts.filter(([id]) => Object.hasOwn(folded.ids, id));
  if (late.length === 0) return folded;
  const after = knownLosses(
    folded,
    late.map(([id, { lost }]) => [id, lost]),
  );
  const more = [...new Set(late.map(([id]) => id))].map((id) => lessLosses(after.get(id) ?? {}, folded.ids[id] ?? {}));
  return { ...folded, lost: more.reduce(addedLosses, folded.lost), ids: Object.fromEntries(after) };
}

/** Two accounts of one run: each may have missed what the other knows of. */
export function greaterLosses(one: Losses, other: Losses): Losses {
  return perReason(one, other, Math.max);
}

/** The losses of two runs. */
export function addedLosses(one: Losses, other: Losses): Losses {
  return perReason(one, other, (a, b) => a + b);
}

/** For how long a run lasted, in seconds; 0 while it goes on. */
export function secondsOf({ from, until }: Run): number {
  return until === undefined ? 0 : Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000));
}

/** All of them together. */
export function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

/** All that is known to be lost of each run, in the order in which they were folded. */
function knownLosses({ ids }: FoldedRuns, told: readonly (readonly [string, Losses])[]): ReadonlyMap<string, Losses> {
  const known = new Map(Object.entries(ids));
  for (const [id, lost] of told) known.set(id, greaterLosses(known.get(id) ?? {}, lost));
  return known;
}

function lessLosses(one: Losses, other: Losses): Losses {
  const left = Object.entries(perReason(one, other, (a, b) => a - b));
  return Object.fromEntries(left.filter(([, count]) => count > 0));
}

function perReason(one: Losses, other: Losses, of: (a: number, b: number) => number): Losses {
  const reasons = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(reasons.map((reason) => [reason, of(countOf(one, reason), countOf(other, reason))]));
}

/** Reasons come from texts that anybody may have written: `constructor` is one, too. */
function countOf(counts: Losses, reason: string): number {
  return Object.hasOwn(counts, reason) ? (counts[reason] ?? 0) : 0;
}
