// SPDX-License-Identifier: Apache-2.0
// Signatures in a registry: attached as cosign does it, found in every form in which they lie there, and what passes
// for one and is none.
import { expect } from 'chai';
import { ArtifactError } from '../../../src/core/oci/artifact-error.ts';
import { OCI_INDEX, OCI_MANIFEST } from '../../../src/core/oci/media-types.ts';
import { fallbackTag } from '../../../src/core/oci/reference.ts';
import { attachBundle } from '../../../src/core/signature/attach.ts';
import type { Surroundings } from '../../../src/core/signature/attach.ts';
import { BUNDLE_MEDIA_TYPE, printKeyBundle } from '../../../src/core/signature/bundle.ts';
import { base64OfBytes, bytesOfText } from '../../../src/core/signature/encoding.ts';
import type { Cryptography } from '../../../src/core/signature/judge.ts';
import { SIMPLE_SIGNING, SIMPLE_SIGNING_MEDIA_TYPE } from '../../../src/core/signature/simple-signing.ts';
import { printStatement, SIGNATURE_PREDICATE, STATEMENT_MEDIA_TYPE } from '../../../src/core/signature/statement.ts';
import type { Verdict } from '../../../src/core/signature/verdict.ts';
import { verifyArtifact } from '../../../src/core/signature/verify.ts';
import { digestOf, FakeArtifactStore } from '../../fakes/artifact-store.ts';

const REPOSITORY = { registry: 'registry.example', path: 'profiles/runc' };
const SIGNERS = [{ publicKey: 'the key' }] as const;

/** A signature is valid when its bytes say so. */
const CRYPTOGRAPHY: Cryptography = {
  byCertificate: () => ({ proved: false, untrusted: true, reason: 'certificates are not asked for' }),
  signerName: () => 'the key',
  byKey: (_key, { signatures }) =>
    signatures.some((bytes) => new TextDecoder().decode(bytes) === 'ours')
      ? { fits: true, signer: 'the key' }
      : { fits: false, untrusted: false, reason: 'it is by another signer' },
};

interface Scene {
  readonly store: FakeArtifactStore;
  readonly subject: { readonly mediaType: string; readonly digest: string; readonly size: number };
  /** How often another writer was waited for. */
  readonly pauses: number[];
  readonly surroundings: Surroundings;
}

async function put(store: FakeArtifactStore, version: string | undefined, manifest: object): Promise<string> {
  const bytes = bytesOfText(JSON.stringify({ schemaVersion: 2, ...manifest }));
  const type = 'manifests' in manifest ? OCI_INDEX : OCI_MANIFEST;
  await store.pushManifest(REPOSITORY, version ?? digestOf(bytes), type, bytes);
  return digestOf(bytes);
}

async function layerOf(store: FakeArtifactStore, mediaType: string, text: string, annotations = {}): Promise<object> {
  const bytes = bytesOfText(text);
  await store.pushBlob(REPOSITORY, bytes, digestOf(bytes));
  return { mediaType, digest: digestOf(bytes), size: bytes.length, annotations };
}

async function scene(referrers = false): Promise<Scene> {
  const store = new FakeArtifactStore({ referrers });
  const config = await layerOf(store, 'application/vnd.unknown.config.v1+json', '{}');
  const digest = await put(store, 'v1', { config, layers: [] });
  const pauses: number[] = [];
  const surroundings = { digestOf, pause: async (attempt: number) => void pauses.push(attempt) };
  const size = store.manifests.get(digest)?.bytes.length ?? 0;
  return { store, subject: { mediaType: OCI_MANIFEST, digest, size }, pauses, surroundings };
}

const bundleFor = (digest: string, by: string): string =>
  printKeyBundle({
    payloadType: STATEMENT_MEDIA_TYPE,
    payload: base64OfBytes(bytesOfText(printStatement(digest))),
    signature: base64OfBytes(bytesOfText(by)),
    hint: 'AA==',
  });

function sign({ store, subject, surroundings }: Scene, by = 'ours'): Promise<string> {
  const bundle = { text: bundleFor(subject.digest, by), predicateType: SIGNATURE_PREDICATE };
  return attachBundle(store, REPOSITORY, subject, bundle, surroundings);
}

function verdictOf({ store, subject }: Scene): Promise<Verdict> {
  return verifyArtifact(store, REPOSITORY, subject.digest, SIGNERS, CRYPTOGRAPHY);
}

async function classic({ store, subject }: Scene, by: string | undefined): Promise<void> {
  const payload = {
    critical: { type: 'cosign container image signature', image: { 'docker-manifest-digest': subject.digest } },
  };
  const annotations = by === undefined ? {} : { [SIMPLE_SIGNING.signature]: base64OfBytes(bytesOfText(by)) };
  const layer = await layerOf(store, SIMPLE_SIGNING_MEDIA_TYPE, JSON.stringify(payload), annotations);
  const config = await layerOf(store, 'application/vnd.oci.image.config.v1+json', '{}');
  await put(store, `${fallbackTag(subject.digest)}.sig`, { config, layers: [layer] });
}

const missOf = (verdict: Verdict): string => (verdict.verified ? 'verified' : verdict.miss);
const reasonOf = (verdict: Verdict): string => (verdict.verified ? '' : verdict.reason);

describe('signatures of artifacts', () => {
  for (const referrers of [true, false]) {
    const place = referrers ? 'the referrers API' : 'the fallback tag';
    it(`are found again by ${place}`, async () => {
      const here = await scene(referrers);
      await sign(here);
      const verdict = await verdictOf(here);
      expect(verdict).to.include({ verified: true, form: 'bundle', signer: 'the key' });
      expect(here.store.tags.has(fallbackTag(here.subject.digest))).to.equal(!referrers);
      expect(here.store.requests).not.to.include(`manifest ${fallbackTag(here.subject.digest)}.sig`);
    });
  }

  it('have the layout that cosign writes', async () => {
    const here = await scene();
    const digest = await sign(here);
    const text = new TextDecoder().decode(here.store.manifests.get(digest)?.bytes);
    expect(JSON.parse(text)).to.deep.include({
      mediaType: OCI_MANIFEST,
      artifactType: BUNDLE_MEDIA_TYPE,
      subject: here.subject,
    });
    const { document } = await here.store.manifest(REPOSITORY, fallbackTag(here.subject.digest));
    expect(
      document.type === 'index' && document.manifests.map((entry) => [entry.digest, entry.artifactType]),
    ).to.deep.equal([[digest, BUNDLE_MEDIA_TYPE]]);
    expect(here.store.blobs.has(digestOf(bytesOfText('{}')))).to.equal(true);
  });

  it('of the same bytes are listed once', async () => {
    const here = await scene();
    await sign(here);
    const writes = here.store.requests.filter((name) => name === `push ${fallbackTag(here.subject.digest)}`).length;
    await sign(here);
    expect(here.store.requests.filter((name) => name === `push ${fallbackTag(here.subject.digest)}`)).to.have.length(
      writes,
    );
  });

  it('stay beside those of others, whose entries are kept as they are', async () => {
    const here = await scene();
    const foreign = await put(here.store, undefined, { config: {}, layers: [], note: 'foreign' });
    const entry = { mediaType: OCI_MANIFEST, digest: foreign, size: 9, unknown: { member: 1 } };
    await put(here.store, fallbackTag(here.subject.digest), { manifests: [entry] });
    await sign(here);
    const stored = here.store.manifests.get(here.store.tags.get(fallbackTag(here.subject.digest)) ?? '');
    const { manifests } = JSON.parse(new TextDecoder().decode(stored?.bytes)) as { manifests: unknown[] };
    expect(manifests).to.have.length(2);
    expect(manifests[0]).to.deep.equal(entry);
  });

  it('are listed again after another writer has put back the list of before', async () => {
    const here = await scene();
    const tag = fallbackTag(here.subject.digest);
    let stolen = 0;
    const empty = await put(here.store, undefined, { manifests: [] });
    here.store.afterTag = () => {
      if (stolen++ < 2) here.store.tags.set(tag, empty);
    };
    await sign(here);
    expect(here.pauses).to.deep.equal([1, 2]);
    expect(missOf(await verdictOf(here))).to.equal('verified');
  });

  it('are given up as unlisted where another writer never ends', async () => {
    const here = await scene();
    const empty = await put(here.store, undefined, { manifests: [] });
    here.store.afterTag = (tag) => void here.store.tags.set(tag, empty);
    const error = await sign(here).catch((thrown: unknown) => thrown);
    expect(error)
      .to.be.instanceOf(ArtifactError)
      .with.property('message')
      .that.matches(/being written by others/);
  });

  it('by another signer do not hide ours', async () => {
    const here = await scene();
    for (const by of ['stranger', 'somebody', 'ours']) await sign(here, by);
    expect(missOf(await verdictOf(here))).to.equal('verified');
  });

  it('in the classic form are asked for after the bundles, and count', async () => {
    const here = await scene();
    await sign(here, 'stranger');
    await classic(here, 'ours');
    expect(await verdictOf(here)).to.include({ verified: true, form: 'classic' });
  });

  it('are missing: said so', async () => {
    expect(await verdictOf(await scene())).to.deep.equal({
      verified: false,
      miss: 'unsigned',
      reason: 'it has no signature',
    });
  });

  it('are by another signer: said so', async () => {
    const here = await scene();
    await sign(here, 'stranger');
    await classic(here, 'stranger');
    expect(missOf(await verdictOf(here))).to.equal('wrong-signer');
  });

  it('of the classic form without a signature are unreadable', async () => {
    const here = await scene();
    await classic(here, undefined);
    expect(missOf(await verdictOf(here))).to.equal('unreadable');
  });

  it('whose blob is missing are none, and others count beside them', async () => {
    const here = await scene();
    await sign(here, 'stranger');
    for (const digest of here.store.blobs.keys()) here.store.blobs.delete(digest);
    expect(missOf(await verdictOf(here))).to.equal('unreadable');
    await sign(here);
    expect(missOf(await verdictOf(here))).to.equal('verified');
  });

  it('were left behind by a copy that put the artifact under their tag', async () => {
    const here = await scene();
    here.store.tags.set(fallbackTag(here.subject.digest), here.subject.digest);
    expect(reasonOf(await verdictOf(here))).to.match(/cosign copy leaves signatures behind/);
    await sign(here);
    expect(missOf(await verdictOf(here))).to.equal('verified');
  });

  it('that cannot be asked for are no answer: the error is the registry’s', async () => {
    const here = await scene();
    await sign(here);
    here.store.down = new ArtifactError('RegistryUnavailable', 'registry.example does not answer');
    const error = await verdictOf(here).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(ArtifactError).with.property('reason', 'RegistryUnavailable');
  });

  it('are looked at up to a number: whoever may push cannot keep a reader busy', async () => {
    const here = await scene(true);
    for (let index = 0; index < 100; index++) await sign(here, `stranger ${String(index)}`);
    here.store.requests.length = 0;
    expect(missOf(await verdictOf(here))).to.equal('wrong-signer');
    expect(here.store.requests.length).to.be.lessThan(140);
  });
});
