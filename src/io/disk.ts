// SPDX-License-Identifier: Apache-2.0
// The profile files of a node. A pod that starts at any moment, even while the machine loses power, finds the old file
// or the new one, never a part: a new file is written aside, synced and renamed. Only two checked segments name a file
// (core/seccomp/files), so nothing outside the root can be touched.
import { constants } from 'node:fs';
import type { Stats } from 'node:fs';
import { chmod, lstat, mkdir, open, readFile, readdir, rename, rmdir, unlink } from 'node:fs/promises';
import path from 'node:path';
import { getSystemErrorMessage } from 'node:util';
import type { ProfileFile } from '../core/seccomp/files.ts';
import { DIRECTORY_MODE, FILE_MODE } from '../core/names.ts';

/** Begin and end of a file that is being written. A profile's name never begins with a dot. */
const TEMPORARY = { prefix: '.spo-', suffix: '.tmp' } as const;

/**
 * How often a write is begun anew because the last file of its directory, and with it the directory, just went. Only
 * removals that were under way when the write began can do that, see `writers`.
 */
const DIRECTORY_RACES = 100;

/** The content of an operator's directory. */
export interface Inventory {
  readonly files: readonly ProfileFile[];
  /** Files that a crash left half written, as absolute paths. */
  readonly temporary: readonly string[];
}

/** The directory of a node that holds the profile files. Every error names the path and the reason. */
export class ProfileDisk {
  readonly root: string;
  private serial = 0;
  /** Writes under way by directory: while there are any, the directory is not removed. */
  private readonly writers = new Map<string, number>();

  /** `root` must exist: the init container makes it. */
  constructor(root: string) {
    this.root = root;
  }

  /** Makes the file hold the text; returns false when it did already. */
  async write(file: ProfileFile, text: string): Promise<boolean> {
    const target = this.pathOf(file);
    if ((await this.textAt(target)) === text) return false;
    this.writers.set(file.directory, this.writersIn(file.directory) + 1);
    try {
      await about('write', target, () => this.replace(target, text));
    } finally {
      this.writers.set(file.directory, this.writersIn(file.directory) - 1);
      if (this.writersIn(file.directory) === 0) this.writers.delete(file.directory);
    }
    return true;
  }

  /** The text of the file; undefined when there is none. */
  async read(file: ProfileFile): Promise<string | undefined> {
    const target = this.pathOf(file);
    return about('read', target, async () => {
      try {
        return await readFile(target, 'utf8');
      } catch (error) {
        if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined;
        throw error;
      }
    });
  }

  /** Removes the file, and its directory with the last file in it; returns false when there was none. */
  async remove(file: ProfileFile): Promise<boolean> {
    const target = this.pathOf(file);
    return about('remove', target, async () => {
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
    for (const directory of await this.directories()) {
      for (const entry of await readdir(path.join(this.root, directory), { withFileTypes: true })) {
        if (!entry.isFile()) continue;
        const { name } = entry;
        if (isTemporary(name)) temporary.push(path.join(this.root, directory, name));
        else if (name.endsWith('.json') && (await this.isOurs(directory, name))) files.push({ directory, file: name });
      }
    }
    return { files, temporary };
  }

  /** Removes half-written files. Only while nothing is being written. */
  async sweep(temporary: readonly string[]): Promise<void> {
    for (const file of temporary) await about('remove', file, () => ignoring(['ENOENT'], () => unlink(file)));
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

  private async directories(): Promise<readonly string[]> {
    const entries = await about('list', this.root, () => readdir(this.root, { withFileTypes: true }));
    return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
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
  else await requireDirectory(directory);
}

async function requireDirectory(directory: string): Promise<void> {
  const stats: Stats | undefined = await lstat(directory).catch(() => undefined);
  if (stats !== undefined && !stats.isDirectory()) throw new Error(`${directory} is no directory`);
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

/** Names what was tried: `write /x/a.json: no space left on device`, the system's error as cause. */
async function about<T>(verb: string, target: string, operation: () => Promise<T>): Promise<T> {
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
