// SPDX-License-Identifier: Apache-2.0
// A connection whose other end vanished without a word looks like a quiet one for a quarter of an hour (TCP keep-alive's
// defaults), and Node gives no way to shorten that. So whoever listens says when something was heard, and a signal
// aborts when nothing was for too long.
import type { Clock } from './clock.ts';

/** Watches over one stream. `stop` must be called at its end. */
export class SilenceGuard {
  private readonly clock: Clock;
  private readonly limitMs: number;
  private readonly outer: AbortSignal;
  private readonly controller = new AbortController();
  private readonly abort = () => this.controller.abort(this.outer.reason);
  private last: number;
  private cancel: () => void;
  private fallen = false;

  constructor(clock: Clock, limitMs: number, signal: AbortSignal) {
    this.clock = clock;
    this.limitMs = limitMs;
    this.outer = signal;
    this.last = clock.monotonic();
    this.cancel = clock.after(limitMs, () => this.check());
    if (signal.aborted) this.abort();
    signal.addEventListener('abort', this.abort);
  }

  /** Aborts with the outer signal, and when the stream fell silent. */
  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** Something came. Costs a clock reading only: it is called for every line. */
  heard(): void {
    this.last = this.clock.monotonic();
  }

  /** The silence, where that was what made a stream break; else the error itself. */
  explain(error: unknown): unknown {
    return this.fallen ? new Error(`nothing was heard for ${String(this.limitMs / 1000)} s`, { cause: error }) : error;
  }

  stop(): void {
    this.cancel();
    this.outer.removeEventListener('abort', this.abort);
  }

  private check(): void {
    const left = this.last + this.limitMs - this.clock.monotonic();
    if (left > 0) {
      this.cancel = this.clock.after(left, () => this.check());
      return;
    }
    this.fallen = true;
    this.controller.abort(new Error('the stream fell silent'));
  }
}
