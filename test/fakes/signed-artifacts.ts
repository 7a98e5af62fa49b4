// SPDX-License-Identifier: Apache-2.0
// Puts profiles into the registry in memory as `spoc push` does, and signs them by keys that are made here.
import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { artifactManifest, EMPTY_JSON } from '../../src/core/oci/artifact.ts';
import { OCI_MANIFEST } from '../../src/core/oci/media-types.ts';
import type { Platform } from '../../src/core/oci/platform.ts';
import { attachBundle } from '../../src/core/signature/attach.ts';
import { bytesOfText } from '../../src/core/signature/encoding.ts';
import { printAttestation, printStatement, SIGNATURE_PREDICATE } from '../../src/core/signature/statement.ts';
import { signStatement } from '../../src/io/signature/key-signatures.ts';
import { digestOf } from './artifact-store.ts';
import type { FakeArtifactStore } from './artifact-store.ts';
import type { FakeSigstore } from './sigstore.ts';

/** The only repository of the fake. */
export const REPOSITORY = { registry: 'registry.example', path: 'profiles/runc' };

/** A key with its public half as a policy names it. */
export interface Signer {
  readonly privateKey: KeyObject;
  readonly pem: string;
}

/** Makes a key. */
export function newSigner(): Signer {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  return { privateKey, pem: publicKey.export({ type: 'spki', format: 'pem' }).toString() };
}

/** Keys of two signers, as the files NAME.key and NAME.pub of `spoc`. */
export function storeKeys(files: Map<string, string>): void {
  for (const name of ['ours', 'theirs']) {
    const { privateKey, pem } = newSigner();
    files.set(`${name}.key`, privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
    files.set(`${name}.pub`, pem);
  }
}

/** The text of a profile that allows what is named. */
export function profileText(names: readonly string[], more: object = {}): string {
  return JSON.stringify({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: 'base' },
    spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }], ...more },
  });
}

const AMD64: Platform = { os: 'linux', architecture: 'amd64' };

/** Pushes texts, one for each platform; the digest of the manifest. */
export async function pushTexts(
  store: FakeArtifactStore,
  tag: string,
  texts: readonly (readonly [Platform, string])[],
): Promise<string> {
  await store.pushBlob(REPOSITORY, bytesOfText('{}'), EMPTY_JSON.digest);
  const blobs = [];
  for (const [platform, text] of texts) {
    const bytes = bytesOfText(text);
    await store.pushBlob(REPOSITORY, bytes, digestOf(bytes));
    blobs.push({ platform, digest: digestOf(bytes), size: bytes.length });
  }
  const manifest = bytesOfText(artifactManifest(blobs, {}));
  await store.pushManifest(REPOSITORY, tag, OCI_MANIFEST, manifest);
  return digestOf(manifest);
}

/** Pushes a text for linux/amd64, signed where there is a signer; the digest of the manifest. */
export async function pushText(store: FakeArtifactStore, tag: string, text: string, signer?: Signer): Promise<string> {
  const digest = await pushTexts(store, tag, [[AMD64, text]]);
  if (signer !== undefined) await signDigest(store, digest, signer);
  return digest;
}

/** Signs what has a digest. */
export async function signDigest(store: FakeArtifactStore, digest: string, { privateKey }: Signer): Promise<void> {
  await attach(store, digest, signStatement(privateKey, printStatement(digest)));
}

/** Signs what has a digest by a certificate. */
export async function signDigestKeyless(
  store: FakeArtifactStore,
  digest: string,
  sigstore: FakeSigstore,
): Promise<void> {
  await attach(store, digest, await sigstore.sign(printStatement(digest)));
}

/** Says something of what has a digest, by a key. */
export async function attest(
  store: FakeArtifactStore,
  digest: string,
  { privateKey }: Signer,
  predicateType: string,
  predicate: object,
): Promise<void> {
  await attach(store, digest, signStatement(privateKey, printAttestation(digest, predicateType, predicate)));
}

async function attach(store: FakeArtifactStore, digest: string, text: string): Promise<void> {
  const size = store.manifests.get(digest)?.bytes.length ?? 0;
  const surroundings = { digestOf, pause: () => Promise.resolve() };
  await attachBundle(
    store,
    REPOSITORY,
    { mediaType: OCI_MANIFEST, digest, size },
    { text, predicateType: SIGNATURE_PREDICATE },
    surroundings,
  );
}
