// SPDX-License-Identifier: Apache-2.0
// Last phase: a validator per kind as code of its own. ajv prints the part that JSON Schema can say, cel.ts the rules; nothing is compiled
// when the operator runs, and no library is loaded for it.
import { _, Ajv2020, type AnySchemaObject, type Code, type KeywordCxt } from 'ajv/dist/2020.js';
import type { KeywordErrorCxt } from 'ajv/dist/types/index.js';
import standalone from 'ajv/dist/standalone/index.js';
import { isTransition, toJavaScript } from './cel.ts';
import { countCharacters, isIntOrString as fitsIntOrString } from './fault.ts';
import { banner, fileStem } from './outputs.ts';
import { DEFINITION } from './resolve.ts';
import { isIntOrString, walk, type Resource, type ValidationRule, type Schema } from './schema.ts';

const FOLDER = 'src/gen/validate';

/** The file with the validator of a kind: its path in the tree and its text. The shape of metadata is that of the given schema. */
export function printValidator(resource: Resource, metadata: Schema): readonly [path: string, text: string] {
  const { kind } = resource.names;
  const whole = wholeSchema(resource, metadata);
  const text = `${banner(resource.source)}// @ts-nocheck The code below is ajv's, which has no types; what is exported has.

import type { ${kind} } from '../crd/${fileStem(resource.source)}.ts';
import { countCharacters, findFaults, isIntOrString, type Fault } from './fault.ts';

${printFits(whole)}
const hints = ${JSON.stringify(hintsOf(whole), undefined, 2)};

const rules = [
${printRules(resource.schema)}];

/** Every fault of a value that should be a ${kind}; none when it is one. Faults that need the cluster or a node are found elsewhere. */
export function validate${kind}(value: unknown): readonly Fault[] {
  return findFaults(value, { fits, rules, hints });
}

/** Whether a value is a ${kind}. */
export function is${kind}(value: unknown): value is ${kind} {
  return validate${kind}(value).length === 0;
}
`;
  return [`${FOLDER}/${fileStem(resource.source)}.ts`, text];
}

/** The file that the validators share: its path in the tree and its text, from that of tools/gen/fault.ts. */
export function printFaults(text: string): readonly [path: string, text: string] {
  const [, ...rest] = text.split('\n');
  return [`${FOLDER}/fault.ts`, banner('tools/gen/fault.ts') + rest.join('\n')];
}

function wholeSchema({ names: { group, version, kind }, schema }: Resource, metadata: Schema): Schema {
  return {
    ...schema,
    required: ['apiVersion', 'kind', 'metadata', ...(schema.required ?? [])],
    properties: {
      apiVersion: { type: 'string', enum: [`${group}/${version}`] },
      kind: { type: 'string', enum: [kind] },
      metadata: userMetadata(metadata),
      ...schema.properties,
    },
  };
}

/** The part of metadata that users write. The rest is the API server's own, and not for us to judge. */
function userMetadata({ properties = {}, ...rest }: Schema): Schema {
  const written = ['name', 'generateName', 'namespace', 'labels', 'annotations'];
  const kept = Object.entries(properties).filter(([name]) => written.includes(name));
  return { ...rest, properties: Object.fromEntries(kept), 'x-kubernetes-preserve-unknown-fields': true };
}

/**
 * ajv's function for a schema, as the constant fits. What ajv would load from its own package is taken from fault.ts instead.
 * @throws Error when the code would still load something.
 */
function printFits(schema: Schema): string {
  const ajv = new Ajv2020({
    strict: true,
    allErrors: true,
    messages: false,
    code: { source: true, esm: true, lines: true },
  });
  ajv.addKeyword({ keyword: INT_OR_STRING, schemaType: 'object', error: INT_OR_STRING_ERROR, code: intOrStringCode });
  const code = standalone.default(ajv, ajv.compile(rootSchema(schema)));
  const [, name] = /^"use strict";\nexport const validate = (\w+);\nexport default \w+;\n/.exec(code) ?? [];
  const body = code
    .split('\n')
    .slice(3)
    .join('\n')
    .replaceAll('require("ajv/dist/runtime/ucs2length").default', countCharacters.name);
  if (name === undefined || /\b(require|import)\b/.test(body))
    throw new Error('the code of ajv has another form than expected');
  return `${body}\nconst fits = ${name};\n`;
}

const INT_OR_STRING = 'int-or-string';

const INT_OR_STRING_ERROR = {
  message: 'must be an integer or a string',
  params: ({ schema }: KeywordErrorCxt): Code => _`{pattern: ${(schema as IntOrString).pattern}}`,
};

interface IntOrString {
  readonly minimum: number;
  readonly pattern: string;
}

function intOrStringCode(context: KeywordCxt): void {
  const { minimum, pattern } = context.schema as IntOrString;
  const test = context.gen.scopeValue('func', { ref: fitsIntOrString, code: _`isIntOrString` });
  const compiled = context.gen.scopeValue('pattern', {
    ref: new RegExp(pattern, 'u'),
    code: _`new RegExp(${pattern}, "u")`,
  });
  context.fail(_`!${test}(${context.data}, ${minimum}, ${compiled})`);
}

/** The schema as ajv should see it. Shared objects become definitions, so that their code exists once. */
function rootSchema(schema: Schema): AnySchemaObject {
  const $defs: Record<string, AnySchemaObject> = {};
  const root = validatorSchema(schema, (name, definition) => {
    $defs[name] ??= definition();
    return { $ref: `#/$defs/${name}` };
  });
  return { ...root, $defs };
}

type Define = (name: string, definition: () => AnySchemaObject) => AnySchemaObject;

/** A node with closed objects, formats as limits, lists of type set without repetition, and no words. */
function validatorSchema(node: Schema, define: Define): AnySchemaObject {
  const { [DEFINITION]: definition, ...own } = node;
  if (definition !== undefined && node.type === 'object')
    return define(fileStem(definition), () => validatorSchema(own, define));
  if (isIntOrString(node)) {
    return { [INT_OR_STRING]: { minimum: node.minimum ?? Number.MIN_SAFE_INTEGER, pattern: node.pattern ?? '' } };
  }
  const kept = KEPT.flatMap((keyword) => (node[keyword] === undefined ? [] : [[keyword, node[keyword]] as const]));
  return {
    ...formatLimits(node.format),
    ...Object.fromEntries(kept),
    ...(node['x-kubernetes-list-type'] === 'set' ? { uniqueItems: true } : {}),
    ...(node.items === undefined ? {} : { items: validatorSchema(node.items, define) }),
    ...(node.type === 'object' ? objectSchema(node, define) : {}),
  };
}

const KEPT = [
  'type',
  'nullable',
  'enum',
  'minimum',
  'maximum',
  'exclusiveMinimum',
  'exclusiveMaximum',
  'multipleOf',
  'minLength',
  'maxLength',
  'pattern',
  'minItems',
  'maxItems',
  'minProperties',
  'maxProperties',
  'required',
] as const satisfies readonly (keyof Schema)[];

function objectSchema(node: Schema, define: Define): AnySchemaObject {
  const properties = Object.entries(node.properties ?? {}).map(
    ([name, inner]) => [name, validatorSchema(inner, define)] as const,
  );
  const isOpen = node['x-kubernetes-preserve-unknown-fields'] === true;
  const others = node.additionalProperties === undefined ? isOpen : validatorSchema(node.additionalProperties, define);
  return {
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    additionalProperties: others,
  };
}

/** RFC 3339, section 5.6, as the API server reads it. */
const DATE_TIME = '^[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt][0-9]{2}:[0-9]{2}:[0-9]{2}([.][0-9]+)?([Zz]|[+-][0-9]{2}:[0-9]{2})$';

const DATE_TIME_HINT = 'must be a time such as 2026-01-31T12:00:00Z';

/** A format as what ajv knows without one: JavaScript's numbers are no wider than int64 where they are exact. */
function formatLimits(format: string | undefined): AnySchemaObject {
  if (format === 'int32') return { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 };
  return format === 'date-time' ? { pattern: DATE_TIME } : {};
}

/**
 * The hints by pattern, which is all that a fault names.
 * @throws Error when a pattern has two hints.
 */
function hintsOf(schema: Schema): Readonly<Record<string, string>> {
  const hints = new Map([[DATE_TIME, DATE_TIME_HINT]]);
  for (const { at, node } of walk(schema)) {
    const { pattern, 'x-spo-hint': hint } = node;
    if (pattern === undefined || hint === undefined) continue;
    if ((hints.get(pattern) ?? hint) !== hint)
      throw new Error(`${at}: the pattern ${pattern} has another hint elsewhere`);
    hints.set(pattern, hint);
  }
  return Object.fromEntries(hints);
}

/** The rules of all nodes, each with the steps that lead to it. Rules that compare with the former object need one, so they are left out. */
function printRules(schema: Schema): string {
  return nodesWithSteps(schema, [])
    .flatMap(({ steps, node }) => (node['x-kubernetes-validations'] ?? []).map((rule) => ({ steps, node, rule })))
    .filter(({ rule }) => !isTransition(rule.rule))
    .map(({ steps, node, rule }) => printRule(steps, node, rule))
    .join('');
}

function printRule(steps: readonly string[], node: Schema, { rule, message, fieldPath = '' }: ValidationRule): string {
  return `  {
    steps: ${JSON.stringify(steps)},
    field: ${JSON.stringify(fieldPath.split('.').filter((step) => step !== ''))},
    message: ${JSON.stringify(message)},
    holds: (self) => ${toJavaScript(rule, node)},
  },
`;
}

interface Stepped {
  readonly steps: readonly string[];
  readonly node: Schema;
}

function nodesWithSteps(node: Schema, steps: readonly string[]): readonly Stepped[] {
  const properties = Object.entries(node.properties ?? {});
  return [
    { steps, node },
    ...properties.flatMap(([name, inner]) => nodesWithSteps(inner, [...steps, name])),
    ...(node.additionalProperties === undefined ? [] : nodesWithSteps(node.additionalProperties, [...steps, '{}'])),
    ...(node.items === undefined ? [] : nodesWithSteps(node.items, [...steps, '[]'])),
  ];
}
