// SPDX-License-Identifier: Apache-2.0
// Files that commands of spoc read and write for their user. A file is replaced as a whole or not at all, belongs to whoever
// called sudo, and what is no regular file (a terminal, a pipe) is written to as it is.
import { constants } from 'node:fs';
import { access, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';

/** Who a new file shall belong to. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

function failure(doing: string, file: string, cause: unknown): Error {
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'no such file or directory',
    EACCES: 'permission denied',
    EISDIR: 'is a directory',
    ENOSPC: 'no space left on device',
    EROFS: 'read-only file system',
    ENOTDIR: 'a part of the path is not a directory',
  };
  const reason = reasons[code];
  if (reason !== undefined) return new Error(`${doing} ${file}: ${reason}`);
  return new Error(`${doing} ${file}`, { cause });
}

/** Content of a file; `-` is standard input. */
export async function readInput(file: string): Promise<string> {
  try {
    return await readFile(file === '-' ? '/dev/stdin' : file, 'utf8');
  } catch (cause) {
    throw failure('read', file, cause);
  }
}

async function isRegularOrNew(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return true;
    throw cause;
  }
}

/** Throws when the file could not be written: before a long recording, not after it. */
export async function checkWritable(file: string): Promise<void> {
  if (file === '-') return;
  try {
    const target = (await isRegularOrNew(file)) ? path.dirname(path.resolve(file)) : file;
    await access(target, constants.W_OK);
    if ((await stat(file).catch(() => undefined))?.isDirectory() === true) throw new Error('is a directory');
  } catch (cause) {
    throw failure('write', file, cause);
  }
}

async function replace(file: string, text: string, owner: FileOwner | undefined): Promise<void> {
  // Not from node:crypto, whose loading costs spoc three milliseconds; `wx` makes sure that the name is new.
  const draft = `${file}.${String(process.pid)}.${process.hrtime.bigint().toString(36)}`;
  try {
    const handle = await open(draft, 'wx', 0o644);
    try {
      await handle.writeFile(text);
      if (owner !== undefined) await handle.chown(owner.uid, owner.gid);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
  } catch (cause) {
    await rm(draft, { force: true });
    throw cause;
  }
}

/** Replaces a file, or writes to what is no regular file; `-` is standard output. */
export async function writeOutput(file: string, text: string, owner?: FileOwner): Promise<void> {
  try {
    if (file === '-' || file === '/dev/stdout') await new Promise((resolve) => process.stdout.write(text, resolve));
    else if (await isRegularOrNew(file)) await replace(file, text, owner);
    else await writeFile(file, text);
  } catch (cause) {
    throw failure('write', file, cause);
  }
}
