// SPDX-License-Identifier: Apache-2.0
// Finds the libraries that a program needs where its loader does: folders that the file names, those of the loader's
// configuration, the usual ones. man7.org/linux/man-pages/man8/ld.so.8.html; for musl its ldso/dynlink.c.
import { readBinary } from './binary.ts';
import type { Binary } from './binary.ts';
import { MalformedBinary } from './binary/elf.ts';
import type { Machine } from './binary/elf.ts';
import { findFile, folderOf } from './tree.ts';
import type { Tree } from './tree.ts';

/** Debian's name of a machine, of which a folder of libraries has its name. */
const TRIPLETS: Readonly<Record<Machine, string>> = {
  SCMP_ARCH_X86_64: 'x86_64-linux-gnu',
  SCMP_ARCH_X86: 'i386-linux-gnu',
  SCMP_ARCH_AARCH64: 'aarch64-linux-gnu',
};

const USUAL_FOLDERS = ['/lib64', '/usr/lib64', '/lib', '/usr/lib', '/usr/local/lib', '/lib32', '/usr/lib32'];

const CONFIGURATION = '/etc/ld.so.conf';
const MAX_CONFIGURATIONS = 100;

async function textOf(tree: Tree, path: string): Promise<string> {
  const file = await findFile(tree, path);
  return file === undefined ? '' : new TextDecoder().decode(await file.read());
}

/** The files that a pattern of the configuration names: a star in the last step. */
async function included(tree: Tree, pattern: string): Promise<readonly string[]> {
  const folder = folderOf(pattern);
  const [before = '', after] = pattern.slice(folder.length + 1).split('*');
  if (after === undefined) return [pattern];
  const entry = await tree.entry(folder);
  const names = entry?.type === 'folder' ? [...entry.names].sort() : [];
  return names.filter((name) => name.startsWith(before) && name.endsWith(after)).map((name) => `${folder}/${name}`);
}

/** The folders that the configuration of a tree's loader names. */
export async function configuredFolders(tree: Tree): Promise<readonly string[]> {
  const found: string[] = [];
  const waiting = [CONFIGURATION];
  for (let count = 0; count < MAX_CONFIGURATIONS; count += 1) {
    const path = waiting.shift();
    if (path === undefined) break;
    for (const line of (await textOf(tree, path)).split('\n').map((text) => text.replace(/#.*/, '').trim())) {
      const [, pattern] = /^include\s+(\S+)$/.exec(line) ?? [];
      if (pattern !== undefined) waiting.push(...(await included(tree, pattern)));
      else if (line.startsWith('/')) found.push(line);
    }
  }
  return found;
}

function foldersFor(user: Binary, configured: readonly string[]): readonly string[] {
  const own = user.dynamic.searchPath.map((folder) => folder.replace(/\$(?:ORIGIN|\{ORIGIN\})/g, folderOf(user.path)));
  const triplet = TRIPLETS[user.elf.machine];
  return [...own, ...configured, `/lib/${triplet}`, `/usr/lib/${triplet}`, ...USUAL_FOLDERS];
}

/** Reads a binary of a tree; undefined where there is none for this machine. */
async function binaryFor(tree: Tree, path: string, machine: Machine): Promise<Binary | undefined> {
  const file = await findFile(tree, path);
  if (file === undefined) return undefined;
  try {
    const binary = readBinary(file.path, await file.read());
    return binary.elf.machine === machine ? binary : undefined;
  } catch (error) {
    if (error instanceof MalformedBinary) return undefined;
    throw error;
  }
}

/** The library of this name that the loader would take; undefined where there is none. */
export async function findLibrary(
  tree: Tree,
  user: Binary,
  name: string,
  configured: readonly string[],
): Promise<Binary | undefined> {
  const paths = name.includes('/') ? [name] : foldersFor(user, configured).map((folder) => `${folder}/${name}`);
  for (const path of paths.filter((one) => one.startsWith('/'))) {
    const found = await binaryFor(tree, path, user.elf.machine);
    if (found !== undefined) return found;
  }
  return undefined;
}
