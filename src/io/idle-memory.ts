// SPDX-License-Identifier: Apache-2.0
// Gives back what a burst of work has left behind. V8 collects its old generation when that has grown, and a daemon
// that has installed a thousand profiles and then rests does not grow: it would hold 23 MiB of heap for good, where 16
// do.
import { getHeapStatistics } from 'node:v8';

/** So long after work begins is looked: most bursts are over by then. */
const LOOK_AFTER_MS = 10_000;

/** Garbage is collected when the heap holds at least so much more than after the last time, in bytes. */
const WORTH_IT = 3 << 20;

/** The functions that a collection needs; a test brings its own. */
export interface Collector {
  /** Bytes that the heap has of the system, used or not: what a collection can give back. */
  held(): number;
  collect(): void;
}

/** V8's, where Node.js was started with --expose-gc, as the image does; elsewhere V8 is left alone. */
export const V8_COLLECTOR: Collector = {
  held: () => getHeapStatistics().total_heap_size,
  collect: () => {
    globalThis.gc?.();
  },
};

/** Looks at the heap some time after work, and never without. */
export class IdleMemory {
  private readonly collector: Collector;
  private readonly afterMs: number;
  private timer: NodeJS.Timeout | undefined;
  private kept = 0;

  constructor(collector: Collector = V8_COLLECTOR, afterMs: number = LOOK_AFTER_MS) {
    this.collector = collector;
    this.afterMs = afterMs;
  }

  /** Work was done. */
  worked(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.look();
    }, this.afterMs).unref();
  }

  /** Looks no more. */
  stop(): void {
    clearTimeout(this.timer);
  }

  private look(): void {
    if (this.collector.held() - this.kept < WORTH_IT) return;
    this.collector.collect();
    this.kept = this.collector.held();
  }
}
