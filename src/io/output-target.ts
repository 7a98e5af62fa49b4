// SPDX-License-Identifier: Apache-2.0
// Where an output goes when a user names a path. `/dev/stderr` and the like are descriptors of this process and never
// files; a link stands for its target. spoc often runs as root, so a link, a pipe or a file that a stranger could
// have put there is not trusted: a link in a folder that others may write must belong to root or to the user who
// called.
import type { Stats } from 'node:fs';
import { lstat, readlink, stat } from 'node:fs/promises';
import path from 'node:path';
import { codeOf } from './file-error.ts';
import { pathOf, textOf } from './text-bytes.ts';

/** Where an output goes. */
export type OutputTarget =
  | { readonly type: 'descriptor'; readonly fd: number }
  /** A pipe or a device with a name. */
  | { readonly type: 'stream'; readonly path: string; readonly found: Stats }
  | RegularTarget;

/** A regular file that exists or is to be made. */
export interface RegularTarget {
  readonly type: 'file';
  readonly path: string;
  /** The file that is there now; undefined for none. */
  readonly found: Stats | undefined;
  /** Whether only the owner may put files into its folder. */
  readonly privateFolder: boolean;
}

/** As many links as the kernel follows (MAXSYMLINKS of include/linux/namei.h). */
const MAX_LINKS = 40;

/** Group and others may write. */
const SHARED = 0o022;

const STANDARD: Readonly<Record<string, number>> = { '/dev/stdin': 0, '/dev/stdout': 1, '/dev/stderr': 2 };

const DESCRIPTOR = /^\/(?:dev\/fd|proc\/(?:self|thread-self|\d+)\/fd)\/(\d{1,6})$/;

/** The descriptor of this process that a path names, if it names one. */
export function descriptorOf(file: string, pid: number): number | undefined {
  const plain = path.normalize(file);
  const standard = file === '-' ? 1 : STANDARD[plain];
  if (standard !== undefined) return standard;
  const [, number] = DESCRIPTOR.exec(plain) ?? [];
  const other = /^\/proc\/(\d+)\//.exec(plain)?.[1];
  if (number === undefined || (other !== undefined && Number(other) !== pid)) return undefined;
  return Number(number);
}

/** Whether the owner is root or the user who called. */
export function isOurs({ uid }: Stats, caller: number): boolean {
  return uid === 0 || uid === caller;
}

async function lstatIfThere(file: string): Promise<Stats | undefined> {
  try {
    return await lstat(pathOf(file));
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return undefined;
    throw cause;
  }
}

/** @throws Error when a stranger may have put the link or pipe there */
async function requireTrusted(file: string, found: Stats, caller: number): Promise<void> {
  if (isOurs(found, caller)) return;
  const folder = await stat(pathOf(path.dirname(file)));
  if (isOurs(folder, caller) && (folder.mode & SHARED) === 0) return;
  const what = found.isSymbolicLink() ? 'a link' : 'a pipe';
  throw new Error(`${file} is ${what} of user ${String(found.uid)}, which is not followed there; name its target`);
}

async function existing(file: string, found: Stats, caller: number): Promise<OutputTarget> {
  if (found.isDirectory()) throw new Error('is a directory');
  if (found.isBlockDevice()) throw new Error('is a disk');
  if (found.isSocket()) throw new Error('is a socket');
  if (found.isFIFO()) await requireTrusted(file, found, caller);
  return found.isFile() ? regular(file, found) : { type: 'stream', path: file, found };
}

async function regular(file: string, found: Stats | undefined): Promise<RegularTarget> {
  const folder = await stat(pathOf(path.dirname(file)));
  return { type: 'file', path: file, found, privateFolder: (folder.mode & SHARED) === 0 };
}

/**
 * Where the output goes that a user gave this name; `-` is standard output.
 *
 * @param caller - user id of who called, the one behind sudo
 * @throws Error for a directory, a disk, a circle of links, or a link or pipe that a stranger put there
 */
export async function findTarget(file: string, caller: number): Promise<OutputTarget> {
  // As the kernel says of an empty name, before a command is recorded for it.
  if (file === '') throw new Error('no such file or directory');
  let at = file;
  for (let links = 0; links <= MAX_LINKS; links += 1) {
    const fd = descriptorOf(at, process.pid);
    if (fd !== undefined) return { type: 'descriptor', fd };
    const found = await lstatIfThere(at);
    if (found === undefined) return regular(at, undefined);
    if (!found.isSymbolicLink()) return existing(at, found, caller);
    await requireTrusted(at, found, caller);
    const target = textOf(await readlink(pathOf(at), 'buffer'));
    // Not normalized: in `a/../b` the first part may be a link itself.
    at = path.isAbsolute(target) ? target : `${path.dirname(at)}/${target}`;
  }
  throw new Error('its links lead in a circle');
}
