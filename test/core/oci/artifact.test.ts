// SPDX-License-Identifier: Apache-2.0
// The artifact of a profile: written as the manual prints it, and the profile for a platform found in those of others.
import { expect } from 'chai';
import fc from 'fast-check';
import { artifactManifest, chooseLayer, chooseManifest, profileTitle } from '../../../src/core/oci/artifact.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { readManifest } from '../../../src/core/oci/manifest.ts';
import type { ImageManifest } from '../../../src/core/oci/manifest.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../../src/core/oci/media-types.ts';
import { parsePlatform } from '../../../src/core/oci/platform.ts';
import type { Platform } from '../../../src/core/oci/platform.ts';

const digestOf = (letter: string): string => `sha256:${letter.repeat(64)}`;

function platform(text: string): Platform {
  const parsed = parsePlatform(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
}

function blob(name: string, letter: string) {
  return { platform: platform(name), digest: digestOf(letter), size: 1167 };
}

function manifestOf(text: string): ImageManifest {
  const document = readManifest(Buffer.from(text), OCI_MANIFEST);
  if (document.type !== 'manifest') throw new Error('an index');
  return document;
}

interface Made {
  readonly letter: string;
  readonly title?: string;
  readonly platform?: string;
}

function descriptor({ letter, title, platform: name }: Made): Descriptor {
  return {
    mediaType: 'text/plain',
    digest: digestOf(letter),
    size: 1,
    annotations: title === undefined ? {} : { 'org.opencontainers.image.title': title },
    ...(name === undefined ? {} : { platform: platform(name) }),
    hasUrls: false,
  };
}

function withLayers(...layers: readonly Made[]): ImageManifest {
  return {
    type: 'manifest',
    mediaType: OCI_MANIFEST,
    annotations: {},
    config: descriptor({ letter: 'c' }),
    layers: layers.map(descriptor),
  };
}

describe('the manifest of an artifact', () => {
  it('is the one that the manual prints', () => {
    const text = artifactManifest([blob('linux/arm64', '6'), blob('linux/amd64', '6')], {
      'org.opencontainers.image.created': '2023-04-28T08:59:17Z',
    });
    const layer = (architecture: string) => ({
      mediaType: 'application/vnd.oci.image.layer.v1.tar',
      digest: digestOf('6'),
      size: 1167,
      annotations: { 'org.opencontainers.image.title': `profile-linux-${architecture}.yaml` },
      platform: { architecture, os: 'linux' },
    });
    expect(JSON.parse(text)).to.deep.equal({
      schemaVersion: 2,
      mediaType: OCI_MANIFEST,
      config: {
        mediaType: 'application/vnd.unknown.config.v1+json',
        digest: 'sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a',
        size: 2,
      },
      layers: [layer('amd64'), layer('arm64')],
      annotations: { 'org.opencontainers.image.created': '2023-04-28T08:59:17Z' },
    });
  });

  it('does not depend on the order of what is given', () => {
    const names = ['linux/amd64', 'linux/arm64', 'linux/arm/v6', 'linux/arm', 'linux/s390x', 'windows/amd64'];
    const blobs = names.map((name, index) => blob(name, 'abcdef'.charAt(index)));
    const annotations = { b: '1', a: '2', c: '3' };
    const text = artifactManifest(blobs, annotations);
    const shuffled = fc.shuffledSubarray(blobs, { minLength: blobs.length });
    const pairs = fc.shuffledSubarray(Object.entries(annotations), { minLength: 3 });
    fc.assert(
      fc.property(shuffled, pairs, (some, entries) => artifactManifest(some, Object.fromEntries(entries)) === text),
    );
  });

  it('gives every platform its own profile back', () => {
    const names = ['linux/amd64', 'linux/arm64', 'linux/arm/v6', 'linux/arm/v7', 'linux/riscv64'];
    const blobs = names.map((name, index) => blob(name, 'abcde'.charAt(index)));
    const manifest = manifestOf(artifactManifest(blobs, {}));
    for (const one of blobs) expect(chooseLayer(manifest, one.platform).digest).to.equal(one.digest);
    expect(new Set(blobs.map((one) => profileTitle(one.platform))).size).to.equal(names.length);
  });
});

describe('the layer for a platform', () => {
  const amd64 = platform('linux/amd64');

  it('is told by its platform, not by its title', () => {
    const swapped = withLayers(
      { letter: 'a', title: 'profile-linux-arm64.yaml', platform: 'linux/amd64' },
      { letter: 'b', title: 'profile-linux-amd64.yaml', platform: 'linux/arm64' },
    );
    expect(chooseLayer(swapped, amd64).digest).to.equal(digestOf('a'));
  });

  it('is told by its title where it has no platform', () => {
    const titled = withLayers(
      { letter: 'a', title: 'profile-linux-arm-v7.yaml' },
      { letter: 'b', title: 'profile-linux-amd64.yaml' },
      { letter: 'd', title: 'profile.yaml' },
    );
    expect(chooseLayer(titled, amd64).digest).to.equal(digestOf('b'));
    expect(chooseLayer(titled, platform('linux/arm')).digest).to.equal(digestOf('a'));
    expect(chooseLayer(titled, platform('linux/s390x')).digest).to.equal(digestOf('d'));
  });

  it('is the next lower variant, and never a higher one', () => {
    const arms = withLayers({ letter: 'a', platform: 'linux/arm/v5' }, { letter: 'b', platform: 'linux/arm/v6' });
    expect(chooseLayer(arms, platform('linux/arm/v7')).digest).to.equal(digestOf('b'));
    const newer = withLayers({ letter: 'a', platform: 'linux/amd64/v3' });
    expect(() => chooseLayer(newer, amd64)).to.throw('has no profile for linux/amd64: it has linux/amd64/v3');
  });

  it('is the only one, whatever it is called, unless it is for another platform', () => {
    expect(chooseLayer(withLayers({ letter: 'a', title: 'mine.yaml' }), amd64).digest).to.equal(digestOf('a'));
    expect(chooseLayer(withLayers({ letter: 'a' }), amd64).digest).to.equal(digestOf('a'));
    const foreign = withLayers({ letter: 'a', title: 'profile-linux-arm64.yaml' });
    expect(() => chooseLayer(foreign, amd64)).to.throw('it has linux/arm64');
  });

  it('is refused where it could be several, and where there is none', () => {
    const twins = withLayers({ letter: 'a', platform: 'linux/amd64' }, { letter: 'b', platform: 'linux/amd64' });
    expect(() => chooseLayer(twins, amd64)).to.throw('has 2 different layers for linux/amd64');
    const same = withLayers({ letter: 'a', platform: 'linux/amd64' }, { letter: 'a', platform: 'linux/amd64' });
    expect(chooseLayer(same, amd64).digest).to.equal(digestOf('a'));
    expect(() => chooseLayer(withLayers(), amd64)).to.throw('it names no platforms');
    const untold = withLayers({ letter: 'a', title: 'x.yaml' }, { letter: 'b', title: 'y.yaml' });
    expect(() => chooseLayer(untold, amd64)).to.throw('has no profile for linux/amd64');
  });
});

describe('the manifest of an index for a platform', () => {
  const index = (...manifests: readonly Made[]) =>
    ({ type: 'index', mediaType: OCI_INDEX, annotations: {}, manifests: manifests.map(descriptor) }) as const;

  it('is its own, else the only one that is for none', () => {
    const both = index({ letter: 'a', platform: 'linux/amd64' }, { letter: 'b' });
    expect(chooseManifest(both, platform('linux/amd64')).digest).to.equal(digestOf('a'));
    expect(chooseManifest(both, platform('linux/arm64')).digest).to.equal(digestOf('b'));
    expect(() => chooseManifest(index({ letter: 'a', platform: 'linux/amd64' }), platform('linux/arm64'))).to.throw(
      'has no manifest for linux/arm64: it has linux/amd64',
    );
    expect(() => chooseManifest(index(), platform('linux/arm64'))).to.throw('it names no platforms');
  });
});
