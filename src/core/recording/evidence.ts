// SPDX-License-Identifier: Apache-2.0
// How a profile was learnt, as an annotation of it says: by which containers, for how long, and what was lost. Each run
// of a container is told by its id, so that two accounts of one run are one: a process that was restarted, or another
// node that writes to the same profile, counts nothing twice.
import type { Recorder } from './request.ts';

/** One run of a container. */
export interface Run {
  /** UID of the pod. */
  readonly pod: string;
  readonly node: string;
  /** When it began, or was seen first (RFC 3339). */
  readonly from: string;
  /** When it ended; left out while it goes on, or will be started anew. */
  readonly until?: string;
  /** How much was lost, by reason; empty for nothing. */
  readonly lost: Readonly<Record<string, number>>;
}

/** Runs that are told by their number only, because there are many. */
export interface FoldedRuns {
  readonly runs: number;
  readonly pods: number;
  readonly seconds: number;
  readonly lost: Readonly<Record<string, number>>;
  /** Keys of those that were folded last: one that is told of again is counted already. */
  readonly ids: readonly string[];
}

/** How a profile was learnt. Lists are sorted. */
export interface Evidence {
  readonly version: 'v1';
  readonly recorder: Recorder;
  /** By the beginning of the container's id. */
  readonly instances: Readonly<Record<string, Run>>;
  readonly earlier: FoldedRuns;
  readonly nodes: readonly string[];
  /** Images of the containers, by digest. */
  readonly images: readonly string[];
  /** Releases of the nodes' kernels. */
  readonly kernels: readonly string[];
  /** Container runtimes of the nodes, with versions. */
  readonly runtimes: readonly string[];
  /** RFC 3339. */
  readonly firstCall?: string;
  /** When a call was seen that no run had shown before it (RFC 3339). */
  readonly lastNewCall?: string;
}

/** The evidence in short, as people want to know it. */
export interface EvidenceSummary {
  /** `in-progress` while a container goes on. */
  readonly state: 'in-progress' | 'ended';
  readonly pods: number;
  /** Container instances. */
  readonly runs: number;
  /** For how long they ran together, as far as they have ended. */
  readonly seconds: number;
  /** By reason, and in total: 0 where nothing was lost. */
  readonly lost: Readonly<Record<string, number>> & { readonly total: number };
}

/** No runs before those that are told one by one. */
export const NO_EARLIER_RUNS: FoldedRuns = { runs: 0, pods: 0, seconds: 0, lost: {}, ids: [] };

/** Runs that are told one by one. */
const MOST_RUNS = 64;

/**
 * Keys of folded runs that are kept. Runs are told of again by those who write the profile at that time, of which there
 * are fewer, and 16 bytes for each leave most of the 256 KiB that the annotations of an object have.
 */
export const MOST_FOLDED_IDS = 1000;

/** Nodes, images, kernels and runtimes that are listed. */
const MOST_LISTED = 32;

/** Length of the part of a container's id that stands for it, as `crictl ps` shows it. */
const ID_LENGTH = 13;

/** The key of a run: the beginning of the container's id. */
export function runKey(container: string): string {
  return container.slice(0, ID_LENGTH);
}

/** Sums it up. */
export function summaryOf({ instances, earlier }: Evidence): EvidenceSummary {
  const runs = Object.values(instances);
  const lost = [earlier.lost, ...runs.map((run) => run.lost)].reduce(added, {});
  return {
    state: runs.some(({ until }) => until === undefined) ? 'in-progress' : 'ended',
    pods: earlier.pods + new Set(runs.map(({ pod }) => pod)).size,
    runs: earlier.runs + runs.length,
    seconds: earlier.seconds + sum(runs.map(secondsOf)),
    lost: { total: sum(Object.values(lost)), ...lost },
  };
}

/** The text of the annotation: what people want to know first, then the runs. */
export function printEvidence(evidence: Evidence): string {
  const { version, recorder, instances, earlier, ...lists } = evidence;
  const hasEarlier = earlier.runs > 0;
  const runs = { instances, ...(hasEarlier ? { earlier } : {}) };
  return JSON.stringify({ version, recorder, ...summaryOf(evidence), ...lists, ...runs });
}

/**
 * The evidence of all, in any order: at once, because there may be a thousand of them. A run that several tell of is
 * one run.
 */
export function uniteEvidence(one: Evidence, others: readonly Evidence[]): Evidence {
  const all = [one, ...others];
  const firstCall = earliest(all.map((evidence) => evidence.firstCall));
  const lastNewCall = latest(all.map((evidence) => evidence.lastNewCall));
  return {
    version: 'v1',
    recorder: all.some(({ recorder }) => recorder === 'bpf') ? 'bpf' : 'logs',
    ...folded(allRuns(all), all.map(({ earlier }) => earlier).reduce(addedRuns)),
    nodes: united(all.map(({ nodes }) => nodes)),
    images: united(all.map(({ images }) => images)),
    kernels: united(all.map(({ kernels }) => kernels)),
    runtimes: united(all.map(({ runtimes }) => runtimes)),
    ...(firstCall === undefined ? {} : { firstCall }),
    ...(lastNewCall === undefined ? {} : { lastNewCall }),
  };
}

/** Without those that are folded: they are counted, and what they had lost is. */
function allRuns(all: readonly Evidence[]): readonly (readonly [string, Run])[] {
  const runs = new Map<string, Run>();
  const folded = new Set(all.flatMap(({ earlier }) => earlier.ids));
  for (const { instances } of all) {
    for (const [id, run] of Object.entries(instances)) {
      if (folded.has(id)) continue;
      const known = runs.get(id);
      runs.set(id, known === undefined ? run : sameRun(known, run));
    }
  }
  return [...runs];
}

/** Two accounts of one run: an account may have missed the beginning or the end. */
function sameRun(one: Run, other: Run): Run {
  const until = latest([one.until, other.until]);
  const lost = Object.fromEntries(
    [...new Set([...Object.keys(one.lost), ...Object.keys(other.lost)])]
      .sort()
      .map((reason) => [reason, Math.max(countOf(one.lost, reason), countOf(other.lost, reason))]),
  );
  const first = `${one.pod} ${one.node}` <= `${other.pod} ${other.node}` ? one : other;
  const from = one.from < other.from ? one.from : other.from;
  return { pod: first.pod, node: first.node, from, ...(until === undefined ? {} : { until }), lost };
}

/** Beyond the bound, the runs that ended first are folded. */
function folded(
  instances: readonly (readonly [string, Run])[],
  earlier: FoldedRuns,
): Pick<Evidence, 'instances' | 'earlier'> {
  const over = instances.length - MOST_RUNS;
  if (over <= 0) return { instances: Object.fromEntries(byKey(instances)), earlier };
  const ended = byKey(instances)
    .filter(([, { until }]) => until !== undefined)
    .sort(([, { until: a = '' }], [, { until: b = '' }]) => (a < b ? -1 : Number(a !== b)))
    .slice(0, over);
  const gone = new Map(ended);
  return {
    instances: Object.fromEntries(byKey(instances.filter(([id]) => !gone.has(id)))),
    earlier: addedRuns(earlier, foldRuns(gone)),
  };
}

function foldRuns(gone: ReadonlyMap<string, Run>): FoldedRuns {
  const runs = [...gone.values()];
  return {
    runs: runs.length,
    pods: new Set(runs.map(({ pod }) => pod)).size,
    seconds: sum(runs.map(secondsOf)),
    lost: runs.map(({ lost }) => lost).reduce(added, {}),
    ids: [...gone.keys()],
  };
}

function addedRuns(one: FoldedRuns, other: FoldedRuns): FoldedRuns {
  return {
    runs: one.runs + other.runs,
    pods: one.pods + other.pods,
    seconds: one.seconds + other.seconds,
    lost: added(one.lost, other.lost),
    ids: [...new Set([...one.ids, ...other.ids])].slice(-MOST_FOLDED_IDS),
  };
}

function added(one: Readonly<Record<string, number>>, other: Readonly<Record<string, number>>) {
  const reasons = [...new Set([...Object.keys(one), ...Object.keys(other)])].sort();
  return Object.fromEntries(reasons.map((reason) => [reason, countOf(one, reason) + countOf(other, reason)]));
}

/** Reasons come from texts that anybody may have written: `constructor` is one, too. */
function countOf(counts: Readonly<Record<string, number>>, reason: string): number {
  return Object.hasOwn(counts, reason) ? (counts[reason] ?? 0) : 0;
}

function byKey(instances: readonly (readonly [string, Run])[]) {
  return [...instances].sort(([a], [b]) => (a < b ? -1 : 1));
}

function secondsOf({ from, until }: Run): number {
  return until === undefined ? 0 : Math.max(0, Math.round((Date.parse(until) - Date.parse(from)) / 1000));
}

function united(lists: readonly (readonly string[])[]): readonly string[] {
  return [...new Set(lists.flat())].sort().slice(0, MOST_LISTED);
}

/** Times of RFC 3339 in one form are in order as texts. */
function earliest(times: readonly (string | undefined)[]): string | undefined {
  return times.filter((time) => time !== undefined).sort()[0];
}

function latest(times: readonly (string | undefined)[]): string | undefined {
  return times
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
