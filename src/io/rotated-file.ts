// SPDX-License-Identifier: Apache-2.0
// A file of lines that is put aside when it has grown to its size: NAME-TIME.EXT beside it. Of those that were put
// aside the newest are kept. Lines are written in their order, one after the other.
import { open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';

/** How long files are kept. */
export interface Rotation {
  /** Bytes of a file. */
  readonly maxSize: number;
  /** Files that were put aside. */
  readonly maxBackups: number;
  /** How old these may get, in milliseconds; undefined: as old as they will. */
  readonly maxAgeMs: number | undefined;
}

/** More lines than this do not wait for a disk. */
const WAITING_MAX = 10_000;

/** A file that is written to. */
export class RotatedFile {
  private readonly file: string;
  private readonly rotation: Rotation;
  private readonly now: () => number;
  private waiting = 0;
  private last: Promise<void> = Promise.resolve();

  constructor(file: string, rotation: Rotation, now: () => number) {
    this.file = file;
    this.rotation = rotation;
    this.now = now;
  }

  /** Writes a line; rejects where it cannot be written, and then it is lost. */
  write(line: string): Promise<void> {
    if (this.waiting >= WAITING_MAX) return Promise.reject(new Error(`${this.file}: the disk is too slow`));
    this.waiting += 1;
    const written = this.last.then(() => this.append(`${line}\n`)).finally(() => (this.waiting -= 1));
    this.last = written.catch(() => undefined);
    return written;
  }

  /** Resolves when all that was to be written is. */
  settled(): Promise<void> {
    return this.last;
  }

  private async append(text: string): Promise<void> {
    await this.makeRoom(Buffer.byteLength(text));
    const file = await open(this.file, 'a', 0o640);
    try {
      await file.appendFile(text);
    } finally {
      await file.close();
    }
  }

  private async makeRoom(bytes: number): Promise<void> {
    const size = await sizeOf(this.file);
    if (size === 0 || size + bytes <= this.rotation.maxSize) return;
    const { name, ext, dir } = path.parse(this.file);
    const time = new Date(this.now()).toISOString().replaceAll(':', '-');
    await rename(this.file, path.join(dir, `${name}-${time}${ext}`));
    await this.removeOld();
  }

  private async removeOld(): Promise<void> {
    const { name, ext, dir } = path.parse(this.file);
    const aside = (await readdir(dir))
      .filter((entry) => timeOf(entry, name, ext) !== undefined)
      .toSorted()
      .toReversed();
    const { maxBackups, maxAgeMs = Number.POSITIVE_INFINITY } = this.rotation;
    const oldest = this.now() - maxAgeMs;
    const old = aside.filter((entry, place) => place >= maxBackups || (timeOf(entry, name, ext) ?? 0) < oldest);
    await Promise.all(old.map((entry) => rm(path.join(dir, entry), { force: true })));
  }
}

async function sizeOf(file: string): Promise<number> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 0;
    throw error;
  }
}

const TIME = /^(\d{4}-\d\d-\d\dT)(\d\d)-(\d\d)-(\d\d\.\d{3}Z)$/;

/** When a file was put aside, by its name; undefined for any other file. */
function timeOf(entry: string, name: string, ext: string): number | undefined {
  if (!entry.startsWith(`${name}-`) || !entry.endsWith(ext)) return undefined;
  const [, day, hour, minute, second] = TIME.exec(entry.slice(name.length + 1, entry.length - ext.length)) ?? [];
  return day === undefined ? undefined : Date.parse(`${day}${hour ?? ''}:${minute ?? ''}:${second ?? ''}`);
}
