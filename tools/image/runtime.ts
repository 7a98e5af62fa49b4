// SPDX-License-Identifier: Apache-2.0
// Lays out the layer that everything of ours runs on: Node.js, the programs of Debian that ours start, the libraries
// that they are linked against, the licences of all, and the few files of /etc that a C library reads.
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { NON_ROOT_ID } from '../../src/core/names.ts';
import { unpackDebian } from './debian.ts';
import { interpreterOf, libraryClosure } from './elf.ts';
import { nodeFolder } from './node-binary.ts';
import type { Platform } from './platforms.ts';
import { strip } from './strip.ts';
import { place } from './tree.ts';

/** Debian packages with the libraries that Node.js is linked against; what they depend on comes with them. */
const LIBRARY_PACKAGES: readonly string[] = ['libc6', 'libgcc-s1', 'libstdc++6'];

/** Programs of Debian that ours start, by their paths in the package and in the image. */
const DEBIAN_PROGRAMS = [
  // libsemanage compiles the contexts of files with it at the end of each transaction.
  { package: 'selinux-utils', file: 'usr/sbin/sefcontext_compile' },
] as const;

/** Names of the two ids that occur, for look-ups by number; neither can log in. */
const PASSWD = `root:x:0:0:root:/:/nologin\nnonroot:x:${NON_ROOT_ID}:${NON_ROOT_ID}:nonroot:/:/nologin\n`;
const GROUP = `root:x:0:\nnonroot:x:${NON_ROOT_ID}:\n`;

/** glibc without this file asks the name server before /etc/hosts, also for localhost (seen with 2.36). */
const NSSWITCH = 'hosts: files dns\n';

/** Node.js, its libraries, their licences, and the few files of /etc. Returns the packages with their versions. */
export async function stageRuntime(platform: Platform, root: string): Promise<readonly string[]> {
  const folder = await nodeFolder(platform);
  const node = await place(root, 'usr/bin/node', 0o755, { file: path.join(folder, 'bin', 'node') });
  await strip(platform, node);
  await place(root, 'usr/share/doc/node/copyright', 0o644, { file: path.join(folder, 'LICENSE') });
  const packages = [...LIBRARY_PACKAGES, ...DEBIAN_PROGRAMS.map((program) => program.package)];
  const debian = await unpackDebian(platform, packages);
  await stageLibraries(platform, debian.root, node, root);
  for (const { file } of DEBIAN_PROGRAMS) {
    const program = await place(root, file, 0o755, { file: path.join(debian.root, file) });
    await stageLibraries(platform, debian.root, program, root);
  }
  await stageLibraryLicences(debian.root, root);
  await place(root, 'etc/passwd', 0o644, { text: PASSWD });
  await place(root, 'etc/group', 0o644, { text: GROUP });
  await place(root, 'etc/nsswitch.conf', 0o644, { text: NSSWITCH });
  return debian.versions;
}

async function stageLibraries(platform: Platform, debian: string, program: string, root: string): Promise<void> {
  const folders = ['lib', 'usr/lib'].map((folder) => path.join(debian, folder, platform.triplet));
  const interpreter = await interpreterOf(program);
  for (const [name, file] of await libraryClosure(program, folders)) {
    const loader = name === path.basename(interpreter);
    await place(root, loader ? interpreter : path.join('lib', platform.triplet, name), loader ? 0o755 : 0o644, {
      file,
    });
  }
}

/** A package that shares another one's licence has a link in place of the folder. */
async function stageLibraryLicences(debian: string, root: string): Promise<void> {
  const docs = 'usr/share/doc';
  for (const name of (await readdir(path.join(debian, docs))).toSorted()) {
    if (!(await lstat(path.join(debian, docs, name))).isDirectory()) continue;
    const licence = path.join(docs, name, 'copyright');
    await place(root, licence, 0o644, { file: path.join(debian, licence) });
  }
}
