// SPDX-License-Identifier: Apache-2.0
// Puts a signature beside its artifact, in the layout that cosign writes: a manifest with the artifact as its subject
// and the bundle as its one layer. A registry without a referrers API does not note the subject; there the list of what
// refers to the artifact is an index under the tag `sha256-…`, which is ours to keep.
import { ArtifactError, invalidArtifact } from '../oci/artifact-error.ts';
import { EMPTY_CONFIG, OCI_INDEX, OCI_MANIFEST } from '../oci/media-types.ts';
import { fallbackTag } from '../oci/reference.ts';
import type { Repository } from '../oci/reference.ts';
import type { ArtifactStore } from '../oci/store.ts';
import { BUNDLE_MEDIA_TYPE } from './bundle.ts';
import { bytesOfText, textOfBytes, valueOfJson } from './encoding.ts';
import { isJsonObject } from '../json.ts';

/** The surroundings of the attaching. */
export interface Surroundings {
  /** `sha256:…` of bytes. */
  digestOf(bytes: Uint8Array): string;
  /** Waits a moment before the list is written again, which somebody else was writing too. */
  pause(attempt: number): Promise<void>;
}

/** The manifest that is signed. */
export interface Subject {
  readonly mediaType: string;
  readonly digest: string;
  /** Bytes. */
  readonly size: number;
}

/** Times that the list of what refers to an artifact is written, where others write it at the same time. */
const MOST_ATTEMPTS = 5;

const EMPTY = bytesOfText('{}');

type Words = Readonly<Record<string, string>>;

/** As cosign writes them. */
function annotationsOf(predicateType: string): Words {
  return {
    'dev.sigstore.bundle.content': 'dsse-envelope',
    'dev.sigstore.bundle.predicateType': predicateType,
  };
}

/**
 * Attaches a bundle to the manifest that it signs.
 *
 * @param bundle - its JSON, with the predicate type of its statement
 * @returns the digest of the signature's manifest
 * @throws ArtifactError
 */
export async function attachBundle(
  store: ArtifactStore,
  repository: Repository,
  subject: Subject,
  bundle: { readonly text: string; readonly predicateType: string },
  surroundings: Surroundings,
): Promise<string> {
  const describe = (mediaType: string, bytes: Uint8Array): Subject => ({
    mediaType,
    digest: surroundings.digestOf(bytes),
    size: bytes.length,
  });
  const content = bytesOfText(bundle.text);
  const [config, layer] = [describe(EMPTY_CONFIG, EMPTY), describe(BUNDLE_MEDIA_TYPE, content)];
  await store.pushBlob(repository, EMPTY, config.digest);
  await store.pushBlob(repository, content, layer.digest);
  const annotations = annotationsOf(bundle.predicateType);
  const manifest = bytesOfText(JSON.stringify(bundleManifest(subject, config, layer, annotations)));
  const described = describe(OCI_MANIFEST, manifest);
  const { subjectNoted } = await store.pushManifest(repository, described.digest, OCI_MANIFEST, manifest);
  const entry = { ...described, artifactType: BUNDLE_MEDIA_TYPE, annotations };
  if (!subjectNoted) await listReferrer(store, repository, subject.digest, entry, surroundings);
  return described.digest;
}

function bundleManifest(
  { mediaType, digest, size }: Subject,
  config: Subject,
  layer: Subject,
  annotations: Words,
): object {
  return {
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: BUNDLE_MEDIA_TYPE,
    config,
    layers: [layer],
    subject: { mediaType, digest, size },
    annotations,
  };
}

/** Registries take no conditions on writes: the list is read again, since another may have put back an older one. */
async function listReferrer(
  store: ArtifactStore,
  repository: Repository,
  subject: string,
  entry: Subject,
  surroundings: Surroundings,
): Promise<void> {
  const tag = fallbackTag(subject);
  for (let attempt = 1; attempt <= MOST_ATTEMPTS; attempt++) {
    const listed = await listedUnder(store, repository, tag);
    if (listed.some((each) => isEntryOf(each, entry.digest))) return;
    const index = { schemaVersion: 2, mediaType: OCI_INDEX, manifests: [...listed, entry] };
    await store.pushManifest(repository, tag, OCI_INDEX, bytesOfText(JSON.stringify(index)));
    const after = await listedUnder(store, repository, tag);
    if (after.some((each) => isEntryOf(each, entry.digest))) return;
    await surroundings.pause(attempt);
  }
  const message = `the list of signatures ${tag} is being written by others: the signature is there and not in it`;
  throw new ArtifactError('RegistryUnavailable', message);
}

function isEntryOf(entry: unknown, digest: string): boolean {
  return isJsonObject(entry) && entry['digest'] === digest;
}

/** The entries as they are written, with members that we do not know; none where an artifact lies under the tag. */
async function listedUnder(store: ArtifactStore, repository: Repository, tag: string): Promise<readonly unknown[]> {
  try {
    const { document, bytes } = await store.manifest(repository, tag);
    if (document.type !== 'index') return [];
    const value = valueOfJson(textOfBytes(bytes) ?? '');
    const entries: unknown = isJsonObject(value) ? value['manifests'] : undefined;
    if (Array.isArray(entries)) return [...(entries as readonly unknown[])];
    throw invalidArtifact(`${tag}: manifests: is no list`);
  } catch (error) {
    if (error instanceof ArtifactError && error.reason === 'ArtifactNotFound') return [];
    throw error;
  }
}
