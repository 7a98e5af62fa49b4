// SPDX-License-Identifier: Apache-2.0
// A source that is asked once for each thing.
import { expect } from 'chai';
import { bundlesOf } from '../../../src/core/signature/candidates.ts';
import { remembered } from '../../../src/core/oci/remembered.ts';
import { parseReference } from '../../../src/core/oci/reference.ts';
import { FakeArtifactStore } from '../../fakes/artifact-store.ts';

const { repository } = parseReference('registry.example/profiles/web:v1');
const TEXT = Buffer.from('{"schemaVersion":2,"config":{"mediaType":"a/b","digest":"sha256:00","size":2},"layers":[]}');
const MANIFEST = 'application/vnd.oci.image.manifest.v1+json';
const DIGEST = `sha256:${'a'.repeat(64)}`;

describe('core/oci/remembered', () => {
  it('gives what it has asked for again', async () => {
    const store = new FakeArtifactStore();
    await store.pushBlob(repository, Buffer.from('text'), DIGEST);
    store.requests.length = 0;
    const source = remembered(store);
    for (const time of ['first', 'second']) {
      const bytes = await source.blob(repository, { digest: DIGEST, size: 4 }, 100);
      expect(Buffer.from(bytes).toString(), time).to.equal('text');
      expect(await bundlesOf(source, repository, DIGEST), time).to.deep.equal([]);
    }
    expect(store.requests).to.deep.equal([`blob ${DIGEST}`, `referrers ${DIGEST}`]);
  });

  it('asks anew for another limit, another repository and another choice', async () => {
    const store = new FakeArtifactStore();
    await store.pushBlob(repository, Buffer.from('text'), DIGEST);
    store.requests.length = 0;
    const source = remembered(store);
    const descriptor = { digest: DIGEST, size: 4 };
    await source.blob(repository, descriptor, 100);
    const refusal = await source.blob(repository, descriptor, 3).catch((error: unknown) => error);
    expect(refusal).to.be.instanceOf(Error);
    await source.blob({ ...repository, path: 'another' }, descriptor, 100);
    await source.referrers(repository, DIGEST);
    await source.referrers(repository, DIGEST, () => false);
    expect(store.requests).to.have.lengthOf(5);
  });

  it('asks once while the answer is on its way', async () => {
    const store = new FakeArtifactStore();
    await store.pushManifest(repository, 'v1', MANIFEST, TEXT);
    store.requests.length = 0;
    const source = remembered(store);
    const both = await Promise.allSettled([source.manifest(repository, 'v1'), source.manifest(repository, 'v1')]);
    expect(store.requests).to.deep.equal(['manifest v1']);
    expect(both[0]).to.deep.equal(both[1]);
  });
});
