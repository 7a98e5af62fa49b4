// SPDX-License-Identifier: Apache-2.0
// Names of artifacts: the manual's examples, and texts that must not be taken for one.
import { expect } from 'chai';
import { fallbackTag, parseReference, referenceText, wantedVersion } from '../../../src/core/oci/reference.ts';

const hex = '38'.repeat(32);

describe('the name of an artifact', () => {
  it('is read with a tag, a digest, both or neither, with oci:// or without', () => {
    for (const prefix of ['', 'oci://']) {
      const tagged = parseReference(`${prefix}ghcr.io/security-profiles/runc:v1.1.12`);
      expect(tagged).to.deep.equal({
        repository: { registry: 'ghcr.io', path: 'security-profiles/runc' },
        tag: 'v1.1.12',
        digest: undefined,
      });
      expect(parseReference(`${prefix}localhost/a@sha256:${hex}`).tag).to.equal(undefined);
      expect(wantedVersion(parseReference(`${prefix}[::1]:5000/a:b@sha256:${hex}`))).to.equal(`sha256:${hex}`);
      expect(wantedVersion(parseReference(`${prefix}127.0.0.1:5000/a/b/c`))).to.equal('latest');
    }
  });

  it('is printed as it was written', () => {
    for (const text of ['ghcr.io/a/b:c', `ghcr.io/a/b@sha256:${hex}`, `127.0.0.1:5000/a:t@sha256:${hex}`]) {
      expect(referenceText(parseReference(text))).to.equal(text);
    }
  });

  const refused: readonly (readonly [text: string, reason: string])[] = [
    ['', 'names no registry'],
    ['runc', 'names no registry'],
    ['security-profiles/runc:v1', 'names no registry'],
    ['https://ghcr.io/a/b', 'an address is no reference'],
    ['oci://https://ghcr.io/a/b', 'an address is no reference'],
    ['docker://ghcr.io/a/b', 'an address is no reference'],
    ['ghcr.io/A/b', 'is no reference'],
    ['ghcr.io/../b', 'is no reference'],
    ['ghcr.io/a/b:', 'is no reference'],
    ['ghcr.io/a/b@sha256:38', 'is no reference'],
    [`ghcr.io/a/b@md5:${hex}`, 'its digest is neither'],
    [`ghcr.io/a/b:${'t'.repeat(129)}`, 'is no reference'],
    ['user:secret@ghcr.io/a/b', 'is no reference'],
    ['ghcr.io/a/b?c=d', 'is no reference'],
  ];
  for (const [text, reason] of refused) {
    it(`is not ${text === '' ? 'an empty text' : text}`, () => {
      expect(() => parseReference(text))
        .to.throw(reason)
        .with.property('reason', 'InvalidReference');
    });
  }

  it('has a tag for what refers to it', () => {
    expect(fallbackTag(`sha256:${hex}`)).to.equal(`sha256-${hex}`);
  });
});
