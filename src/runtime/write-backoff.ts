// SPDX-License-Identifier: Apache-2.0
// A backoff for writes that another writer undoes: an admission webhook that drops a label, a controller that restores
// its own form. They are written again, ever more rarely, and the rest goes on meanwhile.
import type { Clock } from './clock.ts';

const FIRST_MS = 1000;
const LONGEST_MS = 60_000;

interface LastWrite {
  readonly content: string;
  readonly at: number;
  readonly waitMs: number;
}

/** When something that was written and did not stay may be written again. */
export class WriteBackoff {
  private readonly clock: Clock;
  private readonly lastWrites = new Map<string, LastWrite>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  /** Milliseconds until this may be written to a key; 0 for now. `content` tells one content from another. */
  waitMs(key: string, content: string): number {
    const last = this.lastWrites.get(key);
    return last?.content === content ? Math.max(0, last.at + last.waitMs - this.clock.monotonic()) : 0;
  }

  /** Records a write. Resets the backoff when the last write survived twice its delay. */
  wrote(key: string, content: string): void {
    const at = this.clock.monotonic();
    const last = this.lastWrites.get(key);
    const again = last?.content === content && at - last.at < 2 * last.waitMs;
    this.lastWrites.set(key, { content, at, waitMs: again ? Math.min(LONGEST_MS, 2 * last.waitMs) : FIRST_MS });
  }

  /** Forgets the key of an object that is gone. */
  forget(key: string): void {
    this.lastWrites.delete(key);
  }
}
