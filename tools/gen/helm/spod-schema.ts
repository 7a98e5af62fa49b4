// SPDX-License-Identifier: Apache-2.0
// The schema of the spod's spec, from its CRD, as the JSON Schema that Helm holds values against.
import { parse } from 'yaml';
import { isArray, isObject } from '../json.ts';
import type { Json, JsonObject } from '../json.ts';

/** Keywords that mean the same in a CRD and in JSON Schema. */
const SAME = [
  'description',
  'type',
  'enum',
  'minimum',
  'maximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
  'exclusiveMinimum',
  'exclusiveMaximum',
] as const;

/**
 * The schema of `spec`. Objects are closed, so that a misspelt option is refused. Rules that need the API server are
 * its own, and defaults are left to it: values show what was asked for.
 * @throws TypeError when the text is no CRD
 */
export function spodSchema(crd: string): JsonObject {
  return jsonSchema(at(parse(crd, { version: '1.1' }) as Json, PATH));
}

const PATH = 'spec.versions.0.schema.openAPIV3Schema.properties.spec';

function at(value: Json | undefined, path: string): JsonObject {
  let here = value;
  for (const step of path.split('.')) {
    if (isArray(here)) here = here[Number(step)];
    else here = isObject(here) ? here[step] : undefined;
  }
  if (!isObject(here)) throw new TypeError(`the CRD has no ${path}`);
  return here;
}

function jsonSchema(node: JsonObject): JsonObject {
  const same = SAME.flatMap((keyword) => (node[keyword] === undefined ? [] : [[keyword, node[keyword]] as const]));
  const { type, nullable, items, properties, additionalProperties, anyOf } = node;
  return {
    ...Object.fromEntries(same),
    ...(nullable === true && type !== undefined ? { type: [type, 'null'] } : {}),
    ...(isArray(anyOf) ? { anyOf } : {}),
    ...(isObject(items) ? { items: jsonSchema(items) } : {}),
    ...closed(properties, additionalProperties),
  };
}

function closed(properties: Json | undefined, others: Json | undefined): JsonObject {
  if (isObject(others)) return { additionalProperties: jsonSchema(others) };
  if (!isObject(properties)) return {};
  const inner = Object.entries(properties).map(([name, field]) => [name, jsonSchema(field as JsonObject)] as const);
  return { additionalProperties: false, properties: Object.fromEntries(inner) };
}
