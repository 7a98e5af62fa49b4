// SPDX-License-Identifier: Apache-2.0
// The printed types, by what a reader of them relies on: everything is readonly, null and 64 bits are not lost, shared
// parts are imported.
import { expect } from 'chai';
import { printDefinitionTypes, printKindTypes } from '../../tools/gen/print-types.ts';
import { DEFINITION } from '../../tools/gen/resolve.ts';
import type { Resource, Schema } from '../../tools/gen/schema.ts';

const NAMES = { group: 'example.org', version: 'v1', kind: 'Example', plural: 'examples', singular: 'example' };

async function printed(properties: Readonly<Record<string, Schema>>): Promise<string> {
  const schema: Schema = { type: 'object', properties: { spec: { title: 'Spec', type: 'object', properties } } };
  const resource: Resource = {
    source: 'schemas/crd/example.json',
    names: { ...NAMES, shortNames: [], scope: 'Namespaced', columns: [] },
    schema,
  };
  const [path, text] = await printKindTypes(resource);
  expect(path).to.equal('src/gen/crd/example.ts');
  return text;
}

/** The lines of the interface Spec, without descriptions. */
async function fields(properties: Readonly<Record<string, Schema>>): Promise<readonly string[]> {
  const [, body = ''] = /interface Spec \{\n(.*?)^\}/ms.exec(await printed(properties)) ?? [];
  return body
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !/^(\/\*\*|\*)/.test(line));
}

describe('printKindTypes()', () => {
  it('says what every object has, and where it comes from', async () => {
    const text = await printed({});
    expect(text).to.match(/^\/\/ Generated from schemas\/crd\/example\.json by npm run gen\. Do not edit\.\n/);
    expect(text).to.include("import type { ObjectMeta } from './defs/object-meta.ts';");
    expect(text).to.include("readonly apiVersion: 'example.org/v1';");
    expect(text).to.include("readonly kind: 'Example';");
    expect(text).to.include('readonly metadata: ObjectMeta;');
    expect(text).to.include('readonly spec?: Spec;');
  });

  it('makes properties, lists and maps readonly, at any depth', async () => {
    const list: Schema = {
      type: 'array',
      maxItems: 3,
      minItems: 1,
      items: { type: 'array', items: { type: 'string' } },
    };
    expect(await fields({ list, map: { type: 'object', additionalProperties: list } })).to.deep.equal([
      'readonly list?: readonly (readonly string[])[];',
      'readonly map?: {',
      'readonly [k: string]: readonly (readonly string[])[];',
      '};',
    ]);
  });

  it('keeps null, 64 bits, words of an enum and what is preserved', async () => {
    const anyOf: readonly Schema[] = [{ type: 'integer' }, { type: 'string' }];
    const either: Schema = { anyOf, 'x-kubernetes-int-or-string': true };
    const found = await fields({
      flag: { type: 'boolean', nullable: true },
      bits: { ...either, 'x-spo-ts-type': 'number | bigint | string' },
      amount: either,
      word: { type: 'string', enum: ['a', 'b'] },
      rest: { 'x-kubernetes-preserve-unknown-fields': true },
    });
    expect(found).to.deep.equal([
      'readonly flag?: boolean | null;',
      'readonly bits?: number | bigint | string;',
      'readonly amount?: number | string;',
      "readonly word?: 'a' | 'b';",
      'readonly rest?: unknown;',
    ]);
  });

  it('imports a shared part with a title', async () => {
    const part: Schema = { title: 'Part', type: 'object', properties: {}, [DEFINITION]: 'schemas/defs/part.json' };
    expect(await printed({ part })).to.include("import type { Part } from './defs/part.ts';");
  });
});

describe('printDefinitionTypes()', () => {
  it('prints a shared part as a file beside those of the others', async () => {
    const inner: Schema = { title: 'Inner', type: 'object', properties: {}, [DEFINITION]: 'schemas/defs/inner.json' };
    const schema: Schema = { title: 'Part', type: 'object', required: ['inner'], properties: { inner } };
    const [path, text] = await printDefinitionTypes({ source: 'schemas/defs/part.json', schema });
    expect(path).to.equal('src/gen/crd/defs/part.ts');
    expect(text).to.include("import type { Inner } from './inner.ts';");
    expect(text).to.include('readonly inner: Inner;');
  });
});
