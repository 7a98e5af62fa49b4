// SPDX-License-Identifier: Apache-2.0
// JSON Patch (RFC 6902) without `move` and `copy`: the form in which webhooks answer. It is applied here, too, at least
// as strictly as the API server does it, so that an answer can be tried before it is given: the API server's error for
// a bad one does not name the webhook.
import { isJsonObject } from './json.ts';

/** One step of a patch. `path` is a JSON pointer (RFC 6901). */
export type PatchOperation =
  | { readonly op: 'add' | 'replace' | 'test'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A patch that does not fit the document that it was made for. */
export class PatchDoesNotApply extends Error {
  override readonly name = 'PatchDoesNotApply';
}

/** The JSON pointer to a place: `/` and `~` of its parts are escaped. */
export function pointer(...parts: readonly (string | number)[]): string {
  let text = '';
  for (const part of parts) text += `/${typeof part === 'number' ? String(part) : escaped(part)}`;
  return text;
}

/** Most parts have nothing to escape, and to look for it costs less than to replace nothing. */
function escaped(part: string): string {
  if (!part.includes('/') && !part.includes('~')) return part;
  return part.replaceAll('~', '~0').replaceAll('/', '~1');
}

function partsOf(path: string): readonly string[] {
  if (path === '') return [];
  if (!path.startsWith('/')) throw new PatchDoesNotApply(`${JSON.stringify(path)} is no JSON pointer`);
  const parts = path.slice(1).split('/');
  return path.includes('~') ? parts.map((part) => part.replaceAll('~1', '/').replaceAll('~0', '~')) : parts;
}

const INDEX = /^(?:0|[1-9]\d*)$/;

function indexIn(list: readonly unknown[], part: string, most: number, path: string): number {
  const index = INDEX.test(part) ? Number(part) : Infinity;
  if (index > most) throw new PatchDoesNotApply(`${path}: the list of ${String(list.length)} has no place ${part}`);
  return index;
}

/** An object or a list that has been copied already, so that it may be changed. */
type Draft = Record<string, unknown> | unknown[];

/** The copies made so far: a value is copied once, however many operations reach it. */
type Drafts = Set<unknown>;

function setMember(object: Draft, key: string, value: unknown): void {
  // A plain assignment to this key would make no member.
  if (key === '__proto__')
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  else (object as Record<string, unknown>)[key] = value;
}

function memberOf(parent: unknown, part: string, path: string): unknown {
  if (Array.isArray(parent)) return parent[indexIn(parent, part, parent.length - 1, path)] as unknown;
  return isJsonObject(parent) && Object.hasOwn(parent, part) ? parent[part] : undefined;
}

function draftOf(value: unknown, drafts: Drafts, path: string): Draft {
  if (drafts.has(value)) return value as Draft;
  if (!Array.isArray(value) && !isJsonObject(value)) throw new PatchDoesNotApply(`${path} has no parent`);
  const draft = Array.isArray(value) ? [...(value as readonly unknown[])] : { ...value };
  drafts.add(draft);
  return draft;
}

function check(current: unknown, operation: PatchOperation): void {
  if (operation.op === 'test' && !sameJson(current, operation.value)) {
    throw new PatchDoesNotApply(`${operation.path} is not ${JSON.stringify(operation.value)}`);
  }
}

function changeList(list: unknown[], part: string, operation: PatchOperation): void {
  if (operation.op === 'add') {
    const index = part === '-' ? list.length : indexIn(list, part, list.length, operation.path);
    list.splice(index, 0, operation.value);
    return;
  }
  const index = indexIn(list, part, list.length - 1, operation.path);
  check(list[index], operation);
  if (operation.op === 'remove') list.splice(index, 1);
  if (operation.op === 'replace') list[index] = operation.value;
}

function changeObject(object: Record<string, unknown>, key: string, operation: PatchOperation): void {
  if (operation.op !== 'add' && !Object.hasOwn(object, key)) {
    throw new PatchDoesNotApply(`${operation.path} is not there`);
  }
  check(object[key], operation);
  if (operation.op === 'remove') Reflect.deleteProperty(object, key);
  if (operation.op === 'add' || operation.op === 'replace') setMember(object, key, operation.value);
}

function step(document: unknown, operation: PatchOperation, drafts: Drafts): unknown {
  const parts = partsOf(operation.path);
  const last = parts.at(-1);
  if (last === undefined) throw new PatchDoesNotApply('a patch of the whole document is not taken');
  const root = draftOf(document, drafts, operation.path);
  let parent = root;
  for (const part of parts.slice(0, -1)) {
    const next = draftOf(memberOf(parent, part, operation.path), drafts, operation.path);
    setMember(parent, part, next);
    parent = next;
  }
  if (Array.isArray(parent)) changeList(parent, last, operation);
  else changeObject(parent, last, operation);
  return root;
}

/** Whether two JSON values are the same, whatever the order of members. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return a === b;
  const keys = Object.keys(a);
  return (
    keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameJson(a[key], b[key]))
  );
}

/**
 * The document after the patch; the given one stays as it is.
 * @throws PatchDoesNotApply when a parent or a removed or replaced place is not there, or a `test` fails
 */
export function applyPatch(document: unknown, patch: readonly PatchOperation[]): unknown {
  const drafts: Drafts = new Set();
  return patch.reduce((value, operation) => step(value, operation, drafts), document);
}
