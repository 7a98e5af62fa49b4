// SPDX-License-Identifier: Apache-2.0
// spoc for machines without Node.js, as a tarball for any of them and as a package for those of Debian's kind.
import { cp, mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Platform } from '../image/platforms.ts';
import { packTar } from '../image/tar.ts';
import { packDebian } from './debian-package.ts';
import { debianName, folderName, tarballName } from './names.ts';
import { stageHome, stagePrefix } from './spoc-files.ts';

/** The release that packages are made for. */
export interface Packaged {
  readonly version: string;
  /** The time of all files, in seconds since 1970. */
  readonly epoch: number;
}

/**
 * Makes the tarball and the Debian package of a platform. Left in the scratch folder: `npm/lib/ARCH`, all but Node.js
 * for the npm package, and `ARCH/usr`, the prefix.
 *
 * @returns the folders of the npm packages in it
 */
export async function makeSpoc(
  platform: Platform,
  { version, epoch }: Packaged,
  scratch: string,
  output: string,
): Promise<ReadonlySet<string>> {
  const { arch } = platform;
  const home = path.join(scratch, 'npm/lib', arch);
  const packages = await stageHome(platform, home);
  const root = path.join(scratch, arch);
  await stagePrefix(platform, home, path.join(root, 'usr'));
  const name = folderName(version, arch);
  const folder = path.join(scratch, 'tarball');
  await mkdir(folder, { recursive: true });
  await cp(path.join(root, 'usr'), path.join(folder, name), { recursive: true, verbatimSymlinks: true });
  await packTar({ folder, names: [name], epoch, gzip: true }, path.join(output, tarballName(version, arch)));
  await packDebian(root, { version, arch }, epoch, path.join(output, debianName(version, arch)));
  return packages;
}
