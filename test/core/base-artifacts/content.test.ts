// SPDX-License-Identifier: Apache-2.0
// The cluster's copy of a base profile from a registry: it is read as it was written, by everybody alike, and what
// somebody else has written instead is no content.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  artifactNameOf,
  baseArtifactName,
  baseReference,
  platformsOf,
  printBaseArtifact,
  profileFor,
  readBaseArtifact,
} from '../../../src/core/base-artifacts/content.ts';
import type { BaseArtifact, PlatformSpec } from '../../../src/core/base-artifacts/content.ts';

const AMD64 = { os: 'linux', architecture: 'amd64' };
const ARM64 = { os: 'linux', architecture: 'arm64' };

const spec = fc
  .uniqueArray(fc.string({ minLength: 1 }), { minLength: 1, maxLength: 5 })
  .map((names) => ({ defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] }) as const);

const artifact: fc.Arbitrary<BaseArtifact> = fc
  .record({
    reference: fc.string({ minLength: 1 }),
    digest: fc.string({ minLength: 1 }),
    signer: fc.option(fc.string({ minLength: 1 }), { nil: undefined }),
    profiles: fc.option(fc.tuple(spec, spec), { nil: undefined }),
    failure: fc.option(fc.string(), { nil: undefined }),
  })
  .map(({ reference, digest, signer, profiles, failure }) => ({
    reference,
    ...(profiles === undefined
      ? {}
      : {
          pulled: {
            digest,
            ...(signer === undefined ? {} : { signer }),
            profiles: profiles.map((each, at) => ({ platform: at === 0 ? AMD64 : ARM64, spec: each })),
          },
        }),
    ...(failure === undefined ? {} : { failure: { reason: 'RegistryUnavailable' as const, message: failure } }),
  }));

describe('core/base-artifacts/content', () => {
  it('reads what it has printed', () => {
    fc.assert(
      fc.property(artifact, (value) => {
        expect(readBaseArtifact(printBaseArtifact(value))).to.deep.equal(value);
      }),
    );
  });

  it('keeps numbers of 64 bits', () => {
    const args = [{ index: 0, value: 18446744073709551615n, op: 'SCMP_CMP_EQ' }];
    const profiles = [
      { platform: AMD64, spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ names: ['read'], args }] } },
    ] as unknown as readonly PlatformSpec[];
    const value = { reference: 'a', pulled: { digest: 'sha256:0', profiles } };
    expect(readBaseArtifact(printBaseArtifact(value))).to.deep.equal(value);
  });

  for (const profiles of ['', '{', '{}', '7', 'null']) {
    it(`has no content where somebody wrote ${JSON.stringify(profiles)}`, () => {
      expect(readBaseArtifact({ reference: 'a', digest: 'sha256:0', profiles })).to.deep.equal({ reference: 'a' });
    });
  }

  it('passes over entries that are none', () => {
    const profiles = JSON.stringify([7, null, { platform: 'linux/amd64' }, { spec: {} }, { platform: '?', spec: {} }]);
    const data = { reference: 'a', digest: 'sha256:0', profiles, failure: '[]' };
    expect(readBaseArtifact(data)).to.deep.equal({ reference: 'a', pulled: { digest: 'sha256:0', profiles: [] } });
    expect(readBaseArtifact(undefined)).to.deep.equal({ reference: '' });
  });

  it('gives all writings of a reference one name, and names that are none no name', () => {
    const long = 'registry.example/profiles/runc:latest';
    expect(baseReference('oci://registry.example/profiles/runc')).to.equal(long);
    expect(artifactNameOf('oci://registry.example/profiles/runc')).to.equal(baseArtifactName(long));
    expect(artifactNameOf(long)).to.match(/^base-artifact-[0-9a-f]{40}$/);
    for (const text of ['', 'runc', 'oci://', 'oci://UPPER.example/A', 'https://registry.example/a']) {
      expect(artifactNameOf(text)).to.equal(undefined);
    }
  });

  it('chooses the profile for a platform', () => {
    const rules = { defaultAction: 'SCMP_ACT_ERRNO' } as const;
    const profiles = [{ platform: ARM64, spec: rules }];
    expect(profileFor(profiles, { ...ARM64, variant: 'v8' })).to.equal(rules);
    expect(profileFor(profiles, AMD64)).to.equal(undefined);
    expect(platformsOf(profiles)).to.equal('linux/arm64');
  });
});
