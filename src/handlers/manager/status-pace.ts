// SPDX-License-Identifier: Apache-2.0
// How often the status of one profile is written. A final state is written at once, and a node may change its mind ten
// times a second: one that was taken over, or whose disk comes and goes, would have the manager write as often, for
// each of thousands of profiles. So a profile that has been written three times within seconds waits for its next turn.
import { keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** So many writes are usual, a profile comes and is changed; after so many milliseconds without any they begin anew. */
const USUAL = { writes: 3, quietMs: 10_000 } as const;

/** After these a status is written once in so many milliseconds. */
const SLOW_MS = 2000;

/** And once in so many for each profile that is slowed down: fifty writes a second for all of them. */
const SLOW_EACH_MS = 20;

/** The last writes of a profile's status, in milliseconds by the handler's clock. */
type Writes = readonly number[];

/** The statuses of one kind that were written of late. */
export class StatusPace {
  /** By the time of the last write, the oldest first. */
  private readonly written = new Map<string, Writes>();
  private readonly slowed = new Set<string>();
  private readonly now: () => number;

  /** `now` in milliseconds, by any clock. */
  constructor(now: () => number) {
    this.now = now;
  }

  /** Milliseconds until a status may be written; 0 where it may be at once. */
  leftMs(key: ObjectKey): number {
    this.dropOld();
    const writes = this.written.get(keyText(key)) ?? [];
    const last = writes.at(-1);
    if (last === undefined || writes.length < USUAL.writes) return 0;
    this.slowed.add(keyText(key));
    const waitMs = this.waitMs();
    const leftMs = last + waitMs - this.now();
    // A clock that was set back must not make it wait longer.
    return leftMs > waitMs || leftMs < 0 ? 0 : leftMs;
  }

  /** A status is being written. */
  wrote(key: ObjectKey): void {
    const text = keyText(key);
    const writes = [...(this.written.get(text) ?? []), this.now()].slice(-USUAL.writes);
    this.written.delete(text);
    this.written.set(text, writes);
  }

  /** The profile is gone. */
  forget(key: ObjectKey): void {
    this.drop(keyText(key));
  }

  private waitMs(): number {
    return Math.max(SLOW_MS, this.slowed.size * SLOW_EACH_MS);
  }

  private dropOld(): void {
    const keptMs = Math.max(USUAL.quietMs, 2 * this.waitMs());
    for (const [text, writes] of this.written) {
      const last = writes.at(-1) ?? 0;
      if (Math.abs(this.now() - last) < keptMs) return;
      this.drop(text);
    }
  }

  private drop(text: string): void {
    this.written.delete(text);
    this.slowed.delete(text);
  }
}
