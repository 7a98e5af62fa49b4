// SPDX-License-Identifier: Apache-2.0
// How far the log enricher has read, in a file that outlives its container: after a crash nothing is left out, and at
// most the last two seconds are read again. With it go the containers of which the process had in hand what profiles
// perhaps lack: where it is killed, that is lost.
import { errorText } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { SYSTEM_CLOCK } from '../../io/clock.ts';
import { StateFile } from '../../io/state-file.ts';

/** How long a new position may wait to be written, in milliseconds. */
const SAVE_MS = 2000;

/** So often it is looked whether what was in hand is written, in milliseconds. */
const LOOK_MS = 10_000;

/**
 * The text of the file: a position without blanks, when it was written, in milliseconds since 1970, and the keys of the
 * containers with commas between them, or `-` for none. Earlier versions left out the last.
 */
const KEPT = /^(\S+) (\d{1,15})(?: ([0-9a-f,]+|-))?$/;

/** Tells the keys of the containers of which something is in hand; given milliseconds since 1970. */
type Unwritten = (now: number) => readonly string[];

/** The position of before, and how to keep the next one. */
export class KeptPosition {
  /** When the position of the process before this one was kept, in milliseconds since 1970; undefined for none. */
  readonly keptAt: number | undefined;
  /** Keys of the containers of which it had something in hand. */
  readonly unwritten: readonly string[];
  private last: string | undefined;
  private readonly file: StateFile;
  private readonly log: Log;
  private readonly unwrittenNow: Unwritten;
  private isNew = false;
  private isFirst = true;
  /** The containers that the file tells of now. */
  private told = '-';
  private isClosed = false;
  /** One write at a time. */
  private writing: Promise<void> = Promise.resolve();
  private cancel: (() => void) | undefined;

  private constructor(file: StateFile, log: Log, before: string | undefined, unwritten: Unwritten) {
    this.file = file;
    this.log = log;
    this.unwrittenNow = unwritten;
    const [, position, time, keys = '-'] = KEPT.exec(before ?? '') ?? [];
    this.last = position;
    this.keptAt = time === undefined ? undefined : Number(time);
    this.unwritten = keys === '-' ? [] : keys.split(',');
  }

  /** Reads the position. A file that cannot be read is logged, and nothing else: then reading begins at the end. */
  static async open(path: string, log: Log, unwritten: Unwritten = () => []): Promise<KeptPosition> {
    const file = new StateFile(path);
    try {
      return new KeptPosition(file, log, (await file.read())?.trim(), unwritten);
    } catch (error) {
      log.error('it is not known how far was read: records of the time without us are lost', { why: errorText(error) });
      return new KeptPosition(file, log, undefined, unwritten);
    }
  }

  /** The last position, of this process or of one before it; undefined where nothing has been read yet. */
  get latest(): string | undefined {
    return this.last;
  }

  /** All before this position is done. */
  keep(position: string): void {
    this.last = position;
    if (this.isNew) return;
    this.isNew = true;
    // The first one at once: without any, a process that follows would begin at the end of the log.
    this.saveAfter(this.isFirst ? 0 : SAVE_MS);
    this.isFirst = false;
  }

  /** Writes the last position now. Never rejects. */
  async save(): Promise<void> {
    const now = SYSTEM_CLOCK.now();
    const keys = this.unwrittenNow(now).join(',') || '-';
    const { last, isNew, told } = this;
    this.isNew = false;
    this.told = keys;
    if (keys !== '-') this.saveAfter(LOOK_MS);
    if (last === undefined || (!isNew && keys === told)) return;
    this.writing = this.writing.then(() => this.write(`${last} ${String(now)} ${keys}\n`));
    await this.writing;
  }

  /** Writes it for the last time. Never rejects. */
  async close(): Promise<void> {
    this.isClosed = true;
    this.cancel?.();
    await this.save();
  }

  private write(text: string): Promise<void> {
    return this.file.write(text).catch((error: unknown) => {
      this.log.warn('it cannot be kept how far was read', { why: errorText(error) });
    });
  }

  private saveAfter(ms: number): void {
    this.cancel?.();
    if (this.isClosed) return;
    this.cancel = SYSTEM_CLOCK.after(ms, () => void this.save());
  }
}
