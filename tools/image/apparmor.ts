// SPDX-License-Identifier: Apache-2.0
// AppArmor's compiler and the files that policies include, from Debian's package: nodes need none of their own.
import { mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { unpackDebian } from './debian.ts';
import type { Platform } from './platforms.ts';
import { place } from './tree.ts';

const PACKAGE = 'apparmor';

/** Folders of /etc/apparmor.d that texts name: versions of the language, building blocks, variables. */
const FOLDERS = ['abi', 'abstractions', 'tunables'] as const;

/** Puts them below `root`. The compiler needs no library but libc. Returns the package with its version. */
export async function stageAppArmor(platform: Platform, root: string): Promise<readonly string[]> {
  const { root: unpacked, versions } = await unpackDebian(platform, [PACKAGE]);
  await place(root, 'sbin/apparmor_parser', 0o755, { file: path.join(unpacked, 'sbin/apparmor_parser') });
  for (const folder of FOLDERS) await placeFolder(root, path.join('etc/apparmor.d', folder), unpacked);
  const licence = `usr/share/doc/${PACKAGE}/copyright`;
  await place(root, licence, 0o644, { file: path.join(unpacked, licence) });
  return versions.filter((version) => version.startsWith(`${PACKAGE}=`));
}

async function placeFolder(root: string, folder: string, unpacked: string): Promise<void> {
  const entries = await readdir(path.join(unpacked, folder), { recursive: true, withFileTypes: true });
  for (const entry of entries) {
    const file = path.join(entry.parentPath, entry.name);
    const target = path.relative(unpacked, file);
    // An include of a folder fails without the folder, be it empty: tunables/xdg-user-dirs.d is.
    if (entry.isDirectory()) await mkdir(path.join(root, target), { recursive: true, mode: 0o755 });
    else if (entry.isFile()) await place(root, target, 0o644, { file });
  }
}
