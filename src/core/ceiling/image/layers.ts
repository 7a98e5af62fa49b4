// SPDX-License-Identifier: Apache-2.0
// The files of an image: its layers one upon another. A layer takes files of those below it away by names that begin
// with `.wh.`: https://github.com/opencontainers/image-spec/blob/main/layer.md
import type { Entry, Tree } from '../tree.ts';
import { MalformedArchive, readTar } from './tar.ts';
import type { TarEntry } from './tar.ts';

const TAKEN_AWAY = '.wh.';
const ALL_TAKEN_AWAY = '.wh..wh..opq';

interface Folder {
  readonly type: 'folder';
  readonly members: Map<string, Member>;
}

type Member =
  Folder | { readonly type: 'file'; readonly bytes: Uint8Array } | { readonly type: 'link'; readonly target: string };

function emptyFolder(): Folder {
  return { type: 'folder', members: new Map() };
}

/** The steps of a path; `..` leads nowhere above the root. */
function stepsOf(path: string): readonly string[] {
  const steps: string[] = [];
  for (const step of path.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps;
}

function memberAt(root: Folder, steps: readonly string[]): Member | undefined {
  let at: Member | undefined = root;
  for (const step of steps) at = memberIn(at, step);
  return at;
}

function memberIn(folder: Member | undefined, name: string): Member | undefined {
  return folder?.type === 'folder' ? folder.members.get(name) : undefined;
}

/** As the kernel has it, a path has at most this many links; the next one counts as a name. */
const MAX_LINKS = 40;

/**
 * A path without links, as those who unpack layers follow them: never out of the root. Each step costs the same,
 * however deep it is: the author of an image chooses the paths.
 */
function followed(root: Folder, steps: readonly string[]): readonly string[] {
  const ahead = steps.toReversed();
  const names: string[] = [];
  const members: (Member | undefined)[] = [root];
  let links = 0;
  for (let step = ahead.pop(); step !== undefined; step = ahead.pop()) {
    const member = step === '..' ? undefined : memberIn(members.at(-1), step);
    if (step === '..') {
      if (names.pop() !== undefined) members.pop();
    } else if (member?.type !== 'link' || links === MAX_LINKS) {
      names.push(step);
      members.push(member);
    } else {
      links += 1;
      if (member.target.startsWith('/')) [names.length, members.length] = [0, 1];
      ahead.push(...namesIn(member.target).reverse());
    }
  }
  return names;
}

function namesIn(target: string): string[] {
  return target.split('/').filter((name) => name !== '' && name !== '.');
}

/** Where the folder of an entry lies, and the entry's name in it. */
function placeOf(root: Folder, path: string): readonly [folder: readonly string[], name: string | undefined] {
  const steps = stepsOf(path);
  return [followed(root, steps.slice(0, -1)), steps.at(-1)];
}

/** The folder at a path, made where there is something else or nothing. */
function folderAt(root: Folder, steps: readonly string[]): Folder {
  let at = root;
  for (const step of steps) {
    const known = at.members.get(step);
    const folder = known?.type === 'folder' ? known : emptyFolder();
    at.members.set(step, folder);
    at = folder;
  }
  return at;
}

function memberOf(root: Folder, entry: TarEntry, known: Member | undefined): Member | undefined {
  switch (entry.type) {
    case 'file':
      return { type: 'file', bytes: entry.bytes };
    case 'link':
      return { type: 'link', target: entry.target };
    case 'copy': {
      const [folder, name = ''] = placeOf(root, entry.target);
      const meant = memberAt(root, [...folder, name]);
      // A second name of a folder above itself would make a tree without an end; tar and the kernel take none either.
      return meant?.type === 'folder' ? undefined : meant;
    }
    case 'folder':
      return known?.type === 'folder' ? known : emptyFolder();
  }
}

function addEntry(root: Folder, entry: TarEntry): void {
  const [place, name] = placeOf(root, entry.path);
  if (name === undefined || name.startsWith(TAKEN_AWAY)) return;
  const folder = folderAt(root, place);
  const member = memberOf(root, entry, folder.members.get(name));
  if (member !== undefined) folder.members.set(name, member);
}

/** Takes away of the layers below what a layer says; its own files come afterwards. */
function takeAway(root: Folder, { path }: TarEntry): void {
  const [place, name = ''] = placeOf(root, path);
  if (!name.startsWith(TAKEN_AWAY)) return;
  const folder = memberAt(root, place);
  if (folder?.type !== 'folder') return;
  if (name === ALL_TAKEN_AWAY) folder.members.clear();
  else folder.members.delete(name.slice(TAKEN_AWAY.length));
}

function entryOf(member: Member | undefined): Entry | undefined {
  if (member?.type === 'folder') return { type: 'folder', names: [...member.members.keys()] };
  if (member?.type === 'file') return { type: 'file', read: async (limit) => member.bytes.subarray(0, limit) };
  return member;
}

function addLayer(root: Folder, { name, bytes }: UnpackedLayer): void {
  try {
    for (const entry of readTar(bytes)) takeAway(root, entry);
    for (const entry of readTar(bytes)) addEntry(root, entry);
  } catch (cause) {
    if (cause instanceof MalformedArchive) throw new MalformedArchive(`layer ${name}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** An unpacked layer. */
export interface UnpackedLayer {
  /** As the image names it, for messages. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * The tree of an image.
 *
 * @param layers - unpacked archives, the lowest first
 * @throws MalformedArchive that names the layer
 */
export function treeOfLayers(layers: Iterable<UnpackedLayer>): Tree {
  const root = emptyFolder();
  for (const layer of layers) addLayer(root, layer);
  return { entry: async (path) => entryOf(memberAt(root, stepsOf(path))) };
}
