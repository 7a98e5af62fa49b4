// SPDX-License-Identifier: Apache-2.0
// How long a status waits for more changes before it is written, when many wait: together they are written at a bounded
// rate, and most changes that follow each other are written once.
import { keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** A status that is not final, or differs by a number only, waits so long for more changes. */
const SOON_MS = 1000;

/**
 * And so long for each that waits: a hundred a second at most. When thousands of profiles are deleted at once, most are
 * gone before it would be their turn to be written as Terminating, which is as much work as their release.
 */
const SOON_EACH_MS = 10;

/** The wait shortens as others end theirs, so it is looked at again after so long. */
const LOOK_AGAIN_MS = 5000;

/** The statuses of one kind that wait. */
export class Patience {
  private readonly waiting = new Map<string, number>();
  private readonly now: () => number;

  /** `now` in milliseconds, by any clock. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Milliseconds until to ask again about a status that has waited since the first call; 0 if it is to be written. */
  leftMs(key: ObjectKey): number {
    const now = this.now();
    const since = this.waiting.get(keyText(key)) ?? now;
    this.waiting.set(keyText(key), since);
    const waitMs = Math.max(SOON_MS, this.waiting.size * SOON_EACH_MS);
    const leftMs = since + waitMs - now;
    // A clock that was set back must not make it wait longer.
    return leftMs > waitMs || leftMs <= 0 ? 0 : Math.min(leftMs, LOOK_AGAIN_MS);
  }

  /** The status was written, or need not be any more. */
  end(key: ObjectKey): void {
    this.waiting.delete(keyText(key));
  }
}
