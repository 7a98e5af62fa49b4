// SPDX-License-Identifier: Apache-2.0
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import type { Descriptor } from '../../../tools/image/layout.ts';
import { readImages, readIndex, sortImages } from '../../../tools/image/layout.ts';

const mediaType = 'application/vnd.oci.image.index.v1+json';

describe('an OCI image layout', () => {
  let layout: string;

  const blobs = (): string => path.join(layout, 'blobs', 'sha256');

  const image = (architecture: string): object => ({
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    digest: `sha256:${createHash('sha256').update(architecture).digest('hex')}`,
    size: 1,
    platform: { architecture, os: 'linux' },
  });

  const writeIndex = async (architectures: readonly string[]): Promise<Descriptor> => {
    const text = JSON.stringify({ schemaVersion: 2, mediaType, manifests: architectures.map(image) });
    const digest = createHash('sha256').update(text).digest('hex');
    await writeFile(path.join(blobs(), digest), text);
    return { mediaType, digest: `sha256:${digest}`, size: text.length };
  };

  beforeEach(async () => {
    layout = await mkdtemp(path.join(tmpdir(), 'layout-'));
    await mkdir(blobs(), { recursive: true });
  });

  afterEach(async () => {
    await rm(layout, { recursive: true });
  });

  it('has the same index whichever image was ready first', async () => {
    const one = await sortImages(layout, await writeIndex(['arm64', 'amd64']));
    const other = await sortImages(layout, await writeIndex(['amd64', 'arm64']));
    expect(one).to.deep.equal(other);
    expect(await readdir(blobs())).to.deep.equal([one.digest.slice('sha256:'.length)]);
    expect((await readImages(layout, one)).map(({ architecture }) => architecture)).to.deep.equal(['amd64', 'arm64']);
  });

  it('is refused where it is not what the specification says', async () => {
    const index = path.join(layout, 'index.json');
    await writeFile(index, '{"schemaVersion":2}');
    expect(await failure(readIndex(layout))).to.equal('an OCI document has no manifests');
    await writeFile(index, '{"manifests":[{"digest":"sha256:00","size":"1"}]}');
    expect(await failure(readIndex(layout))).to.include('an OCI descriptor lacks mediaType, digest or size');
    await writeFile(index, '[]');
    expect(await failure(readIndex(layout))).to.equal(`${index} holds no JSON object`);
  });
});

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => 'no error',
    (error: unknown) => (error instanceof Error ? error.message : String(error)),
  );
}
