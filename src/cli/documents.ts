// SPDX-License-Identifier: Apache-2.0
// The documents of a file: JSON, or YAML with any number of them; lists are taken apart. A key that is written twice
// is an error in both: readers differ in which of the two counts.
import { isJsonObject, parseJson, repeatedKey } from '../core/json.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** One object of a file. */
export interface Document {
  readonly value: unknown;
  /** Which document of the file holds it, from 0. */
  readonly index: number;
  /** The steps to it within that document: an item of a list. */
  readonly steps: readonly (string | number)[];
}

/** A file that cannot be read as JSON or YAML. */
export class UnreadableText extends UserError {
  /** Where, from 1; undefined where that is not known. */
  readonly line: number | undefined;
  readonly reason: string;

  constructor(path: string, reason: string, line: number | undefined, options?: ErrorOptions) {
    super(`${path}: ${reason}`, options);
    this.reason = reason;
    this.line = line;
  }
}

function lineOf(reason: string): number | undefined {
  const [, line] = /\bline (\d+)/.exec(reason) ?? [];
  return line === undefined ? undefined : Number(line);
}

function parseOneJson(text: string): unknown {
  const value = parseJson(text);
  const repeated = repeatedKey(text);
  if (repeated === undefined) return value;
  const line = text.slice(0, repeated.offset).split('\n').length;
  throw new SyntaxError(`${repeated.path} is written twice (line ${String(line)})`);
}

/** Objects within a list of the API, such as `kubectl get -o yaml` prints; another value is itself. */
function items(value: unknown, index: number): readonly Document[] {
  const isList = isJsonObject(value) && typeof value['kind'] === 'string' && value['kind'].endsWith('List');
  const members = isList ? value['items'] : undefined;
  if (!Array.isArray(members)) return [{ value, index, steps: [] }];
  return members.map((item: unknown, at) => ({ value: item, index, steps: ['items', at] }));
}

/** Whether a text is meant as JSON; everything else is read as YAML. */
export function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/**
 * The objects of a text; empty documents are passed over.
 *
 * @param path - of the file, for messages
 * @throws UnreadableText when it is neither JSON nor YAML, or writes a key twice
 */
export async function parseDocuments(text: string, path: string, terminal: Terminal): Promise<readonly Document[]> {
  try {
    const values = looksLikeJson(text) ? [parseOneJson(text)] : await terminal.yaml.parse(text);
    return values.flatMap(items).filter(({ value }) => value !== null && value !== undefined);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new UnreadableText(path, reason, lineOf(reason), { cause });
  }
}

/** The kind and the name of an object, for messages. */
export function titleOf(value: unknown): string {
  if (!isJsonObject(value)) return 'a document that is no object';
  const { kind, metadata } = value;
  const name = isJsonObject(metadata) ? metadata['name'] : undefined;
  return [kind, name].filter((word) => typeof word === 'string').join(' ') || 'an object without a kind';
}

/** Whether a text may be an object, in YAML or JSON. */
export function holdsKind(text: string): boolean {
  return /^kind:|"kind"/m.test(text);
}
