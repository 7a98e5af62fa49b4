// SPDX-License-Identifier: Apache-2.0
// The rules that every node of a schema must keep so that a structural CRD can be printed from it. Each returns its
// faults as sentences; the place is added by the caller. Sources: the CustomResourceDefinition validation of Kubernetes
// and its documentation of structural schemas, list types and RE2.
import { isArray, isObject } from './json.ts';
import type { Json } from './json.ts';
import { isIntOrString } from './schema.ts';
import type { Schema, Visit } from './schema.ts';

/** Judges one node. */
export type NodeRule = (visit: Visit) => readonly string[];

/** A rule that has one sentence for one fault. */
function when(broken: boolean, fault: string): readonly string[] {
  return broken ? [fault] : [];
}

const preserves = (node: Schema): boolean => node['x-kubernetes-preserve-unknown-fields'] === true;

const typed: NodeRule = ({ node }) => {
  if (isIntOrString(node)) {
    const form = JSON.stringify(node.anyOf) === '[{"type":"integer"},{"type":"string"}]';
    return when(
      !form || node.type !== undefined,
      'x-kubernetes-int-or-string needs exactly anyOf [{type: integer}, {type: string}] and no type',
    );
  }
  return [
    ...when(node.anyOf !== undefined, 'anyOf is only for x-kubernetes-int-or-string'),
    ...when(node.type === undefined && !preserves(node), 'a type is missing'),
  ];
};

const objects: NodeRule = ({ node }) => {
  const { properties, additionalProperties, required = [] } = node;
  const unknown = required.filter((name) => properties?.[name] === undefined);
  const isObjectNode = node.type === 'object';
  return [
    ...when(
      properties !== undefined && additionalProperties !== undefined,
      'properties and additionalProperties exclude each other',
    ),
    ...when(!isObjectNode && (properties ?? additionalProperties) !== undefined, 'properties need the type object'),
    ...when(
      isObjectNode && (properties ?? additionalProperties) === undefined && !preserves(node),
      'an object needs properties or additionalProperties',
    ),
    ...unknown.map((name) => `required names ${name}, which is no property`),
  ];
};

const arrays: NodeRule = ({ node }) => [
  ...when(node.type === 'array' && node.items === undefined, 'an array needs items'),
  ...when(node.type !== 'array' && node.items !== undefined, 'items need the type array'),
  ...when(
    node.type !== 'array' && node['x-kubernetes-list-type'] !== undefined,
    'x-kubernetes-list-type needs the type array',
  ),
];

const lists: NodeRule = ({ node }) => {
  const keys = node['x-kubernetes-list-map-keys'];
  const type = node['x-kubernetes-list-type'];
  const item = node.items;
  if (type === 'set') return when(item !== undefined && !isScalar(item), 'a list of type set needs scalar items');
  if (type !== 'map') return when(keys !== undefined, 'x-kubernetes-list-map-keys need x-kubernetes-list-type map');
  if (keys === undefined || keys.length === 0) return ['a list of type map needs x-kubernetes-list-map-keys'];
  return keys
    .filter((key) => !isListKey(item, key))
    .map((key) => `the list key ${key} must be a scalar property of the items, required or with a default`);
};

function isListKey(item: Schema | undefined, key: string): boolean {
  const property = item?.properties?.[key];
  if (property === undefined || !isScalar(property)) return false;
  return item?.required?.includes(key) === true || property.default !== undefined;
}

function isScalar(node: Schema): boolean {
  return node.type !== 'object' && node.type !== 'array' && !preserves(node);
}

/**
 * The formats that the API server checks and that src/core/validation checks as well. It ignores those that it does not
 * know.
 */
const FORMATS: Readonly<Record<string, string>> = { int32: 'integer', int64: 'integer', 'date-time': 'string' };

const formats: NodeRule = ({ node: { format, type } }) => {
  if (format === undefined) return [];
  const wants = FORMATS[format];
  if (wants === undefined)
    return [`format ${format} is not in the dialect: the API server ignores formats that it does not know`];
  return when(type !== wants, `format ${format} needs the type ${wants}`);
};

/** Features of JavaScript's patterns that RE2 lacks or reads differently. */
const NOT_RE2: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/\(\?[=!]/, 'lookahead'],
  [/\(\?<[=!]/, 'lookbehind'],
  [/\\[1-9]/, 'a backreference'],
  [/\\k</, 'a backreference'],
  [/\\u/, 'the escape \\u'],
  [/\\c/, 'the escape \\c'],
];

const patterns: NodeRule = ({ node: { pattern, type, 'x-spo-hint': hint, ...node } }) => {
  if (pattern === undefined) return when(hint !== undefined, 'x-spo-hint needs a pattern');
  const named = NOT_RE2.filter(([construct]) => construct.test(pattern.replaceAll('\\\\', ''))).map(([, name]) => name);
  const counts = [...pattern.matchAll(/\{(\d+)(?:,(\d*))?\}/g)].flatMap(([, low = '', high = '']) => [
    Number(low),
    Number(high),
  ]);
  return [
    ...when(type !== 'string' && !isIntOrString(node), 'a pattern needs the type string'),
    ...when(!isRegExp(pattern), `the pattern ${pattern} is no regular expression`),
    ...named.map((name) => `the pattern uses ${name}, which RE2 does not have`),
    ...when(
      counts.some((count) => count > 1000),
      'the pattern repeats more than 1000 times, which RE2 refuses',
    ),
    ...when(hint === undefined, 'a pattern needs an x-spo-hint that says in words what it wants'),
  ];
};

function isRegExp(pattern: string): boolean {
  try {
    return new RegExp(pattern, 'u').source !== '';
  } catch {
    return false;
  }
}

const enums: NodeRule = ({ node }) => {
  const values = node.enum ?? [];
  return [
    ...values
      .filter((value) => typeof value !== 'string')
      .map((value) => `enum holds ${JSON.stringify(value)}: only strings are in the dialect`),
    ...when(node.enum !== undefined && node.type !== 'string', 'enum needs the type string'),
    ...when(new Set(values).size !== values.length, 'enum holds a value twice'),
  ];
};

const ranges: NodeRule = ({ node }) => {
  const given = [node.minimum, node.maximum, node.exclusiveMinimum, node.exclusiveMaximum, node.multipleOf].some(
    (limit) => limit !== undefined,
  );
  const lengths = node.minLength ?? node.maxLength;
  const pairs = [
    [node.minimum, node.maximum, 'minimum', 'maximum'],
    [node.minLength, node.maxLength, 'minLength', 'maxLength'],
    [node.minItems, node.maxItems, 'minItems', 'maxItems'],
    [node.minProperties, node.maxProperties, 'minProperties', 'maxProperties'],
  ] as const;
  const isNumeric = node.type === 'integer' || node.type === 'number' || isIntOrString(node);
  return [
    ...when(given && !isNumeric, 'limits of numbers need the type integer or number'),
    ...when(lengths !== undefined && node.type !== 'string' && !isIntOrString(node), 'lengths need the type string'),
    ...when(
      (node.minItems ?? node.maxItems) !== undefined && node.type !== 'array',
      'minItems and maxItems need the type array',
    ),
    ...pairs.flatMap(([low = 0, high = Infinity, lowName, highName]) =>
      when(low > high, `${lowName} is above ${highName}`),
    ),
  ];
};

const bounded: NodeRule = ({ node }) => {
  const isText = node.type === 'string' || isIntOrString(node);
  const isFinite = node.enum !== undefined || node.format === 'date-time';
  return [
    ...when(
      isText && !isFinite && node.maxLength === undefined,
      'a string needs maxLength: the cost of a rule above it has no bound otherwise',
    ),
    ...when(
      node.type === 'array' && node.maxItems === undefined,
      'an array needs maxItems: the cost of a rule above it has no bound otherwise',
    ),
    ...when(
      node.additionalProperties !== undefined && node.maxProperties === undefined,
      'a map needs maxProperties: the cost of a rule above it has no bound otherwise',
    ),
  ];
};

const described: NodeRule = ({ node, at }) => {
  if (at.endsWith('[]') || at.endsWith('{}')) return [];
  return when(
    !/^[A-Z].*[.]$/s.test(node.description ?? ''),
    'a description is missing, a sentence for kubectl explain that ends with a full stop',
  );
};

const defaults: NodeRule = ({ node }) =>
  node.default === undefined ? [] : misfits(node.default, node).map((reason) => `the default ${reason}`);

/**
 * Why a default is no value of its node, or holds fields that would be pruned. Only what defaults of this project make
 * use of.
 */
function misfits(value: Json, node: Schema): readonly string[] {
  if (value === null) return when(node.nullable !== true, 'is null, but the node is not nullable');
  if (node.type === 'array') {
    return isArray(value)
      ? value.flatMap((item) => misfits(item, node.items ?? {}))
      : [`must be an array, not ${JSON.stringify(value)}`];
  }
  if (node.type === 'object') {
    return isObject(value) ? objectMisfits(value, node) : [`must be an object, not ${JSON.stringify(value)}`];
  }
  const isRight = node.type === 'integer' ? Number.isInteger(value) : typeof value === node.type;
  return [
    ...when(!isRight, `must be of type ${node.type ?? 'integer'}, not ${JSON.stringify(value)}`),
    ...when(node.enum !== undefined && !node.enum.includes(value), `${JSON.stringify(value)} is not in the enum`),
    ...when(
      typeof value === 'string' && node.pattern !== undefined && !new RegExp(node.pattern, 'u').test(value),
      `${JSON.stringify(value)} does not match the pattern`,
    ),
  ];
}

function objectMisfits(value: Readonly<Record<string, Json>>, node: Schema): readonly string[] {
  const missing = (node.required ?? []).filter((name) => value[name] === undefined).map((name) => `lacks ${name}`);
  const inner = Object.entries(value).flatMap(([name, field]) => {
    const property = node.properties?.[name] ?? node.additionalProperties;
    return property === undefined ? [`holds the unknown field ${name}`] : misfits(field, property);
  });
  return [...missing, ...inner];
}

/** The rules for shared parts and kinds alike. */
export const EVERYWHERE: readonly NodeRule[] = [
  typed,
  objects,
  arrays,
  lists,
  formats,
  patterns,
  enums,
  ranges,
  described,
  defaults,
];

/** The rules for what becomes a CRD. */
export const IN_KINDS: readonly NodeRule[] = [bounded];
