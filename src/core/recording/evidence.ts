// SPDX-License-Identifier: Apache-2.0
// How a profile was learnt, as an annotation of it says: by which containers, for how long, and what was lost. Each run
// of a container is told by its id, so that two accounts of one run are one: a process that was restarted, or another
// node that writes to the same profile, counts nothing twice.
import type { Recorder } from './request.ts';
import { addedLosses, addedRuns, foldRuns, greaterLosses, secondsOf, sum, withLateLosses } from './runs.ts';
import type { FoldedRuns, Losses, Run } from './runs.ts';

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
  readonly lost: Losses & { readonly total: number };
}

/** Runs that are told one by one. */
const MOST_RUNS = 64;

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
  const lost = [earlier.lost, ...runs.map((run) => run.lost)].reduce(addedLosses, {});
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
    ...allRuns(all),
    nodes: united(all.map(({ nodes }) => nodes)),
    images: united(all.map(({ images }) => images)),
    kernels: united(all.map(({ kernels }) => kernels)),
    runtimes: united(all.map(({ runtimes }) => runtimes)),
    ...(firstCall === undefined ? {} : { firstCall }),
    ...(lastNewCall === undefined ? {} : { lastNewCall }),
  };
}

/** Of those that are folded, only what was not yet counted as lost is news. */
function allRuns(all: readonly Evidence[]): Pick<Evidence, 'instances' | 'earlier'> {
  const runs = new Map<string, Run>();
  const accounts = all.flatMap(({ instances }) => Object.entries(instances));
  const earlier = withLateLosses(all.map((one) => one.earlier).reduce(addedRuns), accounts);
  for (const [id, run] of accounts) {
    if (Object.hasOwn(earlier.ids, id)) continue;
    const known = runs.get(id);
    runs.set(id, known === undefined ? run : sameRun(known, run));
  }
  return folded([...runs], earlier);
}

/** Two accounts of one run: an account may have missed the beginning or the end. */
function sameRun(one: Run, other: Run): Run {
  const until = latest([one.until, other.until]);
  const first = `${one.pod} ${one.node}` <= `${other.pod} ${other.node}` ? one : other;
  const from = one.from < other.from ? one.from : other.from;
  return {
    pod: first.pod,
    node: first.node,
    from,
    ...(until === undefined ? {} : { until }),
    lost: greaterLosses(one.lost, other.lost),
  };
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

function byKey(instances: readonly (readonly [string, Run])[]) {
  return [...instances].sort(([a], [b]) => (a < b ? -1 : 1));
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
