// SPDX-License-Identifier: Apache-2.0
// The wire between our processes and the C programs: schemas/wire in, TypeScript and C out, so that neither side spells
// a key by hand.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isObject, parseJson } from './json.ts';
import { printWireHeader } from './wire-print-c.ts';
import { printWireFrame, printWireTypes } from './wire-print-ts.ts';
import { readProtocol } from './wire-read.ts';
import type { Protocol } from './wire-read.ts';

/** Folders in which nothing may lie that is not generated from schemas/wire. */
export const WIRE_FOLDERS: readonly string[] = ['src/gen/wire', 'native/bpf/gen'];

/**
 * The files generated from schemas/wire below a root, by default that of this tree: texts by their path from the root.
 * @throws SyntaxError that names the file, the message and the field, when a schema is not flat.
 */
export async function wireFiles(root: string = join(import.meta.dirname, '../..')): Promise<Map<string, string>> {
  const protocols = await readProtocols(root);
  const frame = await readFile(join(root, 'tools/gen/wire-frame.ts'), 'utf8');
  return new Map([
    ...protocols.flatMap((protocol) => [printWireTypes(protocol), printWireHeader(protocol)]),
    printWireFrame(frame),
  ]);
}

/**
 * The protocols of schemas/wire below a root, in order of their files.
 * @throws SyntaxError that names the file, the message and the field, when a schema is not flat.
 */
export async function readProtocols(root: string): Promise<readonly Protocol[]> {
  const names = (await readdir(join(root, 'schemas/wire'))).filter((name) => name.endsWith('.json')).sort();
  return Promise.all(names.map((name) => readSource(root, `schemas/wire/${name}`)));
}

async function readSource(root: string, path: string): Promise<Protocol> {
  const content = parseJson(await readFile(join(root, path), 'utf8'), path);
  if (!isObject(content)) throw new SyntaxError(`${path} must hold a JSON object`);
  return readProtocol(path, content);
}
