// SPDX-License-Identifier: Apache-2.0
// The files of an image or of a folder, as a process with that root would see them: links lead nowhere else.

/** A file that is there and cannot be read; the message is the reason. */
export class UnreadableFile extends Error {
  override readonly name = 'UnreadableFile';
}

/** The thing that a path names. */
export type Entry =
  | { readonly type: 'folder'; readonly names: readonly string[] }
  | { readonly type: 'link'; readonly target: string }
  /** `read` gives the first bytes, or all; rejects with UnreadableFile where that is all there is against it. */
  | { readonly type: 'file'; readonly read: (limit?: number) => Promise<Uint8Array> };

/** A tree of files. Paths are absolute and have no `.`, `..` and links in them. */
export interface Tree {
  /** Undefined where there is nothing that can be read. */
  entry(path: string): Promise<Entry | undefined>;
}

/** A file, by its path without links. */
export interface FoundFile {
  readonly path: string;
  readonly read: (limit?: number) => Promise<Uint8Array>;
}

/** As the kernel has it, a path has at most this many links. */
const MAX_LINKS = 40;

/** More entries than any image has; more are refused, so that walking ends. */
const MAX_ENTRIES = 4_000_000;

/** Folders that are no part of an image: the kernel's own. */
const KERNEL_FOLDERS = ['/proc', '/sys', '/dev'];

function stepsOf(path: string): string[] {
  return path.split('/').filter((step) => step !== '' && step !== '.');
}

/** The folder of a path. */
export function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf('/')) || '/';
}

/** The file that a path names when links are followed; undefined where there is none. */
export async function findFile(tree: Tree, path: string): Promise<FoundFile | undefined> {
  const ahead = stepsOf(path);
  let at: string[] = [];
  let links = 0;
  for (let step = ahead.shift(); step !== undefined; step = ahead.shift()) {
    if (step === '..') {
      at = at.slice(0, -1);
      continue;
    }
    const here = `/${[...at, step].join('/')}`;
    const entry = await tree.entry(here);
    if (entry?.type === 'link') {
      links += 1;
      if (links > MAX_LINKS) return undefined;
      if (entry.target.startsWith('/')) at = [];
      ahead.unshift(...stepsOf(entry.target));
    } else if (entry?.type === 'folder') at = [...at, step];
    else return entry === undefined || ahead.length > 0 ? undefined : { path: here, read: entry.read };
  }
  return undefined;
}

/**
 * All files of a tree, without following links.
 *
 * @throws RangeError where there are too many
 */
export async function* allFiles(tree: Tree): AsyncGenerator<FoundFile> {
  const waiting = ['/'];
  let count = 0;
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    count += 1;
    if (count > MAX_ENTRIES) throw new RangeError(`more than ${String(MAX_ENTRIES)} files`);
    const entry = await tree.entry(path);
    if (entry?.type === 'file') yield { path, read: entry.read };
    if (entry?.type !== 'folder' || KERNEL_FOLDERS.includes(path)) continue;
    for (const name of [...entry.names].sort().reverse()) waiting.push(path === '/' ? `/${name}` : `${path}/${name}`);
  }
}
