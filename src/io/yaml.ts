// SPDX-License-Identifier: Apache-2.0
// YAML as kubectl reads it: version 1.1, in which `yes` is a boolean, but without its times and dates, and with the
// octal integers of version 1.2 (sigs.k8s.io/yaml 1.6.0, compared by a test). Integers are exact. The library is loaded
// when it is first needed, because commands that read JSON or plain YAML should not wait for it.
import type { ScalarTag, Tags } from 'yaml';
import { parsePlainYaml } from '../core/plain-yaml.ts';

/** Integers with a prefix; YAML 1.1 itself knows `0x` and `0b` in small letters, and no `0o`. */
const PREFIXED: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:int',
  test: /^[-+]?0(?:[bB][01_]+|[oO][0-7_]+|[xX][0-9a-fA-F_]+)$/,
  resolve: (text) => {
    const size = BigInt(text.replace(/^[-+]/, '').replaceAll('_', '').toLowerCase());
    return text.startsWith('-') ? -size : size;
  },
};

/** Integers that are no value of anything, as JSON is read here: V8 needs seconds for a million decimal digits. */
const ENDLESS: ScalarTag = {
  default: true,
  tag: 'tag:yaml.org,2002:float',
  test: /^[-+]?[1-9][0-9_]{40,}$/,
  resolve: (text) => Number(text.replaceAll('_', '')),
};

/** A name for 30 minutes past one, or for a day, is a text to kubectl; YAML 1.1 makes numbers and dates of them. */
function isTime(tag: Tags[number]): boolean {
  return typeof tag === 'object' && ('format' in tag ? tag.format === 'TIME' : tag.tag.endsWith(':timestamp'));
}

const AS_KUBECTL = {
  version: '1.1',
  customTags: (tags: Tags): Tags => [PREFIXED, ENDLESS, ...tags.filter((tag) => !isTime(tag))],
} as const;

/**
 * Every document of a text, as plain values; integers that a double cannot hold are bigint. Throws an Error with
 * line and column.
 */
export async function parseYaml(text: string): Promise<readonly unknown[]> {
  const plain = parsePlainYaml(text);
  if (plain !== undefined) return [plain];
  const { parseAllDocuments } = await import('./yaml-library.ts');
  const documents = parseAllDocuments(text, { ...AS_KUBECTL, intAsBigInt: true });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => {
    const [error] = document.errors;
    if (error !== undefined) throw new Error(sentenceOf(error.message));
    return narrowed(document.toJS());
  });
}

/**
 * The parser shows the place in lines of their own; the first one is a sentence with line and column. It reads levels
 * by recursion, and gives on what V8 says when there are too many.
 */
function sentenceOf(message: string): string {
  const [first = ''] = message.split('\n');
  return first.replace(/:$/, '').replace('Maximum call stack size exceeded', 'it is nested too deeply');
}

/**
 * For each document of a text the line of a field, from 1. A field that is not there has the line of the nearest
 * outer one. JSON is taken too, as YAML that happens to have braces.
 */
export async function locateYaml(text: string): Promise<readonly ((steps: readonly (string | number)[]) => number)[]> {
  const { LineCounter, isAlias, isMap, isScalar, isSeq, parseAllDocuments } = await import('./yaml-library.ts');
  const lineCounter = new LineCounter();
  const documents = parseAllDocuments(text, { ...AS_KUBECTL, lineCounter, uniqueKeys: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.map((document) => (steps) => {
    let offset = document.contents?.range[0] ?? 0;
    let node: unknown = document.contents;
    for (const step of steps) {
      if (isAlias(node)) node = node.resolve(document);
      if (isMap(node)) {
        const pair = node.items.find(({ key }) => isScalar(key) && key.value === step);
        if (!isScalar(pair?.key)) break;
        offset = pair.key.range?.[0] ?? offset;
        node = pair.value;
      } else if (isSeq(node)) {
        node = node.items[Number(step)];
        if (!isNodeWithRange(node)) break;
        offset = node.range[0];
      } else break;
    }
    return lineCounter.linePos(offset).line;
  });
}

function isNodeWithRange(node: unknown): node is { readonly range: readonly [number, number, number] } {
  return typeof node === 'object' && node !== null && 'range' in node && Array.isArray(node.range);
}

/** Integers that a number holds exactly, as numbers. */
function narrowed(value: unknown): unknown {
  if (typeof value === 'bigint') {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : value;
  }
  if (Array.isArray(value)) return value.map(narrowed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, narrowed(member)]));
}

/** The text of one document. A text that YAML 1.1 would read as something else is quoted. */
export async function printYaml(value: unknown): Promise<string> {
  const { stringify } = await import('./yaml-library.ts');
  return stringify(value, { version: '1.1', lineWidth: 0, aliasDuplicateObjects: false });
}
