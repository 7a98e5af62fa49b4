// SPDX-License-Identifier: Apache-2.0
// The files of a release by their digests: as `sha256sum --check` reads them, and of two releases of one commit, which
// must be the same.
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** Hexadecimal SHA-256 digests by the names of files, in the order of names. */
export type Digests = ReadonlyMap<string, string>;

/** The digest of a file, however large. */
async function digestOf(file: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash);
  return hash.digest('hex');
}

/** The digests of the files in a folder. */
export async function digestsOf(folder: string): Promise<Digests> {
  const names = (await readdir(folder)).toSorted();
  const entries: (readonly [string, string])[] = [];
  for (const name of names) entries.push([name, await digestOf(path.join(folder, name))]);
  return new Map(entries);
}

/** The text of SHA256SUMS. */
export function printSums(digests: Digests): string {
  return [...digests].map(([name, digest]) => `${digest}  ${name}\n`).join('');
}

/** The names of files that are not the same in both, or in one only. */
export function differences(one: Digests, other: Digests): readonly string[] {
  const names = [...new Set([...one.keys(), ...other.keys()])].toSorted();
  return names.filter((name) => one.get(name) !== other.get(name));
}
