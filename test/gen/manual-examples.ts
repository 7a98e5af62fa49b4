// SPDX-License-Identifier: Apache-2.0
// The examples of the user manual that are about our own kinds, taken out of its text: the YAML documents, and the
// patches of kubectl patch spod. The last extraction is kept in test/golden/manual, because a clone need not have
// the manual beside it.
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { KINDS } from '../../src/gen/kinds.ts';
import { ROOT } from './cases.ts';

/** An example: the name of its file and its text, exactly as in the manual. */
export interface Example {
  readonly file: string;
  readonly text: string;
}

/** The YAML documents of our kinds in a Markdown text, numbered in their order. */
export function extractDocuments(markdown: string): readonly Example[] {
  const blocks = [...markdown.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, text = '']) => text);
  return blocks
    .flatMap((text) => {
      const kind = KINDS.find((one) => new RegExp(`^kind: ${one.kind}$`, 'm').test(text));
      const name = /^ {2}name: (\S+)$/m.exec(text)?.[1];
      return kind === undefined || name === undefined ? [] : [{ stem: `${kind.singular}-${name}`, text }];
    })
    .map(({ stem, text }, index) => ({ file: `${String(index + 1).padStart(2, '0')}-${stem}.yaml`, text }));
}

/**
 * The patches of spod in a Markdown text, numbered in their order: those in a kubectl command as JSON, those for a file
 * as YAML. Where the manual only hints at the content ({...}), there is nothing to take.
 */
export function extractPatches(markdown: string): readonly Example[] {
  const inCommands = [...markdown.matchAll(/kubectl[^\n]* patch spod spod[^']*?-p\s*=?\s*'(\{.*?\})'/gs)];
  const inFiles = [...markdown.matchAll(/^```yaml\n(spec:\n {2}webhookOptions:.*?)^```$/gms)];
  return [...inCommands, ...inFiles]
    .sort((a, b) => a.index - b.index)
    .flatMap(([, text = '']) => (text.includes('{...}') ? [] : [text.endsWith('\n') ? text : `${text}\n`]))
    .map((text, index) => ({
      file: `${String(index + 1).padStart(2, '0')}-spod-patch.${text.startsWith('{') ? 'json' : 'yaml'}`,
      text,
    }));
}

/** The manual's text, or undefined where it does not lie beside the tree. */
export async function readManual(): Promise<string | undefined> {
  try {
    return await readFile(join(ROOT, '../shared/manual.md'), 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The examples that are kept in the tree. */
export async function keptExamples(): Promise<readonly Example[]> {
  const folder = join(ROOT, 'test/golden/manual');
  const files = (await readdir(folder)).sort();
  return Promise.all(files.map(async (file) => ({ file, text: await readFile(join(folder, file), 'utf8') })));
}
