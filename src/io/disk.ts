// SPDX-License-Identifier: Apache-2.0
// The profile files of a node. A pod that starts at any moment, even while the machine loses power, finds the old file
// or the new one, never a part: a new file is written aside, synced and renamed. Only two checked segments name a file
// (core/seccomp/files), so nothing outside the root can be touched.
import { constants } from 'node:fs';
import type { Dirent, Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, readFile, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import type { ProfileFile } from '../core/seccomp/files.ts';
import { DIRECTORY_MODE, FILE_MODE } from '../core/names.ts';
import { Aside, isAside } from './aside.ts';

/** Begin and end of a file that is being written. A profile's name never begins with a dot. */
const TEMPORARY = { prefix: '.spo-', suffix: '.tmp' } as const;

/**
 * How often a write is begun anew because the last file of its directory, and with it the directory, just went. Only
 * removals that were under way when the write began can do that, see `writers`.
 */
const DIRECTORY_RACES = 100;

/** Codes by which the system says that there is no such file. */
const NO_FILE: readonly string[] = ['ENOENT', 'ENOTDIR', 'EISDIR'];

/** To list a directory, enter it and put files into it. */
const OWNERS_RIGHTS = 0o700;

/** The content of an operator's directory. */
export interface Inventory {
  readonly files: readonly ProfileFile[];
  /** Files that a crash left half written, as absolute paths. */
  readonly temporary: readonly string[];
  /** Entries that were moved aside, as absolute paths. */
  readonly aside: readonly string[];
}

/** The directory of a node that holds the profile files. Every error names the path and the reason. */
export class ProfileDisk {
  readonly root: string;
  private readonly aside: Aside;
  private serial = 0;
  /** Identities of the files as they were written or found, by directory and name. */
  private readonly written = new Map<string, Map<string, string>>();
  /** Writes under way by directory: while there are any, the directory is not removed. */
  private readonly writers = new Map<string, number>();

  /** `root` must exist: the init container makes it. `aside` is told of what was in the way of a write. */
  constructor(root: string, aside: Aside = new Aside()) {
    this.root = root;
    this.aside = aside;
  }

  /** Makes the file hold the text; returns false when it did already. */
  async write(file: ProfileFile, text: string): Promise<boolean> {
    const target = this.pathOf(file);
    await about('write', target, () => this.clearWay(target));
    if ((await this.textAt(target)) === text) {
      await this.remember(file);
      return false;
    }
    this.writers.set(file.directory, this.writersIn(file.directory) + 1);
    try {
      await about('write', target, () => this.replace(target, text));
    } finally {
      this.writers.set(file.directory, this.writersIn(file.directory) - 1);
      if (this.writersIn(file.directory) === 0) this.writers.delete(file.directory);
    }
    await this.remember(file);
    return true;
  }

  /** The text of the file; undefined when there is none. */
  async read(file: ProfileFile): Promise<string | undefined> {
    const target = this.pathOf(file);
    return about('read', target, async () => {
      try {
        return await readFile(target, 'utf8');
      } catch (error) {
        if (NO_FILE.includes(codeOf(error) ?? '')) return undefined;
        throw error;
      }
    });
  }

  /** Removes the file, and its directory with the last file in it; returns false when there was none. */
  async remove(file: ProfileFile): Promise<boolean> {
    const target = this.pathOf(file);
    this.forget(file);
    return about('remove', target, async () => {
      await this.clearWay(target);
      const existed = await ignoring(['ENOENT'], () => unlink(target));
      if (this.writersIn(file.directory) === 0) {
        await ignoring(['ENOENT', 'ENOTEMPTY', 'EEXIST'], () => rmdir(path.dirname(target)));
      }
      return existed;
    });
  }

  /** All profile files of this user's, and what a crash left behind. Files of others are left out. */
  async inventory(): Promise<Inventory> {
    const files: ProfileFile[] = [];
    const temporary: string[] = [];
    const aside: string[] = [];
    for (const directory of await this.directories(aside)) {
      for (const entry of await this.entriesOf(directory)) {
        const { name } = entry;
        if (isAside(name)) aside.push(path.join(this.root, directory, name));
        if (!entry.isFile()) continue;
        if (isTemporary(name)) temporary.push(path.join(this.root, directory, name));
        else if (name.endsWith('.json') && (await this.isOurs(directory, name))) files.push({ directory, file: name });
      }
    }
    return { files, temporary, aside };
  }

  /** Removes half-written files. Only while nothing is being written. */
  async sweep(temporary: readonly string[]): Promise<void> {
    for (const file of temporary) await about('remove', file, () => ignoring(['ENOENT'], () => unlink(file)));
  }

  /** The files of a directory that this process has written, or found as they should be, and not removed. */
  writtenIn(directory: string): readonly ProfileFile[] {
    return [...(this.written.get(directory)?.keys() ?? [])].map((file) => ({ directory, file }));
  }

  /** Whether a file is still the one that was written or found. */
  async isAsWritten(file: ProfileFile): Promise<boolean> {
    const known = this.written.get(file.directory)?.get(file.file);
    return known === undefined || known === (await this.identityOf(file));
  }

  /** Of a file that goes at once nothing is remembered that could be taken for it. */
  private async remember(file: ProfileFile): Promise<void> {
    const files = this.written.get(file.directory) ?? new Map<string, string>();
    this.written.set(file.directory, files.set(file.file, await this.identityOf(file)));
  }

  private forget({ directory, file }: ProfileFile): void {
    const files = this.written.get(directory);
    files?.delete(file);
    if (files?.size === 0) this.written.delete(directory);
  }

  /** The file itself, its size and both its times: every change of its content moves one of them. */
  private async identityOf(file: ProfileFile): Promise<string> {
    const stats = await statsOf(this.pathOf(file));
    return stats === undefined ? 'none' : [stats.ino, stats.size, stats.mtimeMs, stats.ctimeMs].join(' ');
  }

  private pathOf(file: ProfileFile): string {
    return path.join(this.root, file.directory, file.file);
  }

  private async textAt(target: string): Promise<string | undefined> {
    try {
      return await readFile(target, 'utf8');
    } catch {
      return undefined;
    }
  }

  private writersIn(directory: string): number {
    return this.writers.get(directory) ?? 0;
  }

  private async replace(target: string, text: string): Promise<void> {
    const temporary = await this.writeAside(path.dirname(target), text);
    await rename(temporary, target).catch(async (error: unknown) => {
      await unlinkQuietly(temporary);
      throw error;
    });
  }

  private async writeAside(directory: string, text: string): Promise<string> {
    for (let attempt = 1; ; attempt++) {
      await ensureDirectory(directory);
      this.serial += 1;
      const name = `${TEMPORARY.prefix}${String(process.pid)}-${String(this.serial)}${TEMPORARY.suffix}`;
      const temporary = path.join(directory, name);
      try {
        await writeSynced(temporary, text);
        return temporary;
      } catch (error) {
        await unlinkQuietly(temporary);
        if (codeOf(error) !== 'ENOENT' || attempt === DIRECTORY_RACES) throw error;
      }
    }
  }

  /** Adds to `aside` what was moved aside among them. */
  private async directories(aside: string[]): Promise<readonly string[]> {
    const entries = await about('list', this.root, () => readdir(this.root, { withFileTypes: true }));
    aside.push(...entries.filter(({ name }) => isAside(name)).map(({ name }) => path.join(this.root, name)));
    return entries.filter((entry) => entry.isDirectory() && !isAside(entry.name)).map((entry) => entry.name);
  }

  /** None where the directory may not be read: the first write in it moves it aside. */
  private async entriesOf(directory: string): Promise<readonly Dirent[]> {
    return readdir(path.join(this.root, directory), { withFileTypes: true }).catch((error: unknown) => {
      if (codeOf(error) === 'EACCES') return [];
      throw error;
    });
  }

  /** Moves aside whatever is no directory of ours where the file's belongs, and no file where the file does. */
  private async clearWay(target: string): Promise<void> {
    const directory = await statsOf(path.dirname(target));
    if (directory === undefined) return;
    if (!isUsable(directory)) await this.aside.move(path.dirname(target));
    else if ((await statsOf(target))?.isFile() === false) await this.aside.move(target);
  }

  private async isOurs(directory: string, file: string): Promise<boolean> {
    const stats = await lstat(path.join(this.root, directory, file)).catch(() => undefined);
    return stats !== undefined && stats.uid === process.getuid?.();
  }
}

async function writeSynced(file: string, text: string): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | constants.O_NOFOLLOW;
  const handle = await open(file, flags, FILE_MODE);
  try {
    await handle.chmod(FILE_MODE);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function ensureDirectory(directory: string): Promise<void> {
  const made = await mkdir(directory, { mode: DIRECTORY_MODE }).then(
    () => true,
    (error: unknown) => {
      if (codeOf(error) === 'EEXIST') return false;
      throw error;
    },
  );
  if (made) await chmod(directory, DIRECTORY_MODE);
}

/** Of the entry itself, not of what it leads to; undefined where there is none. */
async function statsOf(target: string): Promise<Stats | undefined> {
  return lstat(target).catch((error: unknown) => {
    if (NO_FILE.includes(codeOf(error) ?? '')) return undefined;
    throw error;
  });
}

/** Whether an entry is a directory, and not one of ours that has been closed to us. */
function isUsable(stats: Stats): boolean {
  return stats.isDirectory() && (stats.uid !== process.getuid?.() || (stats.mode & OWNERS_RIGHTS) === OWNERS_RIGHTS);
}

function isTemporary(name: string): boolean {
  return name.startsWith(TEMPORARY.prefix) && name.endsWith(TEMPORARY.suffix);
}

async function unlinkQuietly(file: string): Promise<void> {
  await unlink(file).catch(() => undefined);
}

/** Runs an operation; false when it failed with one of the codes. */
async function ignoring(codes: readonly string[], operation: () => Promise<unknown>): Promise<boolean> {
  try {
    await operation();
    return true;
  } catch (error) {
    if (codes.includes(codeOf(error) ?? '')) return false;
    throw error;
  }
}

/** Runs an operation; its error names what was tried: `write /x/a.json: no space left on device`, with the cause. */
export async function about<T>(verb: string, target: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (error) {
    throw new Error(`${verb} ${target}: ${systemReason(error)}`, { cause: error });
  }
}

/** The system's text for an error, without the code and the path that Node puts around it. */
export function systemReason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'errno' in error && typeof error.errno === 'number' ? getSystemErrorMessage(error.errno) : error.message;
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
