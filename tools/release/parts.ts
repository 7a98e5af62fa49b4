// SPDX-License-Identifier: Apache-2.0
// The software of others that a release contains, each with its version, and how it got in.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../image/command.ts';
import type { Lock } from '../supply-chain/licences.ts';

const ROOT = path.join(import.meta.dirname, '../..');

/** How a part got in: bundled or copied, or linked into our compiled programs. */
export type Way = 'contained' | 'linked';

/** A part of another project. */
export interface Part {
  readonly ecosystem: 'npm' | 'deb';
  readonly name: string;
  readonly version: string;
  /** An expression of SPDX; undefined where no source says it in these words. */
  readonly licence?: string | undefined;
  /** Of its package: hexadecimal SHA-512. */
  readonly sha512?: string | undefined;
  readonly way: Way;
}

/** The lock of this tree. */
export function readLock(): Lock {
  return JSON.parse(readFileSync(path.join(ROOT, 'package-lock.json'), 'utf8')) as Lock;
}

/**
 * Parts of npm by the folders of their packages.
 * @throws Error for one that the lock does not pin
 */
export function npmParts({ packages }: Lock, folders: Iterable<string>): readonly Part[] {
  return [...folders].toSorted().map((folder) => {
    const { version, license, integrity } = packages[folder] ?? {};
    if (version === undefined) throw new Error(`package-lock.json does not pin ${folder}`);
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    const sha512 = integrity?.startsWith('sha512-') === true ? hexOf(integrity.slice(7)) : undefined;
    return { ecosystem: 'npm', name, version, licence: license, sha512, way: 'contained' };
  });
}

function hexOf(base64: string): string {
  return Buffer.from(base64, 'base64').toString('hex');
}

/** Parts of Debian from words such as `libc6=2.36-9`. */
export function debianParts(words: readonly string[], way: Way): readonly Part[] {
  return words.toSorted().map((word) => {
    const [name = '', version = ''] = word.split('=');
    return { ecosystem: 'deb', name, version, way };
  });
}

/** Packages whose static libraries are in our compiled programs, in the versions of this machine. */
export async function linkedParts(packages: readonly string[]): Promise<readonly Part[]> {
  const words: string[] = [];
  for (const name of packages) words.push(`${name}=${await run('dpkg-query', ['-W', '-f=${Version}', name])}`);
  return debianParts(words, 'linked');
}
