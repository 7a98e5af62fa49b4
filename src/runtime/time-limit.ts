// SPDX-License-Identifier: Apache-2.0
// A limit in time for something that takes a signal: a reconcile that must not block its key for ever, a watch that
// must not stay silent. (A connection whose other end vanished without a word looks like a quiet one for a quarter of
// an hour, which is TCP keep-alive's default, and Node gives no way to shorten that.)
import type { Clock } from './clock.ts';

/** Aborts its signal when the time is up, or with the outer signal. `stop` must be called at the end. */
export class TimeLimit {
  private readonly clock: Clock;
  private readonly limitMs: number;
  private readonly outer: AbortSignal;
  private readonly controller = new AbortController();
  private readonly abort = () => this.controller.abort(this.outer.reason);
  private from: number;
  private cancel: () => void;
  private isOver = false;

  constructor(clock: Clock, limitMs: number, outer: AbortSignal) {
    this.clock = clock;
    this.limitMs = limitMs;
    this.outer = outer;
    this.from = clock.monotonic();
    this.cancel = clock.after(limitMs, () => this.check());
    if (outer.aborted) this.abort();
    outer.addEventListener('abort', this.abort);
  }

  /** Aborted by the outer signal or because the time is up. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Whether the time is up. */
  get over(): boolean {
    return this.isOver;
  }

  /** Gives it the full time again. Costs a clock reading only: it is called for every line of a watch. */
  extend(): void {
    this.from = this.clock.monotonic();
  }

  stop(): void {
    this.cancel();
    this.outer.removeEventListener('abort', this.abort);
  }

  private check(): void {
    const left = this.from + this.limitMs - this.clock.monotonic();
    if (left > 0) {
      this.cancel = this.clock.after(left, () => this.check());
      return;
    }
    this.isOver = true;
    this.controller.abort(new Error(`took longer than ${String(this.limitMs / 1000)} s`));
  }
}
