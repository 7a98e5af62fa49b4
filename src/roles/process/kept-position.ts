// SPDX-License-Identifier: Apache-2.0
// How far the log enricher has read, in a file that outlives its container: after a crash nothing is left out, and at
// most the last two seconds are read again.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import { StateFile } from '../../io/state-file.ts';

/** How long a new position may wait to be written, in milliseconds. */
const SAVE_MS = 2000;

/** The text of the file: a position without blanks, and when it was written, in milliseconds since 1970. */
const KEPT = /^(\S+) (\d{1,15})$/;

/** The position of before, and how to keep the next one. */
export class KeptPosition {
  /** When the position of the process before this one was kept, in milliseconds since 1970; undefined for none. */
  readonly keptAt: number | undefined;
  private last: string | undefined;
  private readonly file: StateFile;
  private readonly log: Log;
  private next: string | undefined;
  private cancel: (() => void) | undefined;

  private constructor(file: StateFile, log: Log, before: string | undefined) {
    this.file = file;
    this.log = log;
    const [, position, time] = KEPT.exec(before ?? '') ?? [];
    this.last = position;
    this.keptAt = time === undefined ? undefined : Number(time);
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
    await this.file.write(`${next} ${String(SYSTEM_CLOCK.now())}\n`).catch((error: unknown) => {
      this.log.warn('it cannot be kept how far was read', { why: errorText(error) });
    });
  }
}
