// SPDX-License-Identifier: Apache-2.0
// Whether anything new still comes to a recording: how many runs, and how much time, have shown nothing that was not
// known of their container. It is a statement on what was seen; what the next run may show has a chance (chance.ts).
import { LABEL } from '../names.ts';
import type { LearntProfile } from '../recording/kinds/learner.ts';
import { LOGGED_ONCE } from '../recording/kinds/learner.ts';
import { lastNews } from '../recording/last-news.ts';
import { evidenceOf, timedNames } from '../recording/merge-partials.ts';
import type { Run } from '../recording/runs.ts';
import type { Truth } from '../status/state.ts';

/** The demands on each container. */
export interface StabilityBar {
  readonly runs: number;
  readonly seconds: number;
}

/** The bar of a recording that names none, and what it leaves out; as schemas/crd/profile-recording.json has it. */
export const DEFAULT_BAR: StabilityBar = { runs: 5, seconds: 3600 };

/** Whether a recording is stable, and why. */
export interface Stability {
  readonly status: Truth;
  /** One word for programs. */
  readonly reason: 'NothingNew' | 'TooFewRuns' | 'TooEarly' | 'NothingRecorded' | 'TimesUnknown';
  readonly message: string;
  /** When anything new was last seen in any container (RFC 3339); undefined where no profile tells. */
  readonly lastNew: string | undefined;
  /** Milliseconds until time alone may change the answer; undefined where it cannot. */
  readonly againMs?: number;
}

/** The stability of the recorded profiles, all of one recording; `now` in milliseconds since 1970. */
export function stabilityOf(profiles: readonly LearntProfile[], bar: StabilityBar, now: number): Stability {
  const groups = [...Map.groupBy(profiles, groupOf)].sort(([a], [b]) => (a < b ? -1 : 1));
  const answers = groups.map(([, group]) => groupStability(group, bar, now));
  const [worst = NOTHING] = answers.sort((a, b) => ORDER.indexOf(a.reason) - ORDER.indexOf(b.reason));
  const times = answers.flatMap(({ lastNew }) => lastNew ?? []).sort();
  return { ...worst, lastNew: times.at(-1) };
}

/** The first of these that a container has is the answer for all. */
const ORDER: readonly Stability['reason'][] = ['TimesUnknown', 'TooFewRuns', 'TooEarly', 'NothingNew'];

const NOTHING: Stability = {
  status: 'Unknown',
  reason: 'NothingRecorded',
  message: 'there is no profile of it yet',
  lastNew: undefined,
};

/** Time is looked at again after so long at the latest, in milliseconds: longer waits are no timers of Node.js. */
const LONGEST_WAIT_MS = 3_600_000;

function groupOf({ kind, metadata }: LearntProfile): string {
  return `${metadata.labels?.[LABEL.containerId] ?? ''} ${kind}`;
}

function groupStability(group: readonly LearntProfile[], bar: StabilityBar, now: number): Stability {
  const container = `container ${group[0]?.metadata.labels?.[LABEL.containerId] ?? ''}`;
  const timed = group.map(timedNames);
  const last = lastNews(timed);
  if (last === undefined) {
    const message = `the profiles of ${container} do not tell when the last new call was seen`;
    const told = timed.flatMap(({ lastNew }) => lastNew ?? []).sort();
    return { status: 'Unknown', reason: 'TimesUnknown', message, lastNew: told.at(-1) };
  }
  const later = runsAfter(group, last);
  const quiet = later.filter((run) => isQuiet(run, bar, now)).length;
  const since = `nothing new in ${String(Math.min(quiet, bar.runs))} runs of ${container} since ${last}`;
  if (quiet < bar.runs) {
    const begun = later.map(({ from }) => from);
    const message = `${since}: ${String(bar.runs)} are needed`;
    return { status: 'False', reason: 'TooFewRuns', message, lastNew: last, ...again(begun, bar, now) };
  }
  if (now - Date.parse(last) < bar.seconds * 1000) {
    const message = `${since}: ${String(bar.seconds)} s must have passed`;
    return { status: 'False', reason: 'TooEarly', message, lastNew: last, ...again([last], bar, now) };
  }
  return { status: 'True', reason: 'NothingNew', message: since, lastNew: last };
}

/** Runs that began after a time, each once, of which nothing was lost. */
function runsAfter(group: readonly LearntProfile[], last: string): readonly Run[] {
  const runs = new Map(group.flatMap((profile) => Object.entries(evidenceOf(profile)?.instances ?? {})));
  return [...runs.values()].filter(({ from, lost }) => from > last && isWhole(lost));
}

/** That equal accesses are logged once is said of every run, and hides nothing new. */
function isWhole(lost: Run['lost']): boolean {
  return Object.entries(lost).every(([reason, count]) => reason === LOGGED_ONCE[0] || count === 0);
}

function isQuiet({ from, until }: Run, { seconds }: StabilityBar, now: number): boolean {
  return until !== undefined || now - Date.parse(from) >= seconds * 1000;
}

/** When the next of these times is as long ago as the bar demands. */
function again(times: readonly string[], { seconds }: StabilityBar, now: number): Pick<Stability, 'againMs'> {
  const left = times.map((time) => Date.parse(time) + seconds * 1000 - now).filter((ms) => ms > 0);
  return left.length === 0 ? {} : { againMs: Math.min(...left, LONGEST_WAIT_MS) };
}
