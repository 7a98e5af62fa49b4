// SPDX-License-Identifier: Apache-2.0
// The shapes against the printed CRDs: ajv, which reads the schemas of the CRDs, must find faults in the same fields
// of objects that were changed at random. Metadata and rules of several fields are left out, which a CRD's schema
// does not describe for ajv.
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { AnySchemaObject, ValidateFunction } from 'ajv/dist/2020.js';
import { expect } from 'chai';
import fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkShape } from '../../src/core/validation/check-shape.ts';
import { stepsOf } from '../../src/core/validation/fault.ts';
import { SHAPES } from '../../src/gen/shape/all.ts';
import { CASES, ROOT, stemOf } from './cases.ts';
import { KINDS } from '../../src/gen/kinds.ts';
import type { Kind } from '../../src/gen/kinds.ts';

type Node = Readonly<Record<string, unknown>>;

const DATE_TIME = '^\\d{4}-\\d\\d-\\d\\d[Tt]\\d\\d:\\d\\d:\\d\\d([.]\\d+)?([Zz]|[+-]\\d\\d:\\d\\d)$';
const KEPT =
  /^(type|nullable|enum|minimum|maximum|multipleOf|minLength|maxLength|pattern|(min|max)(Items|Properties)|required)$/;

function nodes(value: unknown): Readonly<Record<string, Node>> {
  return (value ?? {}) as Readonly<Record<string, Node>>;
}

/** A structural schema in the words of JSON Schema 2020-12: closed objects, formats as patterns and limits. */
function plain(node: Node): Node {
  const open = node['x-kubernetes-preserve-unknown-fields'] === true;
  const properties = Object.entries(nodes(node['properties'])).map(([name, inner]) => [name, plain(inner)]);
  const limit = node['format'] === 'int32' ? { minimum: -(2 ** 31), maximum: 2 ** 31 - 1 } : {};
  const { additionalProperties, items } = nodes(node);
  return {
    ...limit,
    ...Object.fromEntries(Object.entries(node).filter(([key]) => KEPT.test(key))),
    ...(node['x-kubernetes-int-or-string'] === true ? { type: ['integer', 'string'], minLength: 0 } : {}),
    ...(node['format'] === 'date-time' ? { pattern: DATE_TIME } : {}),
    ...(node['x-kubernetes-list-type'] === 'set' ? { uniqueItems: true } : {}),
    ...(items === undefined ? {} : { items: plain(items) }),
    ...(properties.length === 0 ? {} : { properties: Object.fromEntries(properties) }),
    ...(node['type'] !== 'object'
      ? {}
      : { additionalProperties: additionalProperties === undefined ? open : plain(additionalProperties) }),
  };
}

async function oracleOf(kind: Kind): Promise<ValidateFunction> {
  const crd = parse(await readFile(join(ROOT, `crds/${stemOf(kind)}.yaml`), 'utf8'), { version: '1.1' }) as {
    spec: { versions: [{ schema: { openAPIV3Schema: Node } }] };
  };
  const { properties, ...root } = crd.spec.versions[0].schema.openAPIV3Schema;
  const open = { 'x-kubernetes-preserve-unknown-fields': true };
  const metadata = { type: 'object', ...open };
  const whole: AnySchemaObject = plain({ ...root, properties: { ...nodes(properties), metadata } });
  return new Ajv2020({ allErrors: true, strict: false }).compile(whole);
}

function foundBy(oracle: ValidateFunction, value: unknown): readonly string[] {
  if (oracle(value)) return [];
  const paths = (oracle.errors ?? []).map(({ instancePath, params }) => {
    const { missingProperty, additionalProperty } = params as Readonly<Record<string, string | undefined>>;
    const last = missingProperty ?? additionalProperty;
    const steps = instancePath
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    return [...steps, ...(last === undefined ? [] : [last])].join(' ');
  });
  return [...new Set(paths)].sort();
}

/** Values that are wrong in many places, and right in some. */
const JUNK = fc.oneof(
  fc.constantFrom<unknown>(null, true, -1, 0, 1, 1.5, 65_536, 2 ** 33, '', 'a b', 'SCMP_ACT_ALLOW', 'x'.repeat(5000)),
  fc.constantFrom<unknown>([], ['a', 'a'], [1], {}, { a: 1 }, '2026-01-31T12:00:00Z', '0x10', Array(33).fill('b')),
);

/** A copy in which one place has another value; the place is chosen by a number. */
function changed(value: unknown, choice: number, junk: unknown): unknown {
  if (typeof value !== 'object' || value === null) return junk;
  const entries = Object.entries(value);
  const at = choice % (entries.length + 2);
  if (at === entries.length) return junk;
  if (at > entries.length) return Array.isArray(value) ? [...(value as unknown[]), junk] : { ...value, extra: junk };
  const deeper = Math.floor(choice / (entries.length + 2));
  const [name = '', inner] = entries[at] ?? [];
  const other = changed(inner, deeper, junk);
  if (Array.isArray(value)) return value.map((item: unknown, index) => (index === at ? other : item));
  return { ...value, [name]: other };
}

describe('the shapes and the CRDs', () => {
  for (const kind of KINDS) {
    it(`find faults in the same fields of a ${kind.kind}`, async () => {
      const [oracle, shape] = await Promise.all([oracleOf(kind), SHAPES[kind.kind]!()]);
      const good = CASES.filter((example) => example.kind === kind).map(({ object }) => object);
      const mutation = fc.tuple(fc.nat(), JUNK);
      fc.assert(
        fc.property(
          fc.constantFrom(...good),
          fc.array(mutation, { minLength: 1, maxLength: 3 }),
          (object, mutations) => {
            let value: unknown = object;
            for (const [choice, junk] of mutations) value = changed(value, choice, junk);
            // ajv tells of a list that something is repeated in it, and not where.
            const ours = checkShape(value, shape).map(({ path, message }) =>
              stepsOf(path)
                .slice(0, message.startsWith('must not repeat') ? -1 : undefined)
                .join(' '),
            );
            // The CRD does not say which names of kind and group there are, nor what metadata is, nor that it must be
            // there.
            const judged = (path: string): boolean => !/^(apiVersion|kind|metadata)( |$)/.test(path);
            expect([...new Set(ours)].filter(judged).sort()).to.deep.equal(foundBy(oracle, value).filter(judged));
          },
        ),
        { numRuns: 400 },
      );
    });
  }
});
