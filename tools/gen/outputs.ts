// SPDX-License-Identifier: Apache-2.0
// The generator's outputs: texts by their path in the tree. Kept in memory until all are made, so that a failure
// writes nothing and a check needs no second tree.
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Texts by path from the root of the tree, with forward slashes. */
export type Outputs = ReadonlyMap<string, string>;

/** The mark in the first line of every generated file. */
const MARK = 'by npm run gen. Do not edit.';

/** The first lines of a generated TypeScript file. */
export function banner(source: string): string {
  return `// Generated from ${source} ${MARK}\n// SPDX-License-Identifier: Apache-2.0\n`;
}

/** The name of a file without folder and extension. */
export function fileStem(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1).replace(/\.[^.]+$/, '');
}

/**
 * How a file of the tree differs from what the generator makes: it is missing, it has another content, or nothing makes
 * it.
 */
export interface Drift {
  readonly path: string;
  readonly kind: 'missing' | 'stale' | 'surplus';
}

/**
 * The files in which a tree differs from the outputs, in order of their paths. Surplus ones are looked for in the given
 * folders.
 */
export async function findDrift(root: string, outputs: Outputs, folders: readonly string[]): Promise<readonly Drift[]> {
  const drift: Drift[] = [];
  for (const [path, text] of outputs) {
    const found = await readIfPresent(join(root, path));
    if (found === undefined) drift.push({ path, kind: 'missing' });
    else if (!found.equals(Buffer.from(text))) drift.push({ path, kind: 'stale' });
  }
  for (const path of await listFiles(root, folders)) {
    if (!outputs.has(path)) drift.push({ path, kind: 'surplus' });
  }
  return drift.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/**
 * Makes the tree equal to the outputs and returns what was changed. Files that are right already are left alone.
 * @throws Error before anything is written, when a surplus file was not generated: another's work is not ours to
 *   remove.
 */
export async function writeOutputs(
  root: string,
  outputs: Outputs,
  folders: readonly string[],
): Promise<readonly Drift[]> {
  const drift = await findDrift(root, outputs, folders);
  for (const { path } of drift.filter(({ kind }) => kind === 'surplus')) await refuseHandwritten(root, path);
  for (const { path, kind } of drift) {
    const file = join(root, path);
    if (kind === 'surplus') {
      await rm(file);
      continue;
    }
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, outputs.get(path) ?? '');
  }
  return drift;
}

async function refuseHandwritten(root: string, path: string): Promise<void> {
  const [first = ''] = (await readFile(join(root, path), 'utf8')).split('\n', 1);
  if (!first.includes(MARK))
    throw new Error(`${path} lies among generated files and was not generated: move or remove it`);
}

async function listFiles(root: string, folders: readonly string[]): Promise<readonly string[]> {
  const found: string[] = [];
  for (const folder of folders) {
    for (const entry of await readFolder(join(root, folder))) {
      if (entry.isFile()) found.push(`${folder}/${entry.name}`);
    }
  }
  return found;
}

async function readFolder(path: string): Promise<readonly { readonly name: string; isFile(): boolean }[]> {
  try {
    return await readdir(path, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readIfPresent(path: string): Promise<Buffer | undefined> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
