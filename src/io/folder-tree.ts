// SPDX-License-Identifier: Apache-2.0
// A folder of this machine as the root of a tree of files.
import { closeSync, fstatSync, lstatSync, openSync, readFileSync, readSync, readdirSync, readlinkSync } from 'node:fs';
import { UnreadableFile } from '../core/ceiling/tree.ts';
import type { Entry, Tree } from '../core/ceiling/tree.ts';
import { codeOf, fileError } from './file-error.ts';
import { pathOf } from './text-bytes.ts';

/** Folders that only others may read are passed over like those that are not there. */
const ABSENT = ['ENOENT', 'ENOTDIR', 'EACCES', 'ELOOP', 'ENAMETOOLONG', 'EINVAL'];

/** Codes of files that others may read only, or that are too large to be read at once. */
const UNREADABLE = ['EACCES', 'EPERM', 'ERR_FS_FILE_TOO_LARGE'];

function readAtMost(file: string, limit: number | undefined): Uint8Array {
  try {
    if (limit === undefined) return readFileSync(pathOf(file));
    const descriptor = openSync(pathOf(file), 'r');
    try {
      const bytes = new Uint8Array(Math.min(limit, fstatSync(descriptor).size));
      return bytes.subarray(0, readSync(descriptor, bytes, 0, bytes.length, 0));
    } finally {
      closeSync(descriptor);
    }
  } catch (cause) {
    const error = fileError('read', file, cause);
    throw UNREADABLE.includes(codeOf(cause)) ? new UnreadableFile(error.message, { cause }) : error;
  }
}

function entryOf(file: string): Entry | undefined {
  try {
    const facts = lstatSync(pathOf(file));
    if (facts.isSymbolicLink()) return { type: 'link', target: readlinkSync(pathOf(file)) };
    if (facts.isDirectory()) return { type: 'folder', names: readdirSync(pathOf(file)) };
    if (!facts.isFile()) return undefined;
    return { type: 'file', read: async (limit) => readAtMost(file, limit) };
  } catch (cause) {
    if (ABSENT.includes(codeOf(cause))) return undefined;
    throw fileError('read', file, cause);
  }
}

/** The files below a folder. Links are not followed: whoever asks follows them within the tree. */
export function folderTree(root: string): Tree {
  const base = root === '/' ? '' : root.replace(/\/+$/, '');
  return { entry: async (path) => entryOf(path === '/' ? `${base}/` : `${base}${path}`) };
}
