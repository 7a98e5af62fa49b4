// SPDX-License-Identifier: Apache-2.0
// Text files that commands of spoc read: UTF-8 and, with a byte order mark or without, the UTF-16 of other systems'
// editors. Bytes that are neither are refused, because a replacement character in a name would be a name that no user
// wrote.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Stats } from 'node:fs';
import { fileError } from './file-error.ts';
import { pathOf } from './text-bytes.ts';

/** The encodings that a text may have, by TextDecoder's names. */
type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** UTF-16 without a mark shows by the zero byte of its first character: profiles begin with ASCII. */
function encodingOf([first, second]: Uint8Array): Encoding {
  if ((first === 0xff && second === 0xfe) || (first !== 0 && second === 0)) return 'utf-16le';
  if ((first === 0xfe && second === 0xff) || (first === 0 && second !== 0)) return 'utf-16be';
  return 'utf-8';
}

/**
 * The text of bytes, without a byte order mark.
 * @throws Error when the bytes are no text in UTF-8 or UTF-16
 */
export function decodeText(bytes: Uint8Array): string {
  const encoding = encodingOf(bytes);
  try {
    return new TextDecoder(encoding, { fatal: true }).decode(bytes);
  } catch {
    throw new Error(`is no text in ${encoding.toUpperCase()}`);
  }
}

/** The most bytes of a file: V8 makes no longer text (2^29 - 24 characters). */
const MOST_BYTES = 2 ** 29 - 24;

const CHUNK_BYTES = 64 * 1024;

/** All bytes of an open file, which may be a pipe or a device, and have no end. */
function bytesOf(fd: number, most: number): Uint8Array {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for (let size = fstatSync(fd).size + 1; ; size = CHUNK_BYTES) {
    const chunk = Buffer.allocUnsafe(Math.min(Math.max(size, CHUNK_BYTES), most + 1));
    const read = readSync(fd, chunk);
    if (read === 0) return Buffer.concat(chunks);
    length += read;
    if (length > most) throw new Error(`is longer than ${String(Math.ceil(most / 2 ** 20))} MiB`);
    chunks.push(chunk.subarray(0, read));
  }
}

/**
 * Content of a file; `-` is standard input.
 *
 * @param name - of the file in messages
 * @param most - bytes that it may have
 * @throws Error that names the file and the reason
 */
export async function readInput(file: string, name = file, most = MOST_BYTES): Promise<string> {
  try {
    const fd = openSync(file === '-' ? '/dev/stdin' : pathOf(file), 'r');
    try {
      return decodeText(bytesOf(fd, most));
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw fileError('read', name, cause);
  }
}

/** A user and a group by their numbers. */
export interface UserId {
  readonly uid: number;
  readonly gid: number;
}

/** Why root must not run under a profile from this file; undefined where it may. */
function distrustOf({ uid, gid, mode }: Stats, caller: UserId): string | undefined {
  if (uid !== 0 && uid !== caller.uid)
    return `belongs to user ${String(uid)}, and root would run under it; copy it to a file of your own`;
  const isShared = (mode & 0o002) !== 0 || ((mode & 0o020) !== 0 && gid !== 0 && gid !== caller.gid);
  return isShared
    ? 'can be changed by other users, and root would run under it; take away their permission'
    : undefined;
}

/**
 * As readInput(), for a profile that a command is to run under. Root takes it only where no other user than the caller
 * may have written it: a profile can answer calls that give up root with success.
 *
 * @param caller - the user behind sudo; undefined for root itself
 * @throws Error that names the file and the reason
 */
export async function readTrusted(file: string, caller: UserId | undefined): Promise<string> {
  if (file === '-' || process.geteuid?.() !== 0) return readInput(file);
  try {
    const fd = openSync(pathOf(file), 'r');
    try {
      const distrust = distrustOf(fstatSync(fd), caller ?? { uid: 0, gid: 0 });
      if (distrust !== undefined) throw new Error(distrust);
      return decodeText(bytesOf(fd, MOST_BYTES));
    } finally {
      closeSync(fd);
    }
  } catch (cause) {
    throw fileError('read', file, cause);
  }
}
