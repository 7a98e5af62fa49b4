// SPDX-License-Identifier: Apache-2.0
// Manifests, indexes and their descriptors: what image-spec and known clients write is read, everything else refused
// with the field.
import { expect } from 'chai';
import fc from 'fast-check';
import { ArtifactError } from '../../../src/core/oci/artifact-error.ts';
import { readDescriptor } from '../../../src/core/oci/descriptor.ts';
import { MAX_MANIFEST_BYTES, readManifest } from '../../../src/core/oci/manifest.ts';
import { DOCKER_LIST, DOCKER_MANIFEST, OCI_INDEX, OCI_MANIFEST } from '../../../src/core/oci/media-types.ts';

const digest = `sha256:${'ab'.repeat(32)}`;
const layer = { mediaType: 'text/plain', digest, size: 3 };
const config = { mediaType: 'application/vnd.unknown.config.v1+json', digest, size: 2 };
const manifest = { schemaVersion: 2, mediaType: OCI_MANIFEST, config, layers: [layer] };
const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [{ ...layer, mediaType: OCI_MANIFEST }] };

function read(value: unknown, contentType = ''): ReturnType<typeof readManifest> {
  return readManifest(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), contentType);
}

describe('a descriptor', () => {
  it('is read with what it may have', () => {
    const platform = { os: 'linux', architecture: 'arm64', variant: 'v8' };
    expect(
      readDescriptor({ ...layer, annotations: { a: 'b' }, platform, artifactType: 'x/y', urls: ['u'] }, 'layers[0]'),
    ).to.deep.equal({
      ...layer,
      annotations: { a: 'b' },
      platform: { os: 'linux', architecture: 'arm64' },
      artifactType: 'x/y',
      hasUrls: true,
    });
    expect(readDescriptor({ ...layer, annotations: null, platform: null, urls: [] }, '')).to.deep.equal({
      ...layer,
      annotations: {},
      hasUrls: false,
    });
  });

  const bad: readonly (readonly [change: Readonly<Record<string, unknown>>, reason: RegExp])[] = [
    [{ digest: 'md5:ab' }, /^x\.digest: is neither/],
    [{ digest: digest.toUpperCase() }, /^x\.digest/],
    [{ digest: undefined }, /^x\.digest/],
    [{ size: -1 }, /^x\.size: is no number of bytes/],
    [{ size: 1.5 }, /^x\.size/],
    [{ size: '3' }, /^x\.size/],
    [{ size: 2 ** 60 }, /^x\.size/],
    [{ mediaType: 'text' }, /^x\.mediaType: is no media type/],
    [{ mediaType: 'text/html; charset=utf-8' }, /^x\.mediaType/],
    [{ annotations: [] }, /^x\.annotations: is no object/],
    [{ annotations: { a: 1 } }, /^x\.annotations: "a" is no text/],
    [{ platform: { os: 'linux' } }, /^x\.platform: needs os and architecture/],
    [{ platform: { os: 1, architecture: 'a' } }, /^x\.platform\.os: is no short text/],
    [{ platform: 'linux/amd64' }, /^x\.platform: is no object/],
  ];
  for (const [change, reason] of bad) {
    it(`is refused with ${JSON.stringify(change)}`, () => {
      expect(() => readDescriptor({ ...layer, ...change }, 'x')).to.throw(ArtifactError, reason);
    });
  }
});

describe('a manifest', () => {
  it('is read by what it says, by what the registry says, or by its members', () => {
    const plain = { schemaVersion: 2, config, layers: [layer] };
    for (const [value, type] of [
      [manifest, OCI_MANIFEST],
      [manifest, ''],
      [manifest, 'application/json'],
      [plain, ''],
      [plain, OCI_MANIFEST],
      [{ ...manifest, mediaType: DOCKER_MANIFEST }, DOCKER_MANIFEST],
    ] as const) {
      expect(read(value, type)).to.have.nested.property('layers[0].digest', digest);
    }
    for (const type of [OCI_INDEX, DOCKER_LIST]) {
      expect(read({ ...index, mediaType: type }, type)).to.have.property('type', 'index');
    }
    expect(read({ schemaVersion: 2, manifests: [] })).to.deep.include({ type: 'index', manifests: [] });
    expect(read({ ...manifest, layers: null }))
      .to.have.property('layers')
      .deep.equal([]);
  });

  it('keeps type, subject and annotations', () => {
    const read1 = read({ ...manifest, artifactType: 'a/b', subject: config, annotations: { a: 'b' } });
    expect(read1).to.deep.include({ artifactType: 'a/b', annotations: { a: 'b' } });
    expect(read1.subject).to.include({ digest });
  });

  const bad: readonly (readonly [name: string, value: unknown, type: string, reason: RegExp])[] = [
    ['no JSON', '{', '', /is no JSON/],
    ['a list', [], '', /is no JSON object/],
    ['trailing words', `${JSON.stringify(manifest)} x`, '', /is no JSON/],
    ['a byte order mark', `\ufeff${JSON.stringify(manifest)}`, '', /is no JSON/],
    ['a member twice', '{"schemaVersion":2,"layers":[],"layers":[]}', '', /layers is written twice/],
    ['both lists', { ...manifest, manifests: [] }, OCI_MANIFEST, /both layers and manifests/],
    ['neither list', { schemaVersion: 2 }, '', /neither a manifest nor an index/],
    ['another type', { ...manifest, mediaType: 'text/html' }, '', /neither a manifest nor an index/],
    ['a type that contradicts', manifest, OCI_INDEX, /says that it is .* and the registry/],
    ['version 1', { ...manifest, schemaVersion: 1 }, '', /schemaVersion: is not 2/],
    ['no config', { ...manifest, config: undefined }, '', /config: is no object/],
    ['layers as an object', { ...manifest, layers: {} }, '', /layers: is no list/],
    ['too many layers', { ...manifest, layers: Array.from({ length: 4097 }, () => layer) }, '', /more than 4096/],
    ['a faulty layer', { ...manifest, layers: [layer, {}] }, '', /layers\[1\]\.digest/],
    ['a faulty subject', { ...manifest, subject: 1 }, '', /subject: is no object/],
    ['a faulty artifactType', { ...manifest, artifactType: 'x' }, '', /artifactType: is no media type/],
  ];
  for (const [name, value, type, reason] of bad) {
    it(`is refused: ${name}`, () => {
      expect(() => read(value, type)).to.throw(ArtifactError, reason);
    });
  }

  it('is refused when it is no UTF-8 or too large', () => {
    expect(() => readManifest(Buffer.from([0x7b, 0xff, 0x7d]), '')).to.throw(ArtifactError, /is no JSON/);
    expect(() => readManifest(Buffer.alloc(MAX_MANIFEST_BYTES + 1), '')).to.throw(ArtifactError, /is larger than/);
  });

  it('is read or refused, and nothing else happens, whatever it is', () => {
    const odd = fc.oneof(fc.jsonValue(), fc.constantFrom(layer, config, digest, 2, OCI_MANIFEST, OCI_INDEX));
    const fields = fc.dictionary(
      fc.constantFrom('schemaVersion', 'mediaType', 'config', 'layers', 'manifests', 'subject', 'annotations'),
      odd,
    );
    fc.assert(
      fc.property(fields, fc.constantFrom('', OCI_MANIFEST, OCI_INDEX), (value, type) => {
        try {
          read({ ...manifest, ...value }, type);
        } catch (error) {
          if (!(error instanceof ArtifactError)) throw error;
        }
      }),
    );
  });
});
