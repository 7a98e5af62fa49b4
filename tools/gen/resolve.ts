// SPDX-License-Identifier: Apache-2.0
// Second phase of the generator: every $ref is replaced by what it names, because a CRD may hold none. Keywords beside
// a $ref win over those of the definition, so that a field can have a description of its own. Recursion has no
// structural form and is refused.
import { posix } from 'node:path';
import { isArray, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { Document } from './read.ts';

/**
 * Marks a node that came from a definition with a title: the path of its file. The printer of types imports it instead
 * of repeating it.
 */
export const DEFINITION = 'x-spo-definition';

/**
 * A document without $ref.
 * @throws ReferenceError that names the file and the reference, when it leads nowhere, outside schemas/defs or in a
 *   circle.
 */
export function resolve(document: Document, defs: ReadonlyMap<string, Document>): Document {
  const content = resolveObject(document.content, { path: document.path, trail: [document.path], defs });
  return { path: document.path, content };
}

interface Place {
  readonly path: string;
  /** The files that led here, outermost first. */
  readonly trail: readonly string[];
  readonly defs: ReadonlyMap<string, Document>;
}

function resolveJson(value: Json, place: Place): Json {
  if (isArray(value)) return value.map((item) => resolveJson(item, place));
  return isObject(value) ? resolveObject(value, place) : value;
}

function resolveObject(node: JsonObject, place: Place): JsonObject {
  const { $ref: reference, ...own } = node;
  const resolved = Object.fromEntries(Object.entries(own).map(([key, value]) => [key, resolveJson(value, place)]));
  if (reference === undefined) return resolved;
  if (typeof reference !== 'string') throw new ReferenceError(`${place.path}: $ref must be a string`);
  return { ...definition(reference, place), ...resolved };
}

function definition(reference: string, place: Place): JsonObject {
  const path = posix.normalize(posix.join(posix.dirname(place.path), reference));
  const found = place.defs.get(path);
  if (found === undefined)
    throw new ReferenceError(`${place.path}: $ref ${reference} leads to no file of schemas/defs`);
  if (place.trail.includes(path)) {
    throw new ReferenceError(`${place.path}: $ref ${reference} is recursive (${[...place.trail, path].join(' > ')})`);
  }
  const inner = resolveObject(found.content, { ...place, path, trail: [...place.trail, path] });
  const named = typeof inner['title'] === 'string';
  return named ? { ...inner, [DEFINITION]: path } : inner;
}
