// SPDX-License-Identifier: Apache-2.0
// Every example is one that the API server takes, and every profile among them one that a node installs.
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'chai';
import { parseAllDocuments } from 'yaml';
import { prepare } from '../../../src/core/seccomp/install.ts';
import type { SeccompProfile } from '../../../src/gen/crd/seccomp-profile.ts';
import { VALIDATORS } from '../../gen/validators.ts';
import { KERNEL } from '../../fakes/profiles.ts';

const folder = path.join(import.meta.dirname, '../../../manifests/examples');

interface Example {
  readonly file: string;
  readonly object: { readonly kind?: string; readonly metadata?: { readonly name?: string } };
}

const examples: readonly Example[] = readdirSync(folder).flatMap((file) => {
  const documents = parseAllDocuments(readFileSync(path.join(folder, file), 'utf8'), { version: '1.1' });
  return [...documents].flatMap((document) => {
    const object = document.toJS() as Example['object'] | null;
    return object === null ? [] : [{ file, object }];
  });
});

const profiles = examples.filter(({ object }) => object.kind === 'SeccompProfile');
const find = (name: string): SeccompProfile | undefined =>
  profiles.find(({ object }) => object.metadata?.name === name)?.object as SeccompProfile | undefined;

describe('manifests/examples', () => {
  it('has profiles and a configuration', () => {
    expect(profiles.length).to.be.greaterThan(5);
    expect(examples.map(({ object }) => object.kind)).to.include('SecurityProfilesOperatorDaemon');
  });

  for (const { file, object } of examples) {
    it(`${file}: ${object.kind ?? ''} ${object.metadata?.name ?? ''} is valid`, () => {
      const validator = VALIDATORS.get(object.kind ?? '');
      if (validator === undefined) expect(object.kind).to.be.oneOf(['Pod', 'Namespace']);
      else expect(validator(object)).to.deep.equal([]);
      if (object.kind !== 'SeccompProfile') return;
      const profile = { ...(object as SeccompProfile), metadata: { name: 'x', namespace: 'ns', ...object.metadata } };
      expect(prepare(profile, find, {}, KERNEL).text).to.contain('defaultAction');
    });
  }
});
