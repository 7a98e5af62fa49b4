// SPDX-License-Identifier: Apache-2.0
// Runs jobs side by side as far as the machine's cores carry them: the earlier in the list, the sooner. Knows nothing
// of tests or processes.

/** Something to run. */
export interface Job {
  readonly name: string;
  /** Processor cores that it keeps busy on average; at most 0.2 for one that mostly waits. */
  readonly load: number;
  /** Names of jobs that must have succeeded before it starts. */
  readonly after?: readonly string[];
  /** Parts of the machine that no other job may use while it runs. */
  readonly locks?: readonly string[];
  /** Parts of the machine that it uses beside others which share them, too. */
  readonly shares?: readonly string[];
}

/** How a job ended; `blocked` when it never started, because one that it comes after failed. */
export type JobEnd = 'succeeded' | 'failed' | 'blocked';

/** The state while jobs run. */
export interface Situation<T extends Job> {
  readonly cores: number;
  readonly waiting: readonly T[];
  readonly running: readonly T[];
  readonly ended: ReadonlyMap<string, JobEnd>;
}

/** The load of a job that mostly waits, at most. */
const MOSTLY_WAITING = 0.2;
/** Sums of decimal loads are not exact. */
const TOLERANCE = 1e-6;

function loadOf(jobs: readonly Job[]): number {
  return jobs.reduce((sum, { load }) => sum + load, 0);
}

/** Whether a job must have for itself what another one uses. */
function collide({ locks = [] }: Job, { locks: others = [], shares = [] }: Job): boolean {
  return locks.some((lock) => others.includes(lock) || shares.includes(lock));
}

/** Whether nothing but the load keeps a job from starting. */
function isReady<T extends Job>(job: T, { running, waiting, ended }: Situation<T>): boolean {
  const isAhead = (name: string): boolean =>
    !ended.has(name) && [...waiting, ...running].some((it) => it.name === name);
  if (job.after?.some(isAhead) === true) return false;
  return !running.some((other) => collide(job, other) || collide(other, job));
}

/**
 * The waiting job that may start now: the first that is ready, if the cores carry it. Otherwise only one that mostly
 * waits may overtake it; busy ones that come and go would keep it waiting. One always starts when nothing runs.
 */
export function nextJob<T extends Job>(situation: Situation<T>): T | undefined {
  const { cores, running } = situation;
  const ready = situation.waiting.filter((job) => isReady(job, situation));
  if (running.length === 0) return ready[0];
  const fits = ({ load }: T): boolean => loadOf(running) + load <= cores + TOLERANCE;
  return ready.find((job, index) => fits(job) && (index === 0 || job.load <= MOSTLY_WAITING));
}

/** Whether a job can't start any more, because one that it comes after didn't succeed. */
export function isBlocked(job: Job, ended: ReadonlyMap<string, JobEnd>): boolean {
  return job.after?.some((name) => ended.has(name) && ended.get(name) !== 'succeeded') === true;
}

/** The functions that the scheduler calls. */
export interface Actions<T extends Job> {
  /** Runs a job to its end; resolves to whether it succeeded. */
  readonly run: (job: T) => Promise<boolean>;
  /** Called for each job that can't run. */
  readonly blocked: (job: T) => void;
  /** Nothing new starts once it is aborted. */
  readonly signal: AbortSignal;
}

/**
 * Runs all jobs, and resolves when the last one has ended.
 * @throws whatever `run` throws
 */
export async function schedule<T extends Job>(jobs: readonly T[], cores: number, actions: Actions<T>): Promise<void> {
  let waiting: readonly T[] = jobs;
  const running = new Map<T, Promise<void>>();
  const ended = new Map<string, JobEnd>();

  const start = async (job: T): Promise<void> => {
    ended.set(job.name, (await actions.run(job)) ? 'succeeded' : 'failed');
    running.delete(job);
  };
  const dropBlocked = (): void => {
    for (let job = waiting.find((it) => isBlocked(it, ended)); job; job = waiting.find((it) => isBlocked(it, ended))) {
      const dropped = job;
      waiting = waiting.filter((it) => it !== dropped);
      ended.set(dropped.name, 'blocked');
      actions.blocked(dropped);
    }
  };

  for (;;) {
    dropBlocked();
    const next = actions.signal.aborted ? undefined : nextJob({ cores, waiting, running: [...running.keys()], ended });
    if (next !== undefined) {
      waiting = waiting.filter((it) => it !== next);
      running.set(next, start(next));
    } else if (running.size > 0) await Promise.race(running.values());
    else return;
  }
}
