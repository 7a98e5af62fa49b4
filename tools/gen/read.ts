// SPDX-License-Identifier: Apache-2.0
// First phase of the generator: the files of schemas/ as JSON documents, in a fixed order, so that the output never
// depends on the disk.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';

/** A schema file: its path from the root of the tree, with forward slashes, and its content. */
export interface Document {
  readonly path: string;
  readonly content: JsonObject;
}

/** The content of schemas/ for the custom resources. */
export interface Sources {
  /** schemas/crd: one document per kind and version. */
  readonly kinds: readonly Document[];
  /** schemas/defs: the parts that kinds share, by path. */
  readonly defs: ReadonlyMap<string, Document>;
}

/**
 * Reads schemas/crd and schemas/defs below a root.
 * @throws SyntaxError when a file is no JSON object.
 */
export async function readSources(root: string): Promise<Sources> {
  const kinds = await readFolder(root, 'schemas/crd');
  const defs = await readFolder(root, 'schemas/defs');
  return { kinds, defs: new Map(defs.map((document) => [document.path, document])) };
}

async function readFolder(root: string, folder: string): Promise<readonly Document[]> {
  const names = (await readdir(join(root, folder))).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => readDocument(root, `${folder}/${name}`)));
}

async function readDocument(root: string, path: string): Promise<Document> {
  const content = parseJson(await readFile(join(root, path), 'utf8'), path);
  if (!isObject(content)) throw new SyntaxError(`${path} is no schema: it must hold a JSON object`);
  return { path, content };
}
