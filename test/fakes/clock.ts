// SPDX-License-Identifier: Apache-2.0
// A clock that stands until a test moves it.
import type { Clock } from '../../src/runtime/clock.ts';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Time that passes only by `advance`; chance always says `chance`. */
export class FakeClock implements Clock {
  chance = 0;
  /** By how much the wall clock was set forward, or back. */
  wallMs = 0;
  private time = 0;
  private readonly timers = new Set<Timer>();

  now(): number {
    return 1_700_000_000_000 + this.wallMs + this.time;
  }

  monotonic(): number {
    return this.time;
  }

  after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  random(): number {
    return this.chance;
  }

  /** Timers that wait. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Lets time pass; timers fire in order, and what they resolve is done before the next fires. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      await settled();
      const due = [...this.timers].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (due === undefined) break;
      this.timers.delete(due);
      this.time = Math.max(this.time, due.at);
      due.callback();
    }
    this.time = end;
    await settled();
  }
}

/** Resolves when everything that can go on without time passing has gone on. */
export async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}
