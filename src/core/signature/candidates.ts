// SPDX-License-Identifier: Apache-2.0
// Finds the signatures of an artifact in its repository: bundles that refer to it, and the classic tag of cosign. The
// entries of a registry's list say little (cosign's have no annotations), so each is read. A signature that cannot be
// read is none; a registry that gives no answer is no "unsigned".
import { ArtifactError } from '../oci/artifact-error.ts';
import type { Descriptor } from '../oci/descriptor.ts';
import type { ImageManifest } from '../oci/manifest.ts';
import { fallbackTag } from '../oci/reference.ts';
import type { Repository } from '../oci/reference.ts';
import type { ArtifactSource } from '../oci/store.ts';
import { isBundleMediaType, MOST_BUNDLE_BYTES, readBundle } from './bundle.ts';
import { bytesOfBase64, textOfBytes, valueOfJson } from './encoding.ts';
import type { Evidence } from './evidence.ts';
import type { Candidate } from './judge.ts';
import { SIMPLE_SIGNING, SIMPLE_SIGNING_MEDIA_TYPE } from './simple-signing.ts';

/** Signatures of one form that are looked at: whoever may write to a repository can add more. */
const MOST_CANDIDATES = 64;

/** Bytes of a classic signature's payload; cosign's has 250 and the annotations that a user gave. */
const MOST_PAYLOAD_BYTES = 64 * 1024;

/** A manifest that names another purpose is no signature, and is not read. */
function mayBeBundle({ artifactType }: Descriptor): boolean {
  return artifactType === undefined || isBundleMediaType(artifactType);
}

/**
 * Bundles that refer to a manifest.
 * @throws ArtifactError where the registry does not answer
 */
export async function bundlesOf(
  source: ArtifactSource,
  repository: Repository,
  digest: string,
): Promise<readonly Candidate[]> {
  const entries = (await source.referrers(repository, digest, mayBeBundle)).slice(0, MOST_CANDIDATES);
  const found: Candidate[] = [];
  for (const entry of entries) found.push(...(await readable(() => bundlesIn(source, repository, entry))));
  return found;
}

async function bundlesIn(
  source: ArtifactSource,
  repository: Repository,
  entry: Descriptor,
): Promise<readonly Candidate[]> {
  const { document } = await source.manifest(repository, entry.digest);
  const layer =
    document.type === 'manifest' ? document.layers.find((each) => isBundleMediaType(each.mediaType)) : undefined;
  if (layer === undefined) return [];
  const text = textOfBytes(await source.blob(repository, layer, MOST_BUNDLE_BYTES));
  const bundle = readBundle(text === undefined ? undefined : valueOfJson(text));
  return [typeof bundle === 'string' ? { form: 'unreadable', reason: bundle } : { form: 'bundle', bundle }];
}

/**
 * Signatures under the tag `sha256-….sig`.
 * @throws ArtifactError where the registry does not answer
 */
export async function classicSignaturesOf(
  source: ArtifactSource,
  repository: Repository,
  digest: string,
): Promise<readonly Candidate[]> {
  const manifest = await classicManifest(source, repository, digest);
  if (manifest === undefined) return [];
  if ('form' in manifest) return [manifest];
  const layers = manifest.layers.filter(({ mediaType }) => mediaType === SIMPLE_SIGNING_MEDIA_TYPE);
  const found: Candidate[] = [];
  for (const layer of layers.slice(0, MOST_CANDIDATES)) {
    found.push(...(await readable(() => classicIn(source, repository, layer))));
  }
  return found;
}

async function classicManifest(
  source: ArtifactSource,
  repository: Repository,
  digest: string,
): Promise<ImageManifest | Candidate | undefined> {
  try {
    const { document } = await source.manifest(repository, `${fallbackTag(digest)}.sig`);
    return document.type === 'manifest' ? document : undefined;
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    if (error.reason === 'ArtifactNotFound') return undefined;
    return unreadable(error);
  }
}

async function classicIn(
  source: ArtifactSource,
  repository: Repository,
  layer: Descriptor,
): Promise<readonly Candidate[]> {
  const signature = bytesOfBase64(layer.annotations[SIMPLE_SIGNING.signature]);
  if (signature === undefined) return [{ form: 'unreadable', reason: 'its layer has no signature in base64' }];
  const payload = await source.blob(repository, layer, MOST_PAYLOAD_BYTES);
  return [{ form: 'classic', payload, signature, evidence: classicEvidence(payload, signature, layer) }];
}

function classicEvidence(
  payload: Uint8Array,
  signature: Uint8Array,
  { annotations }: Descriptor,
): Evidence | undefined {
  const certificate = annotations[SIMPLE_SIGNING.certificate];
  if (certificate === undefined) return undefined;
  const [log, timestamp] = [annotations[SIMPLE_SIGNING.log], annotations[SIMPLE_SIGNING.timestamp]];
  return { form: 'classic', payload, signature, certificate, log, timestamp };
}

async function readable(read: () => Promise<readonly Candidate[]>): Promise<readonly Candidate[]> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    return [unreadable(error)];
  }
}

/** A missing or damaged part is a signature that cannot be read; any other error is the registry's, and goes on. */
function unreadable(error: ArtifactError): Candidate {
  const { reason, message } = error;
  if (reason !== 'ArtifactNotFound' && reason !== 'InvalidArtifact') throw error;
  return { form: 'unreadable', reason: message };
}
