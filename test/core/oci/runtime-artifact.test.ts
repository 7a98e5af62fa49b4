// SPDX-License-Identifier: Apache-2.0
// The artifacts that container runtimes pull by themselves: the forms that CRI-O takes, and those that it refuses.
import { expect } from 'chai';
import { fetchProfile } from '../../../src/core/oci/fetch-profile.ts';
import { readManifest } from '../../../src/core/oci/manifest.ts';
import {
  EMPTY_CONFIG,
  OCI_INDEX,
  OCI_MANIFEST,
  SECCOMP_CONFIG,
  UNKNOWN_CONFIG,
} from '../../../src/core/oci/media-types.ts';
import { parseReference } from '../../../src/core/oci/reference.ts';
import { isRuntimeArtifact, runtimeManifest } from '../../../src/core/oci/runtime-artifact.ts';
import type { ArtifactSource, FetchedManifest } from '../../../src/core/oci/store.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const layer = { mediaType: 'application/json', digest, size: 2 };
const plain = { schemaVersion: 2, mediaType: OCI_MANIFEST, layers: [layer] };
const configOf = (mediaType: string) => ({ config: { mediaType, digest, size: 2 } });

function fetched(value: unknown, size?: number): FetchedManifest {
  const bytes = Buffer.from(typeof value === 'string' ? value : JSON.stringify(value));
  const document = readManifest(bytes, '');
  return { bytes, document, descriptor: { mediaType: document.mediaType, digest, size: size ?? bytes.length } };
}

/** Fetches from a registry that has `{}` under every digest. */
function fetch(top: FetchedManifest): Promise<unknown> {
  const unexpected = (): never => {
    throw new Error('not asked for here');
  };
  const source: ArtifactSource = {
    manifest: unexpected,
    referrers: unexpected,
    blob: () => Promise.resolve(Buffer.from('{}')),
  };
  const wanted = { os: 'linux', architecture: 's390x' };
  return fetchProfile(source, parseReference('ghcr.io/a/b'), top, wanted).then(({ text }) => text, String);
}

describe('a runtime artifact', () => {
  it('is told by the type of its config, or of itself with an empty config', async () => {
    for (const value of [
      { ...plain, ...configOf(SECCOMP_CONFIG) },
      { ...plain, ...configOf(SECCOMP_CONFIG), artifactType: SECCOMP_CONFIG },
      { ...plain, ...configOf(EMPTY_CONFIG), artifactType: SECCOMP_CONFIG },
      runtimeManifest(layer, { b: '1', a: '2' }),
    ]) {
      const top = fetched(value);
      expect(isRuntimeArtifact(top.document)).to.equal(true);
      expect(await fetch(top)).to.equal('{}');
    }
    expect(isRuntimeArtifact(fetched({ ...plain, ...configOf(UNKNOWN_CONFIG) }).document)).to.equal(false);
  });

  it('has the same text for the same profile', () => {
    expect(runtimeManifest(layer, { a: '1', b: '2' })).to.equal(runtimeManifest(layer, { b: '2', a: '1' }));
  });

  const runtime = { ...plain, ...configOf(EMPTY_CONFIG), artifactType: SECCOMP_CONFIG };
  const bad: readonly (readonly [name: string, top: FetchedManifest, reason: RegExp])[] = [
    ['several layers', fetched({ ...runtime, layers: [layer, layer] }), /has 2 layers, a runtime artifact has one/],
    ['no layer', fetched({ ...runtime, layers: [] }), /has 0 layers/],
    ['a manifest over 64 KiB', fetched(runtime, 64 * 1024 + 1), /has 65536 bytes at most/],
    ['a config of another type', fetched({ ...runtime, ...configOf(UNKNOWN_CONFIG) }), /its config is \S+unknown/],
    [
      'a type of another sort',
      fetched({ ...runtime, ...configOf(SECCOMP_CONFIG), artifactType: 'a/b' }),
      /its config is/,
    ],
    [
      "Docker's manifest",
      fetched({ ...runtime, mediaType: 'application/vnd.docker.distribution.manifest.v2+json' }),
      /is no application\/vnd\.docker/,
    ],
    ['urls', fetched({ ...runtime, layers: [{ ...layer, urls: ['https://x'] }] }), /lies elsewhere/],
  ];
  for (const [name, top, reason] of bad) {
    it(`is refused with ${name}`, async () => {
      expect(await fetch(top)).to.match(reason);
    });
  }

  it('is refused as an index', async () => {
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, artifactType: SECCOMP_CONFIG, manifests: [] };
    expect(await fetch(fetched(index))).to.match(/has no manifest for|is an index/);
  });
});
