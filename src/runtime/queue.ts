// SPDX-License-Identifier: Apache-2.0
// The keys that wait for a reconcile. A key is here once, however often it changes, and never in two reconciles at a
// time; one that changes during its reconcile gets another. Fresh edits go before routine work (first list, resync), so
// that a restart with ten thousand objects does not keep a user waiting.
import { backoffMs } from './clock.ts';
import type { Backoff, Clock } from './clock.ts';

/** `fresh`: a change that the watch just showed; `routine`: a key from a list or resync. */
export type Priority = 'fresh' | 'routine';

/** Observes a queue, for metrics. */
export interface QueueObserver {
  added(): void;
  taken(waitedMs: number): void;
  finished(workedMs: number): void;
  retried(): void;
}

/** A key handed out for a reconcile; `done` must be called with it. */
export interface Task {
  readonly key: string;
  readonly priority: Priority;
}

interface Waiting {
  readonly since: number;
}

interface Delayed {
  readonly at: number;
  readonly cancel: () => void;
}

/** The default wait after failures: 5 ms doubled up to a minute, so that an outage of minutes is made up for soon. */
export const RETRY_BACKOFF: Backoff = { firstMs: 5, capMs: 60_000, jitter: 0.2 };

/** A queue of keys with one reconcile per key, repetition with backoff, and two priorities. */
export class WorkQueue {
  private readonly clock: Clock;
  private readonly observer: QueueObserver;
  private readonly backoff: Backoff;
  private readonly fresh = new Map<string, Waiting>();
  private readonly routine = new Map<string, Waiting>();
  private readonly processing = new Map<string, number>();
  private readonly dirty = new Map<string, Priority>();
  private readonly delayed = new Map<string, Delayed>();
  private readonly failures = new Map<string, number>();
  private readonly takers: (() => void)[] = [];
  /** Of a closed queue: the keys that `open` will add. */
  private readonly kept = new Set<string>();
  private closed = false;

  constructor(clock: Clock, observer: QueueObserver, backoff = RETRY_BACKOFF) {
    this.clock = clock;
    this.observer = observer;
    this.backoff = backoff;
  }

  /** Keys that wait for a reconcile now (not those that wait for a time). */
  get depth(): number {
    return this.fresh.size + this.routine.size;
  }

  /** Milliseconds that each running reconcile has taken so far. */
  runningMs(): readonly number[] {
    const now = this.clock.monotonic();
    return [...this.processing.values()].map((since) => now - since);
  }

  /** Whether the queue is closed: no worker takes keys, and added ones are dropped. */
  get isClosed(): boolean {
    return this.closed;
  }

  /**
   * Closes the queue for now, perhaps for months: added keys are dropped, and those that wait are kept without their
   * times.
   */
  close(): void {
    this.closed = true;
    const waiting = [this.fresh, this.routine, this.delayed].flatMap((map) => [...map.keys()]);
    this.clear();
    for (const key of waiting) this.kept.add(key);
  }

  /** Work begins (again): the kept keys wait from now on. The caller adds those that it knows besides. */
  open(): void {
    this.closed = false;
    for (const key of this.kept) this.add(key, 'routine');
    this.kept.clear();
  }

  /** Adds a key that a closed queue must keep. */
  ask(key: string): void {
    if (this.closed) this.kept.add(key);
    else this.add(key);
  }

  /** Adds a key. A closed queue drops it: when work begins, all objects are reconciled anyway. */
  add(key: string, priority: Priority = 'fresh'): void {
    if (this.closed) return;
    if (this.processing.has(key)) {
      if (this.dirty.get(key) !== 'fresh') this.dirty.set(key, priority);
      return;
    }
    const known = this.fresh.get(key) ?? this.routine.get(key);
    if (known !== undefined && (priority === 'routine' || this.fresh.has(key))) return;
    this.routine.delete(key);
    this[priority].set(key, known ?? { since: this.clock.monotonic() });
    if (known === undefined) this.observer.added();
    this.takers.shift()?.();
  }

  /** Adds a key after a delay. Of two delays for one key the earlier end counts. */
  addAfter(key: string, ms: number, priority: Priority = 'routine'): void {
    const at = this.clock.monotonic() + ms;
    const known = this.delayed.get(key);
    if (known !== undefined && known.at <= at) return;
    known?.cancel();
    const cancel = this.clock.after(ms, () => {
      this.delayed.delete(key);
      this.add(key, priority);
    });
    this.delayed.set(key, { at, cancel });
  }

  /**
   * Adds a key after a failed reconcile, with a backoff that grows with each failure in a row, and not before
   * `leastMs`.
   */
  retry(task: Task, leastMs = 0): void {
    const failures = (this.failures.get(task.key) ?? 0) + 1;
    this.failures.set(task.key, failures);
    const wait = backoffMs(this.backoff, failures, this.clock.random());
    this.observer.retried();
    this.addAfter(task.key, Math.max(wait, leastMs), task.priority);
  }

  /** Forgets the failures of a key: its reconcile went well. */
  forget(key: string): void {
    this.failures.delete(key);
  }

  /** The next key, fresh ones first, as soon as there is one; undefined once the signal has aborted. */
  async take(signal: AbortSignal): Promise<Task | undefined> {
    while (!signal.aborted) {
      const task = this.pop('fresh') ?? this.pop('routine');
      if (task !== undefined) return task;
      await this.wakened(signal);
    }
    return undefined;
  }

  /** Ends a key's reconcile; if it was asked for meanwhile, it waits again. */
  done(task: Task): void {
    const since = this.processing.get(task.key) ?? this.clock.monotonic();
    this.processing.delete(task.key);
    this.observer.finished(this.clock.monotonic() - since);
    const dirty = this.dirty.get(task.key);
    this.dirty.delete(task.key);
    if (dirty !== undefined) this.add(task.key, dirty);
  }

  /** Drops what waits and cancels all timers. Reconciles that run are not touched. */
  clear(): void {
    for (const { cancel } of this.delayed.values()) cancel();
    for (const held of [this.delayed, this.fresh, this.routine, this.dirty, this.failures, this.kept]) held.clear();
  }

  private pop(priority: Priority): Task | undefined {
    const first = this[priority].entries().next();
    if (first.done === true) return undefined;
    const [key, waiting] = first.value;
    const now = this.clock.monotonic();
    this[priority].delete(key);
    this.processing.set(key, now);
    this.observer.taken(now - waiting.since);
    return { key, priority };
  }

  private wakened(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        signal.removeEventListener('abort', abort);
        resolve();
      };
      const abort = () => {
        const place = this.takers.indexOf(wake);
        if (place >= 0) this.takers.splice(place, 1);
        wake();
      };
      this.takers.push(wake);
      signal.addEventListener('abort', abort);
    });
  }
}
