// SPDX-License-Identifier: Apache-2.0
// What to do about somebody who takes away what we write: an admission webhook that drops a label, a controller that
// puts its own form back. We say it again, but ever more rarely, and get on with the rest meanwhile.
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

  /** Notes that it was written. What had stood twice as long as it had to wait was not fought over. */
  wrote(key: string, content: string): void {
    const at = this.clock.monotonic();
    const last = this.lastWrites.get(key);
    const again = last?.content === content && at - last.at < 2 * last.waitMs;
    this.lastWrites.set(key, { content, at, waitMs: again ? Math.min(LONGEST_MS, 2 * last.waitMs) : FIRST_MS });
  }

  /** Forgets a key: there is no such object any more. */
  forget(key: string): void {
    this.lastWrites.delete(key);
  }
}
