// SPDX-License-Identifier: Apache-2.0
// The printed CRDs as YAML, before any API server sees them: readable in both versions of YAML, served as the manual
// says.
import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { KINDS, SECCOMP_PROFILE, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../src/gen/kinds.ts';
import type { Kind } from '../../src/gen/kinds.ts';
import { DialectError } from '../../tools/gen/dialect.ts';
import { printCrd, toCrd } from '../../tools/gen/print-crd.ts';
import type { Resource, Schema } from '../../tools/gen/schema.ts';
import { ROOT, stemOf } from './cases.ts';

interface Crd {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly group: string;
    readonly scope: string;
    readonly names: Readonly<Record<string, unknown>>;
    readonly versions: readonly [
      {
        readonly name: string;
        readonly storage: boolean;
        readonly subresources: unknown;
        readonly additionalPrinterColumns: readonly { readonly name: string; readonly priority?: number }[];
      },
    ];
  };
}

const textOf = (kind: Kind): Promise<string> => readFile(join(ROOT, `crds/${stemOf(kind)}.yaml`), 'utf8');

async function crdOf(kind: Kind): Promise<Crd> {
  return parse(await textOf(kind), { version: '1.1' }) as Crd;
}

async function columnsOf(kind: Kind): Promise<readonly (readonly [name: string, priority: number])[]> {
  const [version] = (await crdOf(kind)).spec.versions;
  return version.additionalPrinterColumns.map(({ name, priority = 0 }) => [name, priority]);
}

function example(properties: Readonly<Record<string, Schema>>): Resource {
  const names = { group: 'example.org', version: 'v1', kind: 'Example', plural: 'examples', singular: 'example' };
  return {
    source: 'schemas/crd/example.json',
    names: { ...names, shortNames: [], scope: 'Cluster', columns: [] },
    schema: { type: 'object', properties },
  };
}

describe('the CRDs', () => {
  it('mean the same to readers of YAML 1.1 and 1.2', async () => {
    for (const kind of KINDS) {
      const text = await textOf(kind);
      expect(parse(text, { version: '1.1' }), kind.kind).to.deep.equal(parse(text, { version: '1.2' }));
    }
  });

  it('are served under the names of src/gen/kinds.ts, namespaced, with a status of their own', async () => {
    for (const kind of KINDS) {
      const { metadata, spec } = await crdOf(kind);
      expect(metadata.name).to.equal(`${kind.plural}.${kind.group}`);
      expect([spec.group, spec.scope]).to.deep.equal([kind.group, 'Namespaced']);
      const { kind: name, plural, singular, shortNames } = kind;
      const short = shortNames.length === 0 ? {} : { shortNames };
      expect(spec.names).to.deep.equal({ kind: name, listKind: `${name}List`, plural, singular, ...short });
      expect(spec.versions).to.have.length(1);
      expect(spec.versions[0]).to.include({ name: kind.version, storage: true });
      expect(spec.versions[0].subresources).to.deep.equal({ status: {} });
    }
  });

  it('have the short names that the manual uses', () => {
    const short = KINDS.flatMap(({ kind, shortNames }) => shortNames.map((name: string) => [name, kind]));
    expect(Object.fromEntries(short)).to.deep.equal({
      sp: 'SeccompProfile',
      aa: 'AppArmorProfile',
      spod: 'SecurityProfilesOperatorDaemon',
      spns: 'SecurityProfileNodeStatus',
    });
  });

  it('show the columns that the manual shows', async () => {
    expect(await columnsOf(SECCOMP_PROFILE)).to.deep.equal([
      ['Status', 0],
      ['Age', 0],
      ['SeccompProfile.LocalhostProfile', 10],
    ]);
    expect(await columnsOf(SECURITY_PROFILES_OPERATOR_DAEMON)).to.deep.equal([['State', 0]]);
  });
});

describe('toCrd()', () => {
  it('turns exclusive limits into the flags of OpenAPI 3.0', () => {
    const crd = toCrd(example({ a: { type: 'number', exclusiveMinimum: 0, exclusiveMaximum: 1 } }));
    expect(crd).to.have.deep.nested.property('spec.versions[0].schema.openAPIV3Schema.properties.a', {
      type: 'number',
      minimum: 0,
      exclusiveMinimum: true,
      maximum: 1,
      exclusiveMaximum: true,
    });
  });

  it('leaves out what only the generator reads, and adds what every object has', () => {
    const crd = toCrd(
      example({
        a: { type: 'string', pattern: 'a', title: 'A', $comment: 'b', 'x-spo-hint': 'c', 'x-spo-ts-type': 'd' },
      }),
    );
    expect(crd).to.have.deep.nested.property('spec.versions[0].schema.openAPIV3Schema.properties', {
      apiVersion: { type: 'string', description: 'Group and version of the kind.' },
      kind: { type: 'string', description: 'Name of the kind.' },
      metadata: { type: 'object' },
      a: { type: 'string', pattern: 'a' },
    });
  });
});

describe('printCrd()', () => {
  it('names its source, and quotes words that are no strings in YAML 1.1', () => {
    const [path, text] = printCrd(example({ a: { type: 'string', enum: ['yes', 'off', '0o7', '1_000'] } }));
    expect(path).to.equal('crds/example.yaml');
    expect(text).to.match(/^# Generated from schemas\/crd\/example\.json by npm run gen\. Do not edit\.\n/);
    expect(parse(text, { version: '1.1' })).to.have.deep.nested.property(
      'spec.versions[0].schema.openAPIV3Schema.properties.a.enum',
      ['yes', 'off', '0o7', '1_000'],
    );
  });

  it('refuses a CRD that kubectl apply would not take', () => {
    const large = example({ a: { type: 'string', description: 'x'.repeat(256 * 1024) } });
    expect(() => printCrd(large)).to.throw(
      DialectError,
      /^schemas\/crd\/example\.json: the CRD has 2\d{5} bytes, and kubectl apply takes 262144 at most/,
    );
  });
});
