// SPDX-License-Identifier: Apache-2.0
// The middle language of the wire printers: what a file of schemas/wire says, checked to be flat enough for C to read
// without allocating. A message holds strings, integers, booleans and arrays of integers, all of them required and
// bounded.
import { createHash } from 'node:crypto';
import { isArray, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';

/** The type of a field of a message. */
export type FieldShape =
  | { readonly kind: 'string'; readonly maxLength: number }
  | { readonly kind: 'choice'; readonly name: string; readonly values: readonly string[] }
  | { readonly kind: 'uint64' }
  | { readonly kind: 'integer'; readonly minimum: number; readonly maximum: number }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'integers'; readonly minimum: number; readonly maximum: number; readonly maxItems: number };

/** A field of a message. Its name is in camel case. */
export interface Field {
  readonly name: string;
  readonly description: string;
  readonly shape: FieldShape;
}

/** A message. Its name is the value of its property "type". */
export interface Message {
  readonly name: string;
  readonly description: string;
  readonly fields: readonly Field[];
}

/** A pair of languages between our process and a program of it: events come up, commands go down. */
export interface Protocol {
  /** Path of the schema from the root of the tree. */
  readonly source: string;
  /** Words in lower case, joined by hyphens, such as container-recorder. */
  readonly name: string;
  readonly description: string;
  /** The first 12 hexadecimal digits of the SHA-256 of what the schema says, descriptions left out. */
  readonly version: string;
  readonly events: readonly Message[];
  readonly commands: readonly Message[];
}

/**
 * Reads the document of a wire schema.
 * @throws SyntaxError that names the file, the message, the field and what is wrong with it.
 */
export function readProtocol(source: string, content: JsonObject): Protocol {
  const parts = objectAt(content, '$defs', source);
  const messages = Object.entries(objectAt(content, 'messages', source)).map(([name, value]) =>
    readMessage(name, value, parts, `${source}: message ${name}`),
  );
  const named = (way: 'up' | 'down') =>
    messages.filter(({ direction }) => direction === way).map(({ message }) => message);
  const name = textAt(content, 'title', source);
  if (!/^[a-z]+(-[a-z]+)*$/.test(name)) throw new SyntaxError(`${source}: title must be words joined by hyphens`);
  const version = createHash('sha256').update(canonical(content)).digest('hex').slice(0, 12);
  const description = textAt(content, 'description', source);
  return { source, name, description, version, events: named('up'), commands: named('down') };
}

function readMessage(name: string, value: Json, parts: JsonObject, at: string) {
  if (!isObject(value)) throw new SyntaxError(`${at} must be an object`);
  checkName(name, at);
  const direction = textAt(value, 'direction', at);
  if (direction !== 'up' && direction !== 'down') throw new SyntaxError(`${at}: direction must be up or down`);
  const fields = Object.entries(objectAt(value, 'properties', at)).map(([field, schema]) =>
    readField(name, field, schema, parts, `${at}: field ${field}`),
  );
  return { direction, message: { name, description: textAt(value, 'description', at), fields } };
}

function readField(message: string, name: string, value: Json, parts: JsonObject, at: string): Field {
  if (!isObject(value)) throw new SyntaxError(`${at} must be an object`);
  checkName(name, at);
  if (name === 'type') throw new SyntaxError(`${at}: the name type tells messages apart`);
  const { description, $ref: reference, ...inline } = value;
  if (typeof description !== 'string') throw new SyntaxError(`${at} has no description`);
  if (reference === undefined) return { name, description, shape: readShape(inline, message + capital(name), at) };
  const part = typeof reference === 'string' ? /^#\/\$defs\/(\w+)$/.exec(reference)?.[1] : undefined;
  const schema = part === undefined ? undefined : parts[part];
  if (part === undefined || !isObject(schema)) throw new SyntaxError(`${at}: there is no ${JSON.stringify(reference)}`);
  return { name, description, shape: readShape(schema, part, at) };
}

function readShape(schema: JsonObject, choiceName: string, at: string): FieldShape {
  switch (schema['type']) {
    case 'boolean':
      return { kind: 'boolean' };
    case 'integer':
      return { kind: 'integer', ...readBounds(schema, at) };
    case 'array': {
      const items = objectAt(schema, 'items', at);
      if (items['type'] !== 'integer') throw new SyntaxError(`${at}: only arrays of integers are flat enough`);
      return { kind: 'integers', ...readBounds(items, at), maxItems: integerAt(schema, 'maxItems', at) };
    }
    case 'string':
      return readText(schema, choiceName, at);
    default:
      throw new SyntaxError(`${at}: the type must be string, integer, boolean or array`);
  }
}

function readText(schema: JsonObject, choiceName: string, at: string): FieldShape {
  const values = schema['enum'];
  if (schema['format'] === 'uint64') return { kind: 'uint64' };
  if (values === undefined) return { kind: 'string', maxLength: integerAt(schema, 'maxLength', at) };
  if (!isArray(values) || !values.every((value) => typeof value === 'string' && /^\w+$/.test(value)))
    throw new SyntaxError(`${at}: enum must be a list of words`);
  return { kind: 'choice', name: choiceName, values: values.map(String) };
}

function readBounds(schema: JsonObject, at: string) {
  return { minimum: integerAt(schema, 'minimum', at), maximum: integerAt(schema, 'maximum', at) };
}

function integerAt(object: JsonObject, key: string, at: string): number {
  const value = object[key];
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw new SyntaxError(`${at} needs an integer ${key}`);
  return value;
}

function textAt(object: JsonObject, key: string, at: string): string {
  const value = object[key];
  if (typeof value !== 'string') throw new SyntaxError(`${at} needs a ${key}`);
  return value;
}

function objectAt(object: JsonObject, key: string, at: string): JsonObject {
  const value = object[key];
  if (!isObject(value)) throw new SyntaxError(`${at} needs an object ${key}`);
  return value;
}

function checkName(name: string, at: string): void {
  if (!/^[a-z][A-Za-z0-9]*$/.test(name)) throw new SyntaxError(`${at}: names are in camel case`);
}

function capital(name: string): string {
  return name.charAt(0).toUpperCase() + name.slice(1);
}

/** JSON text that changes when the language changes, and not when it is only explained in other words. */
function canonical(value: Json): string {
  if (isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (!isObject(value)) return JSON.stringify(value);
  const entries = Object.entries(value).filter(([key, inner]) => key !== 'description' || isObject(inner));
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`;
}
