// SPDX-License-Identifier: Apache-2.0
// Every example of the user manual that is about our kinds parses and is valid. The kept copies are compared with the
// manual itself where it lies beside the tree.
import { expect } from 'chai';
import { parse } from 'yaml';
import type { Fault } from '../../src/core/validation/fault.ts';
import { validateSecurityProfilesOperatorDaemon } from './validators.ts';
import { extractDocuments, extractPatches, keptExamples, readManual } from './manual-examples.ts';
import { VALIDATORS } from './validators.ts';

/**
 * The example that binds the image *: without quotes a star begins the name of an alias, so no YAML reader takes it,
 * kubectl's neither.
 */
const UNQUOTED = '05-profilebinding-nginx-binding.yaml';

/**
 * The patch that misspells enableAppArmor. The API server warns of the field and drops it; the field is not added under
 * that name.
 */
const MISSPELT = '13-spod-patch.json';

/** The patch that mounts /my-proc: only /proc and what is below it are taken, as the original does since its audit. */
const OUTSIDE_PROC = '12-spod-patch.json';

/** The faults that the validator finds in the invalid patches. */
const FAULTS: Readonly<Record<string, readonly string[]>> = {
  [MISSPELT]: ['spec.apparmorenabled: is not a known field'],
  [OUTSIDE_PROC]: [
    'spec.hostProcVolumePath: must be /proc or a path below it, without empty, . or .. parts, not "/my-proc"',
  ],
};

const read = (text: string): unknown => parse(text, { version: '1.1' });

function validate(document: unknown): readonly Fault[] {
  const { kind } = document as { readonly kind: string };
  return VALIDATORS.get(kind)!(document);
}

const told = (faults: readonly Fault[]): readonly string[] => faults.map(({ path, message }) => `${path}: ${message}`);

const kept = await keptExamples();
const manual = await readManual();
const documents = kept.filter(({ file }) => !file.includes('spod-patch'));
const patches = kept.filter(({ file }) => file.includes('spod-patch'));

/** The manual is no part of the tree: where it does not lie beside it, there is nothing to compare with. */
function compareWith(text: string): void {
  it('are kept as they stand in the manual', () => {
    const found = [...extractDocuments(text), ...extractPatches(text)].sort((a, b) => (a.file < b.file ? -1 : 1));
    expect(found).to.deep.equal(kept);
  });

  it('are all that the manual has', () => {
    const named = [...text.matchAll(/^apiVersion: security-profiles-operator\.x-k8s\.io\//gm)];
    expect(extractDocuments(text)).to.have.length(named.length);
    const patched = [...text.matchAll(/kubectl[^\n]* patch spod spod/g)];
    const hinted = [...text.matchAll(/'\{"spec":[^']*\{\.\.\.\}[^']*\}'/g)];
    expect(extractPatches(text)).to.have.length(patched.length - hinted.length);
  });
}

describe('the examples of the manual', () => {
  if (manual !== undefined) compareWith(manual);

  for (const { file, text } of documents.filter(({ file: name }) => name !== UNQUOTED)) {
    it(`${file} is valid`, () => {
      expect(told(validate(read(text)))).to.deep.equal([]);
    });
  }

  it(`${UNQUOTED} is no YAML as it stands, and valid with quotes around the star`, () => {
    const text = documents.find(({ file }) => file === UNQUOTED)!.text;
    expect(() => read(text)).to.throw(/[Aa]lias/);
    const quoted = read(text.replace('image: *', 'image: "*"'));
    expect(told(validate(quoted))).to.deep.equal([]);
    expect(quoted).to.have.nested.property('spec.image', '*');
  });

  for (const { file, text } of patches) {
    it(`${file} makes ${file in FAULTS ? 'a spod that is refused with its field' : 'a valid spod'}`, () => {
      const spod = {
        apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
        kind: 'SecurityProfilesOperatorDaemon',
        metadata: { name: 'spod', namespace: 'security-profiles-operator' },
        ...(read(text) as object),
      };
      expect(told(validateSecurityProfilesOperatorDaemon(spod))).to.deep.equal(FAULTS[file] ?? []);
    });
  }
});
