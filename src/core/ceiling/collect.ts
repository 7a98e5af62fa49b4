// SPDX-License-Identifier: Apache-2.0
// The binaries of a tree that count: given programs with all that their loader brings, or everything there is.
import { readBinary } from './binary.ts';
import type { Binary } from './binary.ts';
import { MalformedBinary, isElf } from './binary/elf.ts';
import { configuredFolders, findLibrary } from './libraries.ts';
import { UnreadableFile, allFiles, findFile } from './tree.ts';
import type { FoundFile, Tree } from './tree.ts';

/** Something that cannot be looked into. */
export type Gap =
  | { readonly type: 'missing'; readonly path: string; readonly library: string }
  | { readonly type: 'unreadable'; readonly path: string; readonly reason: string }
  | { readonly type: 'script'; readonly path: string; readonly interpreter: string };

/** The binaries that count. */
export interface Collected {
  readonly binaries: readonly Binary[];
  readonly gaps: readonly Gap[];
}

/** Bytes of all binaries; more are refused. */
const MAX_BYTES = 4 * 1024 ** 3;
const HEAD_BYTES = 256;

interface Collecting {
  readonly tree: Tree;
  readonly configured: readonly string[];
  readonly binaries: Map<string, Binary>;
  readonly gaps: Gap[];
  bytes: number;
}

function add(collecting: Collecting, binary: Binary): boolean {
  if (collecting.binaries.has(binary.path)) return false;
  collecting.bytes += binary.elf.view.byteLength;
  if (collecting.bytes > MAX_BYTES) throw new RangeError('the binaries have more than 4 GiB');
  collecting.binaries.set(binary.path, binary);
  return true;
}

/** Reads a file that begins as a binary does; what it is instead, or what is wrong with it, is noted. */
async function readFile(collecting: Collecting, { path, read }: FoundFile): Promise<Binary | undefined> {
  try {
    const head = await read(HEAD_BYTES);
    const [, interpreter] = /^#!\s*(\S+)/.exec(String.fromCharCode(...head)) ?? [];
    if (interpreter !== undefined) collecting.gaps.push({ type: 'script', path, interpreter });
    if (!isElf(head)) return undefined;
    return readBinary(path, await read());
  } catch (error) {
    if (!(error instanceof MalformedBinary || error instanceof UnreadableFile)) throw error;
    collecting.gaps.push({ type: 'unreadable', path, reason: error.message });
    return undefined;
  }
}

/** Adds what the loader brings for a binary, and for what it brings. */
async function addNeeded(collecting: Collecting, binary: Binary): Promise<void> {
  const { tree, configured, gaps } = collecting;
  const waiting = [binary];
  for (let user = waiting.pop(); user !== undefined; user = waiting.pop()) {
    const { interpreter, needed } = user.dynamic;
    for (const library of [...(interpreter === undefined ? [] : [interpreter]), ...needed]) {
      const found = await findLibrary(tree, user, library, configured);
      if (found === undefined) gaps.push({ type: 'missing', path: user.path, library });
      else if (add(collecting, found)) waiting.push(found);
    }
  }
}

function nothingIn(tree: Tree, configured: readonly string[]): Collecting {
  return { tree, configured, binaries: new Map(), gaps: [], bytes: 0 };
}

function collected({ binaries, gaps }: Collecting): Collected {
  return { binaries: [...binaries.values()], gaps };
}

/** A program that is not there. */
export class NoSuchProgram extends Error {
  override readonly name = 'NoSuchProgram';
}

/**
 * Programs, their loaders and their libraries. A script counts as what interprets it.
 *
 * @throws NoSuchProgram
 */
export async function collectPrograms(tree: Tree, programs: readonly string[]): Promise<Collected> {
  const collecting = nothingIn(tree, await configuredFolders(tree));
  const waiting = [...programs];
  const seen = new Set<string>();
  for (let program = waiting.pop(); program !== undefined; program = waiting.pop()) {
    const file = await findFile(tree, program);
    if (file === undefined) throw new NoSuchProgram(`${program}: there is no such program`);
    if (seen.has(file.path)) continue;
    seen.add(file.path);
    const before = collecting.gaps.length;
    const binary = await readFile(collecting, file);
    const noted = collecting.gaps.slice(before);
    if (binary === undefined && noted.length === 0)
      throw new NoSuchProgram(`${program}: is neither a binary nor a script`);
    waiting.push(...noted.flatMap((gap) => (gap.type === 'script' ? [gap.interpreter] : [])));
    if (binary !== undefined && add(collecting, binary)) await addNeeded(collecting, binary);
  }
  return collected(collecting);
}

/** Every binary of a tree. */
export async function collectAll(tree: Tree): Promise<Collected> {
  const collecting = nothingIn(tree, await configuredFolders(tree));
  for await (const file of allFiles(tree)) {
    const binary = await readFile(collecting, file);
    if (binary !== undefined) add(collecting, binary);
  }
  return collected(collecting);
}
