// SPDX-License-Identifier: Apache-2.0
// How far the log enricher has read, in a file that outlives its container: after a crash nothing is left out, and at
// most the last two seconds are read again. With it goes the time until which profiles were written: a process that is
// killed soon after its start has not written what the one before it left open.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { WRITTEN_MS } from '../../core/recording/logged-records.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import { StateFile } from '../../io/state-file.ts';

/** How long a new position may wait to be written, in milliseconds. */
const SAVE_MS = 2000;

/**
 * The text of the file: a position without blanks, when it was written, and until when profiles were, in milliseconds
 * since 1970. Earlier versions left out the last.
 */
const KEPT = /^(\S+) (\d{1,15})(?: (\d{1,15}))?$/;

/** The position of before, and how to keep the next one. */
export class KeptPosition {
  /** When the position of the process before this one was kept, in milliseconds since 1970; undefined for none. */
  readonly keptAt: number | undefined;
  /** Profiles of containers that ended before were written by then, likewise. */
  readonly writtenUntil: number | undefined;
  private last: string | undefined;
  private readonly file: StateFile;
  private readonly log: Log;
  private readonly openedAt = SYSTEM_CLOCK.now();
  private next: string | undefined;
  private cancel: (() => void) | undefined;

  private constructor(file: StateFile, log: Log, before: string | undefined) {
    this.file = file;
    this.log = log;
    const [, position, time, written] = KEPT.exec(before ?? '') ?? [];
    this.last = position;
    this.keptAt = time === undefined ? undefined : Number(time);
    this.writtenUntil = written === undefined ? undefined : Number(written);
  }

  /** Reads the position. A file that cannot be read is logged, and nothing else: then reading begins at the end. */
  static async open(path: string, log: Log): Promise<KeptPosition> {
    const file = new StateFile(path);
    try {
      return new KeptPosition(file, log, (await file.read())?.trim());
    } catch (error) {
      log.error('it is not known how far was read: records of the time without us are lost', { why: errorText(error) });
      return new KeptPosition(file, log, undefined);
    }
  }

  /** The last position, of this process or of one before it; undefined where nothing has been read yet. */
  get latest(): string | undefined {
    return this.last;
  }

  /** All before this position is done. */
  keep(position: string): void {
    this.last = position;
    this.next = position;
    this.cancel ??= SYSTEM_CLOCK.after(SAVE_MS, () => void this.save());
  }

  /** Writes the last position now. Never rejects. */
  async save(): Promise<void> {
    this.cancel?.();
    this.cancel = undefined;
    const { next } = this;
    this.next = undefined;
    if (next === undefined) return;
    const now = SYSTEM_CLOCK.now();
    await this.file.write(`${next} ${String(now)} ${String(this.writtenBy(now))}\n`).catch((error: unknown) => {
      this.log.warn('it cannot be kept how far was read', { why: errorText(error) });
    });
  }

  /** Everything that the process before this one left open is written when this one has run for long enough. */
  private writtenBy(now: number): number {
    const own = now - WRITTEN_MS;
    return own >= this.openedAt ? own : Math.min(own, this.writtenUntil ?? own);
  }
}
