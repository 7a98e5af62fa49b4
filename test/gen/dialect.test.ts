// SPDX-License-Identifier: Apache-2.0
// Every rule of the dialect, by a schema that breaks it and the sentence that says so.
import { expect } from 'chai';
import { checkDefinition, checkKind, checkTogether, DialectError } from '../../tools/gen/dialect.ts';
import type { Json, JsonObject } from '../../tools/gen/json.ts';
import { readSources } from '../../tools/gen/read.ts';
import { resolve } from '../../tools/gen/resolve.ts';
import { ROOT } from './cases.ts';

const SERVING: JsonObject = {
  group: 'example.org',
  version: 'v1',
  plural: 'examples',
  singular: 'example',
  shortNames: [],
  scope: 'Namespaced',
  columns: [],
};

interface Parts {
  readonly field?: JsonObject;
  readonly root?: JsonObject;
  readonly serving?: JsonObject;
}

function kind({ field, root = {}, serving = {} }: Parts): JsonObject {
  return {
    title: 'Example',
    description: 'An example.',
    type: 'object',
    properties:
      field === undefined
        ? { kept: { type: 'boolean', description: 'A field.' } }
        : { field: { description: 'A field.', ...field } },
    'x-spo-resource': { ...SERVING, ...serving },
    ...root,
  };
}

function faultsOf(parts: Parts): readonly string[] {
  try {
    checkKind({ path: 'example.json', content: kind(parts) });
    return [];
  } catch (error) {
    if (error instanceof DialectError) return error.faults;
    throw error;
  }
}

const TEXT = { type: 'string', maxLength: 5 };
const map = (keys: Json, items: Json): JsonObject => ({
  type: 'array',
  maxItems: 5,
  'x-kubernetes-list-type': 'map',
  ...(keys === null ? {} : { 'x-kubernetes-list-map-keys': keys }),
  items,
});

/** A field, and its only fault. */
const FIELDS: readonly (readonly [field: JsonObject, fault: string])[] = [
  [{ const: 'a' }, 'the keyword const is not in the dialect: write an enum with one value'],
  [
    { ...TEXT, uniqueItems: true },
    'the keyword uniqueItems is not in the dialect: write "x-kubernetes-list-type": "set"',
  ],
  [
    { type: 'object', patternProperties: {} },
    'the keyword patternProperties is not in the dialect: a CRD cannot tell properties by pattern; use additionalProperties',
  ],
  [
    { type: 'object', propertyNames: {} },
    'the keyword propertyNames is not in the dialect: a CRD cannot restrict names of properties; check them in core',
  ],
  [{ type: 'object', if: {} }, 'the keyword if is not in the dialect: write a rule in x-kubernetes-validations'],
  [{ oneOf: [] }, 'the keyword oneOf is not in the dialect: write a rule in x-kubernetes-validations'],
  [
    { allOf: [] },
    'the keyword allOf is not in the dialect: write a rule in x-kubernetes-validations, or repeat the properties by $ref',
  ],
  [{ type: 'array', prefixItems: [] }, 'the keyword prefixItems is not in the dialect: a CRD has no tuples'],
  [
    { type: 'array', unevaluatedItems: false },
    'the keyword unevaluatedItems is not in the dialect: a CRD has no tuples',
  ],
  [
    { type: 'array', contains: {} },
    'the keyword contains is not in the dialect: write a rule in x-kubernetes-validations',
  ],
  [{ $defs: {} }, 'the keyword $defs is not in the dialect: put shared parts into schemas/defs'],
  [{ $id: 'x' }, 'the keyword $id is not in the dialect: the path of the file names it'],
  [{ examples: [] }, 'the keyword examples is not in the dialect'],
  [
    { type: 'object', additionalProperties: false },
    'additionalProperties: false is not in the dialect: objects are closed by themselves',
  ],
  [{ type: ['string', 'null'] }, 'type must be one word: write "nullable": true for null'],
  [{ type: 'null' }, 'type must be one word: write "nullable": true for null'],
  [{ type: 'text' }, 'type cannot be "text"'],
  [{ type: 'array', items: [TEXT] }, `items cannot be ${JSON.stringify([TEXT])}`],
  [{ ...TEXT, maxLength: -1 }, 'maxLength cannot be -1'],
  [{ ...TEXT, 'x-kubernetes-validations': [{ rule: 'true' }] }, 'x-kubernetes-validations cannot be [{"rule":"true"}]'],
  [{}, 'a type is missing'],
  [
    { type: 'string', 'x-kubernetes-int-or-string': true, maxLength: 5 },
    'x-kubernetes-int-or-string needs exactly anyOf [{type: integer}, {type: string}] and no type',
  ],
  [
    { anyOf: [{ type: 'string' }], 'x-kubernetes-int-or-string': true, maxLength: 5 },
    'x-kubernetes-int-or-string needs exactly anyOf [{type: integer}, {type: string}] and no type',
  ],
  [{ ...TEXT, anyOf: [{ type: 'integer' }] }, 'anyOf is only for x-kubernetes-int-or-string'],
  [
    { type: 'object', properties: {}, additionalProperties: TEXT, maxProperties: 5 },
    'properties and additionalProperties exclude each other',
  ],
  [{ ...TEXT, properties: {} }, 'properties need the type object'],
  [{ type: 'object' }, 'an object needs properties or additionalProperties'],
  [{ type: 'object', properties: {}, required: ['a'] }, 'required names a, which is no property'],
  [{ type: 'array', maxItems: 5 }, 'an array needs items'],
  [{ ...TEXT, items: TEXT }, 'items need the type array'],
  [{ ...TEXT, 'x-kubernetes-list-type': 'atomic' }, 'x-kubernetes-list-type needs the type array'],
  [
    { type: 'array', maxItems: 5, 'x-kubernetes-list-type': 'set', items: { type: 'object', properties: {} } },
    'a list of type set needs scalar items',
  ],
  [map(null, { type: 'object', properties: {} }), 'a list of type map needs x-kubernetes-list-map-keys'],
  [
    map(['name'], { type: 'object', properties: {} }),
    'the list key name must be a scalar property of the items, required or with a default',
  ],
  [
    map(['name'], { type: 'object', properties: { name: { ...TEXT, description: 'A name.' } } }),
    'the list key name must be a scalar property of the items, required or with a default',
  ],
  [
    { type: 'array', maxItems: 5, 'x-kubernetes-list-map-keys': ['a'], items: TEXT },
    'x-kubernetes-list-map-keys need x-kubernetes-list-type map',
  ],
  [
    { ...TEXT, format: 'uri' },
    'format uri is not in the dialect: the API server ignores formats that it does not know',
  ],
  [{ ...TEXT, format: 'int32' }, 'format int32 needs the type integer'],
  [{ ...TEXT, pattern: '(?=a)b', 'x-spo-hint': 'b' }, 'the pattern uses lookahead, which RE2 does not have'],
  [{ ...TEXT, pattern: '(?<!a)b', 'x-spo-hint': 'b' }, 'the pattern uses lookbehind, which RE2 does not have'],
  [{ ...TEXT, pattern: '(a)\\1', 'x-spo-hint': 'b' }, 'the pattern uses a backreference, which RE2 does not have'],
  [
    { ...TEXT, pattern: '(?<x>a)\\k<x>', 'x-spo-hint': 'b' },
    'the pattern uses a backreference, which RE2 does not have',
  ],
  [{ ...TEXT, pattern: '\\u0041', 'x-spo-hint': 'b' }, 'the pattern uses the escape \\u, which RE2 does not have'],
  [{ ...TEXT, pattern: 'a{1001}', 'x-spo-hint': 'b' }, 'the pattern repeats more than 1000 times, which RE2 refuses'],
  [{ ...TEXT, pattern: '(', 'x-spo-hint': 'b' }, 'the pattern ( is no regular expression'],
  [{ ...TEXT, pattern: 'a' }, 'a pattern needs an x-spo-hint that says in words what it wants'],
  [{ ...TEXT, 'x-spo-hint': 'b' }, 'x-spo-hint needs a pattern'],
  [{ type: 'boolean', pattern: 'a', 'x-spo-hint': 'b' }, 'a pattern needs the type string'],
  [{ type: 'integer', enum: ['1'] }, 'enum needs the type string'],
  [{ type: 'string', enum: ['a', 1] }, 'enum holds 1: only strings are in the dialect'],
  [{ type: 'string', enum: ['a', 'a'] }, 'enum holds a value twice'],
  [{ type: 'string', enum: [] }, 'enum cannot be []'],
  [{ ...TEXT, minimum: 1 }, 'limits of numbers need the type integer or number'],
  [{ type: 'integer', maxLength: 5 }, 'lengths need the type string'],
  [{ ...TEXT, maxItems: 5 }, 'minItems and maxItems need the type array'],
  [{ type: 'integer', minimum: 2, maximum: 1 }, 'minimum is above maximum'],
  [{ ...TEXT, minLength: 6 }, 'minLength is above maxLength'],
  [{ type: 'string' }, 'a string needs maxLength: the cost of a rule above it has no bound otherwise'],
  [{ type: 'array', items: TEXT }, 'an array needs maxItems: the cost of a rule above it has no bound otherwise'],
  [
    { type: 'object', additionalProperties: TEXT },
    'a map needs maxProperties: the cost of a rule above it has no bound otherwise',
  ],
  [
    { ...TEXT, description: 'No full stop' },
    'a description is missing, a sentence for kubectl explain that ends with a full stop',
  ],
  [{ ...TEXT, default: 5 }, 'the default must be of type string, not 5'],
  [{ ...TEXT, default: null }, 'the default is null, but the node is not nullable'],
  [{ type: 'string', enum: ['a'], default: 'b' }, 'the default "b" is not in the enum'],
  [{ ...TEXT, pattern: '^a$', 'x-spo-hint': 'a', default: 'b' }, 'the default "b" does not match the pattern'],
  [{ type: 'array', maxItems: 5, items: TEXT, default: 'a' }, 'the default must be an array, not "a"'],
  [{ type: 'array', maxItems: 5, items: TEXT, default: [1] }, 'the default must be of type string, not 1'],
  [{ type: 'object', properties: {}, default: { a: 1 } }, 'the default holds the unknown field a'],
  [{ type: 'object', properties: {}, default: [] }, 'the default must be an object, not []'],
  [
    { type: 'object', properties: { a: { type: 'boolean', description: 'A.' } }, required: ['a'], default: {} },
    'the default lacks a',
  ],
];

const column = (name: string, type: string, jsonPath: string): JsonObject => ({ columns: [{ name, type, jsonPath }] });

/** How a kind is served, and its only fault. */
const SERVED: readonly (readonly [serving: JsonObject, fault: string])[] = [
  [{ group: 'Example' }, 'group Example must be a lower-case domain name'],
  [{ version: '1' }, 'version 1 must be of the form v1, v1beta1 or v1alpha1'],
  [{ version: 1 }, 'x-spo-resource.version must be a string'],
  [{ plural: 'things' }, 'plural things must begin with example'],
  [{ singular: 'exampl' }, 'singular exampl must be example'],
  [{ shortNames: ['EX'] }, 'EX must be a lower-case DNS label'],
  [{ shortNames: 'ex' }, 'x-spo-resource.shortNames must be a list of strings'],
  [{ scope: 'Global' }, 'x-spo-resource.scope must be Namespaced or Cluster'],
  [{ categories: [] }, 'x-spo-resource.categories is not known'],
  [{ columns: [{ name: 'A' }] }, 'x-spo-resource.columns must be a list of columns with name, type and jsonPath'],
  [
    { columns: [{ name: 'A', type: 'text', jsonPath: '.a' }] },
    'x-spo-resource.columns must be a list of columns with name, type and jsonPath',
  ],
  [column('A', 'string', '.nothing'), 'column A: jsonPath .nothing leads to no field'],
  [column('A', 'string', '.kept[0]'), 'column A: jsonPath .kept[0] must be a plain path such as .status.status'],
  [column('A', 'integer', '.kept'), 'column A: type integer does not fit .kept, which is of type boolean'],
  [column('A', 'string', '.metadata.creationTimestamp'), 'column A: .metadata.creationTimestamp is a date'],
];

describe('the dialect', () => {
  it('takes a schema that keeps its rules', () => {
    expect(faultsOf({ serving: column('A', 'boolean', '.kept') })).to.deep.equal([]);
    expect(faultsOf({ field: { ...TEXT, pattern: '^\\\\1{2}$', 'x-spo-hint': 'x' } })).to.deep.equal([]);
    const items = { type: 'object', required: ['name'], properties: { name: { ...TEXT, description: 'A name.' } } };
    expect(faultsOf({ field: map(['name'], items) })).to.deep.equal([]);
  });

  for (const [field, fault] of FIELDS) {
    it(`refuses ${JSON.stringify(field)}`, () => {
      expect(faultsOf({ field })).to.deep.equal([`example.json: field: ${fault}`]);
    });
  }

  for (const [serving, fault] of SERVED) {
    it(`refuses to serve ${JSON.stringify(serving)}`, () => {
      expect(faultsOf({ serving })).to.deep.equal([`example.json: ${fault}`]);
    });
  }

  it('refuses a kind whose metadata is described, which has no title or is no object', () => {
    const metadata = { type: 'boolean', description: 'A.' };
    expect(faultsOf({ root: { properties: { metadata } } })).to.deep.equal([
      'example.json: metadata must not be described: the generator adds it, and a CRD may not restrict it',
    ]);
    expect(faultsOf({ root: { title: null } })).to.deep.equal(['example.json: title cannot be null']);
    expect(faultsOf({ root: { type: 'boolean', properties: {} } })).to.include(
      'example.json: the root must have the type object',
    );
    expect(faultsOf({ root: { 'x-spo-resource': [] } })).to.deep.equal(['example.json: x-spo-resource is missing']);
  });

  it('names the place of a fault, and all of them', () => {
    const items = { type: 'object', properties: { 'a.b': { type: 'string', description: 'A.' } } };
    const field = { type: 'object', maxProperties: 1, additionalProperties: { type: 'array', items } };
    expect(faultsOf({ field })).to.deep.equal([
      'example.json: field{}: an array needs maxItems: the cost of a rule above it has no bound otherwise',
      "example.json: field{}[]['a.b']: a string needs maxLength: the cost of a rule above it has no bound otherwise",
    ]);
  });

  it('lets shared parts be unbounded, but checks them otherwise', () => {
    const part = (schema: JsonObject) => () =>
      checkDefinition({ path: 'part.json', content: { description: 'A part.', ...schema } });
    expect(part({ type: 'string' })()).to.have.nested.property('schema.type', 'string');
    expect(part({ type: 'array' })).to.throw(DialectError, 'part.json: an array needs items');
    expect(part({ const: 1 })).to.throw(DialectError, 'part.json: the keyword const');
  });

  it('refuses two documents for one plural', () => {
    const one = checkKind({ path: 'one.json', content: kind({}) });
    const two = checkKind({ path: 'two.json', content: kind({}) });
    expect(() => checkTogether([one, two])).to.throw(
      'two.json: examples.example.org is also described by one.json; several versions of a kind need a conversion',
    );
  });
});

describe('resolve()', () => {
  const defs = new Map(
    Object.entries({
      part: { type: 'string', description: 'A.' },
      self: { $ref: 'self.json' },
      far: { $ref: '../../far.json' },
    }).map(([name, content]) => [`schemas/defs/${name}.json`, { path: `schemas/defs/${name}.json`, content }] as const),
  );
  const resolved = ($ref: Json): JsonObject =>
    resolve({ path: 'schemas/crd/a.json', content: { properties: { a: { $ref, description: 'B.' } } } }, defs).content;

  it('puts the definition in the place of its name, and lets a description of the field win', () => {
    expect(resolved('../defs/part.json')).to.deep.equal({ properties: { a: { type: 'string', description: 'B.' } } });
  });

  it('names the file with a reference that leads nowhere, outside, in a circle, or is none', () => {
    expect(() => resolved('../defs/none.json')).to.throw(
      'schemas/crd/a.json: $ref ../defs/none.json leads to no file of schemas/defs',
    );
    expect(() => resolved('../defs/far.json')).to.throw(
      'schemas/defs/far.json: $ref ../../far.json leads to no file of schemas/defs',
    );
    expect(() => resolved('../defs/self.json')).to.throw(
      'schemas/defs/self.json: $ref self.json is recursive (schemas/crd/a.json > schemas/defs/self.json > schemas/defs/self.json)',
    );
    expect(() => resolved(1)).to.throw('schemas/crd/a.json: $ref must be a string');
  });
});

describe('schemas/', () => {
  it('has no definition that nothing uses', async () => {
    const { kinds, defs } = await readSources(ROOT);
    const text = JSON.stringify([...kinds, ...defs.values()].map(({ content }) => content));
    const unused = [...defs.keys()].filter((path) => !text.includes(path.slice(path.lastIndexOf('/') + 1)));
    expect(unused).to.deep.equal(['schemas/defs/object-meta.json']);
  });
});
