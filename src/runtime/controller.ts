// SPDX-License-Identifier: Apache-2.0
// Runs reconciles over keys: with bounded concurrency, one per key, retried after failures, with a time limit each, and
// drained on stop. It does not know what a reconcile does.
import type { Log } from '../core/log.ts';
import type { Clock } from './clock.ts';
import { classifyFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import type { ResultLabel, RuntimeMetrics } from './metrics.ts';
import { keyFromText } from './object.ts';
import type { ObjectKey } from './object.ts';
import { WorkQueue } from './queue.ts';
import type { Task } from './queue.ts';
import { TimeLimit } from './time-limit.ts';

/** The result of a reconcile that did not fail. */
export interface ReconcileResult {
  /** Another reconcile after so many milliseconds. */
  readonly requeueAfterMs?: number | undefined;
  /** The object is not as it should be, and only its user can change that. */
  readonly rejected?: boolean | undefined;
}

/** The work for a key. Its errors are classified by `classifyFailure`. */
export type Reconcile = (key: ObjectKey, signal: AbortSignal) => Promise<ReconcileResult>;

/** The dependencies of a controller. */
export interface ControllerParts {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: RuntimeMetrics;
}

/** When a controller stops: `draining` ends it after the reconciles that run, `breaking` breaks these off. */
export interface StopSignals {
  readonly draining: AbortSignal;
  readonly breaking: AbortSignal;
}

/** A reconcile that takes longer is broken off and tried again: it would block its key for ever. */
const RECONCILE_LIMIT_MS = 120_000;

/**
 * Conflicts and immediate requeues of a key in a row that are normal; more mean that another writer fights us, or that
 * we read old objects.
 */
const PATIENCE = 5;

/** The shortest delay for a key that waits for a condition, or that keeps requeueing itself. */
const LEAST_WAIT_MS = 1000;

/** A queue of keys and the reconciles over them. */
export class Controller {
  readonly name: string;
  readonly queue: WorkQueue;
  private readonly concurrency: number;
  private readonly reconcile: Reconcile;
  private readonly clock: Clock;
  private readonly log: Log;
  private readonly metrics: RuntimeMetrics;
  private readonly conflicts = new Map<string, number>();
  private readonly ownRequeues = new Map<string, number>();

  constructor(name: string, concurrency: number, reconcile: Reconcile, parts: ControllerParts) {
    this.name = name;
    this.concurrency = concurrency;
    this.reconcile = reconcile;
    this.clock = parts.clock;
    this.log = parts.log.named(name);
    this.metrics = parts.metrics;
    this.queue = new WorkQueue(parts.clock, parts.metrics.queueObserver(name));
    this.metrics.announce(name, concurrency, this.queue);
  }

  /** Works until it has drained; never rejects. Can be run again afterwards. */
  async run(stop: StopSignals): Promise<void> {
    await Promise.all(Array.from({ length: this.concurrency }, () => this.work(stop)));
  }

  private async work(stop: StopSignals): Promise<void> {
    for (;;) {
      const task = await this.queue.take(stop.draining);
      if (task === undefined) return;
      await this.process(task, stop);
      this.queue.done(task);
    }
  }

  private async process(task: Task, stop: StopSignals): Promise<void> {
    const limit = new TimeLimit(this.clock, RECONCILE_LIMIT_MS, stop.breaking);
    const started = this.clock.monotonic();
    let result: ResultLabel = 'error';
    this.metrics.reconcileStarted(this.name);
    try {
      const end = await this.reconcile(keyFromText(task.key), limit.signal);
      this.conflicts.delete(task.key);
      result = this.succeeded(task, end);
    } catch (error) {
      const failure = classifyFailure(error, stop.breaking.aborted, limit.over);
      if (failure.type !== 'conflict') this.conflicts.delete(task.key);
      result = this.failed(task, failure);
    } finally {
      limit.stop();
      this.metrics.reconcileEnded(this.name, result, this.clock.monotonic() - started);
    }
  }

  private succeeded(task: Task, end: ReconcileResult): ResultLabel {
    this.queue.forget(task.key);
    const asked = end.requeueAfterMs === undefined ? this.endRequeues(task) : this.requeue(task, end.requeueAfterMs);
    return end.rejected === true ? this.rejected() : asked;
  }

  private endRequeues(task: Task): ResultLabel {
    this.ownRequeues.delete(task.key);
    return 'success';
  }

  /** Requeues after the requested time; a key that does nothing but requeue itself is slowed down. */
  private requeue(task: Task, afterMs: number): ResultLabel {
    // Only self-requested requeues count towards the limit; a change by others does not.
    const requeues = (this.ownRequeues.get(task.key) ?? 0) + (task.priority === 'routine' ? 1 : 0);
    this.ownRequeues.set(task.key, requeues);
    this.queue.addAfter(task.key, requeues > PATIENCE ? Math.max(afterMs, LEAST_WAIT_MS) : afterMs);
    return 'requeue_after';
  }

  /**
   * Each reconcile is an error and a terminal one, not only the first: so controller-runtime counts its TerminalError.
   */
  private rejected(): ResultLabel {
    this.metrics.rejected(this.name);
    return 'error';
  }

  private failed(task: Task, failure: Failure): ResultLabel {
    switch (failure.type) {
      case 'conflict':
        this.count(task, failure.error);
        this.queue.retry(task);
        return 'requeue';
      case 'not-yet':
        this.log.debug('waiting', { key: task.key, for: failure.message });
        return this.wait(task, failure.requeueAfterMs);
      case 'stopped':
        return 'requeue';
      case 'timeout':
        this.metrics.timeout(this.name);
        this.log.error('a pass took too long and was broken off', { key: task.key, limitMs: RECONCILE_LIMIT_MS });
        this.queue.retry(task);
        return 'error';
      case 'ours':
        this.logFailure(task, failure.error, failure.bug);
        this.queue.retry(task, failure.retryAfterMs);
        return 'error';
      default:
        return failure satisfies never;
    }
  }

  /** `NotYet` without a time waits for a watch; should that never come, it is tried again, ever more rarely. */
  private wait(task: Task, requeueAfterMs: number | undefined): ResultLabel {
    if (requeueAfterMs === undefined) {
      this.queue.retry(task, LEAST_WAIT_MS);
      return 'requeue';
    }
    this.queue.forget(task.key);
    return this.requeue(task, requeueAfterMs);
  }

  private count(task: Task, error: unknown): void {
    const conflicts = (this.conflicts.get(task.key) ?? 0) + 1;
    this.conflicts.set(task.key, conflicts);
    if (conflicts >= PATIENCE) this.log.warn('passes keep conflicting', { key: task.key, conflicts, error });
  }

  private logFailure(task: Task, error: unknown, bug: boolean): void {
    if (bug) this.metrics.bug(this.name);
    this.log.error('pass failed, will be tried again', { key: task.key, error });
  }
}
