// SPDX-License-Identifier: Apache-2.0
// Third phase of the generator: is a document of the narrow dialect? The API server has the last word on a CRD, but it
// speaks late and of one fault at a time; here every fault is named with its file and place. This file knows which
// keywords there are and what they hold; rules.ts judges nodes, serving.ts the names and columns of a kind.
import { child, walk } from './schema.ts';
import type { Definition, Names, Resource, Schema } from './schema.ts';
import { isArray, isObject } from './json.ts';
import type { Json, JsonObject } from './json.ts';
import type { Document } from './read.ts';
import { DEFINITION } from './resolve.ts';
import { EVERYWHERE, IN_KINDS } from './rules.ts';
import type { NodeRule } from './rules.ts';
import { parseNames, SERVING_RULES } from './serving.ts';

/** Key of a document's root that tells how the API server serves the kind. */
export const SERVING = 'x-spo-resource';

/** A document is not of the dialect. The message has a line for every fault, with file and place. */
export class DialectError extends Error {
  readonly faults: readonly string[];

  constructor(source: string, faults: readonly string[]) {
    const lines = faults.map((fault) => `${source}: ${fault}`);
    super(lines.join('\n'));
    this.name = 'DialectError';
    this.faults = lines;
  }
}

/**
 * Takes the resolved document of a kind for what it is.
 * @throws DialectError with every fault.
 */
export function checkKind({ path, content }: Document): Resource {
  const { [SERVING]: serving, ...root } = content;
  const schema = checkedSchema(path, root);
  const faults = schemaFaults(schema, [...EVERYWHERE, ...IN_KINDS]);
  const names = parseNames(serving, schema);
  if (!names.ok) throw new DialectError(path, [...faults, ...names.faults]);
  const resource = { source: path, names: names.value, schema };
  const all = [...faults, ...rootFaults(schema), ...SERVING_RULES.flatMap((rule) => rule(resource))];
  if (all.length > 0) throw new DialectError(path, all);
  return resource;
}

/**
 * Takes the resolved document of a shared part for what it is.
 * @throws DialectError with every fault.
 */
export function checkDefinition({ path, content }: Document): Definition {
  const schema = checkedSchema(path, content);
  const faults = schemaFaults(schema, EVERYWHERE);
  if (faults.length > 0) throw new DialectError(path, faults);
  return { source: path, schema };
}

/**
 * Two documents must not describe the same plural: several versions of a kind would need a conversion.
 * @throws DialectError that names both files.
 */
export function checkTogether(resources: readonly Resource[]): void {
  const seen = new Map<string, Resource>();
  for (const resource of resources) {
    const plural = pluralOf(resource.names);
    const other = seen.get(plural);
    if (other !== undefined) {
      throw new DialectError(resource.source, [
        `${plural} is also described by ${other.source}; several versions of a kind need a conversion`,
      ]);
    }
    seen.set(plural, resource);
  }
}

function pluralOf({ plural, group }: Names): string {
  return `${plural}.${group}`;
}

/** From here on the document counts as a Schema: every keyword was found to be known and to hold what it should. */
function checkedSchema(source: string, content: JsonObject): Schema {
  const faults = keywordFaults(content, '');
  if (faults.length > 0) throw new DialectError(source, faults);
  return content;
}

function schemaFaults(schema: Schema, rules: readonly NodeRule[]): readonly string[] {
  return [...walk(schema)].flatMap((visit) =>
    rules.flatMap((rule) => rule(visit).map((fault) => place(visit.at, fault))),
  );
}

function rootFaults(schema: Schema): readonly string[] {
  const given = ['apiVersion', 'kind', 'metadata'].filter((name) => schema.properties?.[name] !== undefined);
  return [
    ...(schema.type === 'object' ? [] : ['the root must have the type object']),
    ...given.map((name) => `${name} must not be described: the generator adds it, and a CRD may not restrict it`),
  ];
}

function place(at: string, fault: string): string {
  return at === '' ? fault : `${at}: ${fault}`;
}

const isText = (value: Json): boolean => typeof value === 'string';
const isNumber = (value: Json): boolean => typeof value === 'number';
const isCount = (value: Json): boolean => typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
const isFlag = (value: Json): boolean => typeof value === 'boolean';
const isTexts = (value: Json): boolean => isArray(value) && value.every(isText);
const isRules = (value: Json): boolean =>
  isArray(value) &&
  value.every(
    (rule) => isObject(rule) && isTexts(Object.values(rule)) && isTexts([rule['rule'] ?? 0, rule['message'] ?? 0]),
  );
const oneOf =
  (...words: readonly string[]) =>
  (value: Json): boolean =>
    typeof value === 'string' && words.includes(value);

/** The keywords of the dialect, and whether a value is one that they may have. */
const KEYWORDS: Readonly<Record<string, (value: Json) => boolean>> = {
  $schema: oneOf('https://json-schema.org/draft/2020-12/schema'),
  $comment: isText,
  title: isText,
  description: isText,
  type: oneOf('object', 'array', 'string', 'integer', 'number', 'boolean'),
  format: isText,
  nullable: isFlag,
  enum: (value) => isArray(value) && value.length > 0,
  default: () => true,
  minimum: isNumber,
  maximum: isNumber,
  exclusiveMinimum: isNumber,
  exclusiveMaximum: isNumber,
  multipleOf: isNumber,
  minLength: isCount,
  maxLength: isCount,
  pattern: isText,
  minItems: isCount,
  maxItems: isCount,
  minProperties: isCount,
  maxProperties: isCount,
  items: isObject,
  properties: (value) => isObject(value) && Object.values(value).every(isObject),
  required: isTexts,
  additionalProperties: isObject,
  anyOf: (value) => isArray(value) && value.every(isObject),
  'x-kubernetes-int-or-string': isFlag,
  'x-kubernetes-preserve-unknown-fields': isFlag,
  'x-kubernetes-list-type': oneOf('atomic', 'set', 'map'),
  'x-kubernetes-list-map-keys': isTexts,
  'x-kubernetes-map-type': oneOf('atomic', 'granular'),
  'x-kubernetes-validations': isRules,
  'x-spo-hint': isText,
  'x-spo-ts-type': isText,
  [DEFINITION]: isText,
};

/** Keywords of JSON Schema that a structural schema cannot have, and what to write instead. */
const FORBIDDEN: Readonly<Record<string, string>> = {
  $id: 'the path of the file names it',
  $ref: 'references are resolved before this check',
  $defs: 'put shared parts into schemas/defs',
  definitions: 'put shared parts into schemas/defs',
  const: 'write an enum with one value',
  uniqueItems: 'write "x-kubernetes-list-type": "set"',
  patternProperties: 'a CRD cannot tell properties by pattern; use additionalProperties',
  propertyNames: 'a CRD cannot restrict names of properties; check them in core',
  unevaluatedProperties: 'objects are closed by themselves',
  unevaluatedItems: 'a CRD has no tuples',
  prefixItems: 'a CRD has no tuples',
  contains: 'write a rule in x-kubernetes-validations',
  dependencies: 'write a rule in x-kubernetes-validations',
  dependentRequired: 'write a rule in x-kubernetes-validations',
  dependentSchemas: 'write a rule in x-kubernetes-validations',
  if: 'write a rule in x-kubernetes-validations',
  then: 'write a rule in x-kubernetes-validations',
  else: 'write a rule in x-kubernetes-validations',
  allOf: 'write a rule in x-kubernetes-validations, or repeat the properties by $ref',
  oneOf: 'write a rule in x-kubernetes-validations',
  not: 'write a rule in x-kubernetes-validations',
};

/** The faults of a keyword's value, in the words of its type; the advice where a keyword has one. */
function keywordFaults(node: JsonObject, at: string): readonly string[] {
  const own = Object.entries(node).flatMap(([keyword, value]) =>
    keywordFault(keyword, value).map((fault) => place(at, fault)),
  );
  return own.length > 0 ? own : innerNodes(node, at).flatMap(([inner, where]) => keywordFaults(inner, where));
}

function keywordFault(keyword: string, value: Json): readonly string[] {
  const advice = FORBIDDEN[keyword];
  if (advice !== undefined) return [`the keyword ${keyword} is not in the dialect: ${advice}`];
  if (keyword === 'additionalProperties' && value === false) {
    return ['additionalProperties: false is not in the dialect: objects are closed by themselves'];
  }
  if (keyword === 'type' && (value === 'null' || isArray(value)))
    return ['type must be one word: write "nullable": true for null'];
  const fits = KEYWORDS[keyword];
  if (fits === undefined) return [`the keyword ${keyword} is not in the dialect`];
  return fits(value) ? [] : [`${keyword} cannot be ${JSON.stringify(value)}`];
}

function innerNodes(node: JsonObject, at: string): readonly (readonly [node: JsonObject, at: string])[] {
  const { properties, items, additionalProperties, anyOf } = node;
  const named = isObject(properties)
    ? Object.entries(properties).map(([name, inner]) => [inner, child(at, name)] as const)
    : [];
  const choices = isArray(anyOf) ? anyOf.map((inner) => [inner, `${at}.anyOf`] as const) : [];
  const all = [...named, ...choices, [items, `${at}[]`] as const, [additionalProperties, `${at}{}`] as const];
  return all.flatMap(([inner, where]) => (isObject(inner) ? [[inner, where] as const] : []));
}
