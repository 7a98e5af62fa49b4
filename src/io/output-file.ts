// SPDX-License-Identifier: Apache-2.0
// Files that commands of spoc write for their user. A regular file is replaced as a whole or not at all, and keeps
// its mode, its owner and its hard links; a new one belongs to the user behind sudo. Whether it can be written is
// found out before any work is done for it, and a pipe is held open from then on, because a reader that saw it closed
// would go.
import { close, constants, fstat, ftruncate, open as openFile } from 'node:fs';
import type { Stats } from 'node:fs';
import { access, open, rename, rm } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { codeOf, fileError } from './file-error.ts';
import { writeAndClose, writeToDescriptor } from './output-stream.ts';
import { findTarget, isOurs } from './output-target.ts';
import type { OutputTarget, RegularTarget } from './output-target.ts';
import { pathOf } from './text-bytes.ts';

/** The owner of a new file. */
export interface FileOwner {
  readonly uid: number;
  readonly gid: number;
}

/** An output that can be written, as far as could be seen when it was opened. */
export interface OpenOutput {
  /** Writes all of it. Throws an Error that names the file and the reason. */
  write(text: string): Promise<void>;
}

const NEW_MODE = 0o644;
/** Neither through a link, nor waiting for a reader, nor becoming the terminal of this process. */
const OPEN_EXISTING = constants.O_WRONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY;

function isSame(a: Stats, b: Stats): boolean {
  return a.dev === b.dev && a.ino === b.ino;
}

/** Opens what was found there, and not what has come in its place since. The descriptor is the caller's to close. */
async function openFound(file: string, found: Stats): Promise<number> {
  const fd = await promisify(openFile)(pathOf(file), OPEN_EXISTING);
  if (isSame(await promisify(fstat)(fd), found)) return fd;
  await promisify(close)(fd);
  throw new Error('was exchanged while it was opened');
}

/** Mode and owner of the file that is to be written; undefined where the new file's stand. */
function keptFrom({ found, privateFolder }: RegularTarget, caller: number): Stats | undefined {
  // In a folder of many, a file that a stranger made there would stay the stranger's to change.
  return found !== undefined && (privateFolder || isOurs(found, caller)) ? found : undefined;
}

async function fillDraft(handle: FileHandle, text: string, kept: Stats | undefined, owner: FileOwner | undefined) {
  await handle.writeFile(text);
  const { uid, gid } = kept ?? owner ?? {};
  const now = await handle.stat();
  if (uid !== undefined && gid !== undefined && (uid !== now.uid || gid !== now.gid)) await handle.chown(uid, gid);
  if (kept !== undefined) await handle.chmod(kept.mode & 0o777);
  await handle.sync();
}

async function replace(
  file: string,
  text: string,
  kept: Stats | undefined,
  owner: FileOwner | undefined,
): Promise<void> {
  // Not from node:crypto, whose loading costs spoc three milliseconds; `wx` makes sure that the name is new.
  const draft = `${file}.${String(process.pid)}.${process.hrtime.bigint().toString(36)}`;
  const handle = await open(pathOf(draft), 'wx', kept === undefined ? NEW_MODE : 0o600);
  try {
    try {
      await fillDraft(handle, text, kept, owner);
    } finally {
      await handle.close();
    }
    await rename(pathOf(draft), pathOf(file));
  } catch (cause) {
    await rm(pathOf(draft), { force: true });
    throw cause;
  }
}

async function overwrite(file: string, found: Stats, text: string): Promise<void> {
  const fd = await openFound(file, found);
  await promisify(ftruncate)(fd, 0);
  await writeAndClose(fd, text);
}

/** Reasons why a file cannot be replaced though it can be written. */
const NOT_REPLACEABLE: readonly string[] = ['EACCES', 'EPERM', 'EROFS'];

async function writeRegular(target: RegularTarget, text: string, caller: number, owner?: FileOwner): Promise<void> {
  const { path: file, found, privateFolder } = target;
  if (found !== undefined && found.nlink > 1 && privateFolder) {
    await overwrite(file, found, text);
    return;
  }
  try {
    await replace(file, text, keptFrom(target, caller), owner);
  } catch (cause) {
    // Every name of a file counts where it has several, and those in a folder of many may be a stranger's.
    if (found === undefined || found.nlink > 1 || !NOT_REPLACEABLE.includes(codeOf(cause))) throw cause;
    await overwrite(file, found, text);
  }
}

async function requireWritable({ path: file, found }: RegularTarget): Promise<void> {
  try {
    await access(pathOf(path.dirname(file)), constants.W_OK);
  } catch (cause) {
    if (found === undefined) throw cause;
    await access(pathOf(file), constants.W_OK);
  }
}

async function openTarget(file: string, target: OutputTarget, caller: number, owner: FileOwner | undefined) {
  switch (target.type) {
    case 'descriptor':
      return async (text: string) => {
        await writeToDescriptor(target.fd, text);
      };
    case 'stream': {
      const fd = await openFound(target.path, target.found);
      return (text: string) => writeAndClose(fd, text);
    }
    case 'file':
      await requireWritable(target);
      return async (text: string) => {
        // Looked up again: much may have happened while a command was recorded.
        const now = await findTarget(file, caller);
        if (now.type !== 'file') throw new Error('is no regular file any more');
        await writeRegular(now, text, caller, owner);
      };
  }
}

/**
 * Opens an output; `-` and `/dev/stdout` are standard output.
 *
 * @param owner - the user behind sudo, who gets new files
 * @throws Error that names the file and the reason, when it could not be written
 */
export async function openOutput(file: string, owner?: FileOwner): Promise<OpenOutput> {
  const caller = owner?.uid ?? process.geteuid?.() ?? 0;
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (cause) {
      throw fileError('write', file, cause);
    }
  };
  const write = await attempt(async () => openTarget(file, await findTarget(file, caller), caller, owner));
  return { write: (text) => attempt(() => write(text)) };
}
