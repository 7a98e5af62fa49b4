// SPDX-License-Identifier: Apache-2.0
// spoc as a Debian package, made by dpkg-deb of a prefix: `apt install ./spoc_….deb`.
// Format: deb(5), deb-control(5), Debian Policy 4.6.
import { createHash } from 'node:crypto';
import { chmod, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { run } from '../image/command.ts';
import type { Platform } from '../image/platforms.ts';
import { place, treeSize } from '../image/tree.ts';

const MAINTAINER = 'Security Profiles Operator maintainers <maintainers@security-profiles-operator.invalid>';

/** A package, as its control file describes it. */
export interface DebianControl {
  readonly version: string;
  readonly arch: Platform['arch'];
  /** Unpacked, in KiB. */
  readonly size: number;
}

/** The text of DEBIAN/control. Node.js's project says of its binaries that they need glibc 2.28 and GCC 9's library. */
export function printControl({ version, arch, size }: DebianControl): string {
  const fields = {
    Package: 'spoc',
    Version: version,
    Architecture: arch,
    Maintainer: MAINTAINER,
    'Installed-Size': String(size),
    Depends: 'libc6 (>= 2.28), libgcc-s1, libstdc++6 (>= 9)',
    Suggests: 'apparmor',
    Section: 'admin',
    Priority: 'optional',
    Description: 'record, enforce and share security profiles',
  };
  const lines = Object.entries(fields).map(([name, value]) => `${name}: ${value}\n`);
  const more =
    ' spoc records the system calls of a command as a profile, runs commands under\n' +
    ' profiles of seccomp and AppArmor, and merges, judges and shares profiles.\n' +
    ' It brings its own Node.js.\n';
  return lines.join('') + more;
}

/** The text of the package's changelog (Debian Policy 4.4). The changes themselves are told by CHANGELOG.md. */
export function printDebianChangelog(version: string, epoch: number): string {
  const time = new Date(epoch * 1000).toUTCString().replace('GMT', '+0000');
  return `spoc (${version}) stable; urgency=medium\n\n  * Release ${version}.\n\n -- ${MAINTAINER}  ${time}\n`;
}

/** Changelog and man pages as Debian Policy 12 wants them: compressed as far as gzip can, without a time. */
async function compressDocuments(root: string, version: string, epoch: number): Promise<void> {
  await place(root, 'usr/share/doc/spoc/changelog', 0o644, { text: printDebianChangelog(version, epoch) });
  const pages = (await readdir(path.join(root, 'usr/share/man/man1'))).map((name) => `usr/share/man/man1/${name}`);
  for (const name of ['usr/share/doc/spoc/changelog', ...pages]) {
    const file = path.join(root, name);
    await writeFile(`${file}.gz`, gzipSync(await readFile(file), { level: 9 }));
    await chmod(`${file}.gz`, 0o644);
    await rm(file);
  }
}

/** The sums of all files below a root, as dpkg keeps them to verify an installation. */
async function printMd5Sums(root: string): Promise<string> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
  const lines: string[] = [];
  for (const file of files.toSorted()) {
    const sum = createHash('md5')
      .update(await readFile(file))
      .digest('hex');
    lines.push(`${sum}  ${path.relative(root, file)}\n`);
  }
  return lines.join('');
}

/**
 * Makes a package of what lies below a root, whose files are no older than the release.
 *
 * @param epoch - the time of all files in it, in seconds since 1970
 */
export async function packDebian(
  root: string,
  { version, arch }: Omit<DebianControl, 'size'>,
  epoch: number,
  output: string,
): Promise<void> {
  await compressDocuments(root, version, epoch);
  const size = Math.ceil((await treeSize(root)) / 1024);
  const sums = await printMd5Sums(root);
  await place(root, 'DEBIAN/md5sums', 0o644, { text: sums });
  await place(root, 'DEBIAN/control', 0o644, { text: printControl({ version, arch, size }) });
  const options = ['--root-owner-group', '-Zgzip', '-z6', '--uniform-compression'];
  await run('dpkg-deb', [...options, '--build', root, output], { env: { SOURCE_DATE_EPOCH: String(epoch) } });
}
