// SPDX-License-Identifier: Apache-2.0
// The AppArmor policy of a kernel as its file system shows it to everybody: a number that grows with each change of any
// profile, and a folder for each profile with the hash of what was loaded (security/apparmor/apparmorfs.c of Linux).
import { constants } from 'node:fs';
import { open, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** Files with the hash of a profile; which of them there is depends on the kernel. */
const HASHES = ['sha256', 'sha1'];

/** Longest text of a revision: digits of 64 bits and a line's end. */
const REVISION_BYTES = 32;

/** Errors name the path and the reason. */
export class ShownPolicy {
  private readonly root: string;

  /** @param securityfs - where it is mounted */
  constructor(securityfs: string) {
    this.root = path.join(securityfs, 'apparmor');
  }

  /** Another text after each change of a profile; undefined where the kernel does not count. */
  async revision(): Promise<string | undefined> {
    try {
      // A second read from one descriptor waits for the next change.
      const file = await open(path.join(this.root, 'revision'), constants.O_RDONLY | constants.O_NONBLOCK);
      try {
        const { bytesRead, buffer } = await file.read(Buffer.alloc(REVISION_BYTES));
        return buffer.toString('utf8', 0, bytesRead).trim();
      } finally {
        await file.close();
      }
    } catch (error) {
      if (isAbsent(error)) return undefined;
      // Before the first profile there is no change that could be read.
      if (codeOf(error) === 'EAGAIN') return '';
      throw error;
    }
  }

  /** The policies under each of the names, with the profiles within them; '' for those of which nothing is shown. */
  async identities(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    const folder = path.join(this.root, 'policy/profiles');
    const entries = await entriesOf(folder);
    const byName = new Map<string, string[]>();
    for (const entry of entries) {
      const name = entry.replace(/\.\d+$/, '');
      byName.set(name, [...(byName.get(name) ?? []), entry]);
    }
    const found = new Map<string, string>();
    for (const name of names) found.set(name, await identityAmong(folder, name, byName.get(name) ?? []));
    return found;
  }
}

/** Folders leave out bytes of a name that a path cannot have, so another profile may seem to have the name. */
async function identityAmong(folder: string, name: string, entries: readonly string[]): Promise<string> {
  for (const entry of entries) {
    const own = path.join(folder, entry);
    if ((await textOf(path.join(own, 'name'))) === name) return identityOf(own);
  }
  return '';
}

async function identityOf(folder: string): Promise<string> {
  const hash = await firstTextOf(HASHES.map((name) => path.join(folder, name)));
  if (hash === undefined) return '';
  const inner = path.join(folder, 'profiles');
  const children = (await entriesOf(inner)).toSorted();
  const hashes = await Promise.all(children.map((entry) => identityOf(path.join(inner, entry))));
  return [hash, ...hashes.toSorted()].join(' ');
}

async function firstTextOf(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) {
    const text = await textOf(file);
    if (text !== undefined) return text;
  }
  return undefined;
}

async function textOf(file: string): Promise<string | undefined> {
  try {
    return (await readFile(file, 'utf8')).trim();
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

async function entriesOf(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (isAbsent(error)) return [];
    throw error;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : undefined;
}

function isAbsent(error: unknown): boolean {
  return ['ENOENT', 'ENOTDIR'].includes(String(codeOf(error)));
}
