// SPDX-License-Identifier: Apache-2.0
// From the name of an artifact to the text of a profile. Two steps, because signatures are looked at between them: what
// the name stands for, and the profile for a platform in it.
import { chooseLayer, chooseManifest, MAX_PROFILE_BYTES } from './artifact.ts';
import { ArtifactError, invalidArtifact } from './artifact-error.ts';
import type { Descriptor } from './descriptor.ts';
import { TITLE } from './media-types.ts';
import type { Platform } from './platform.ts';
import { isRuntimeArtifact, requireRuntimeForm } from './runtime-artifact.ts';
import { referenceText, wantedVersion } from './reference.ts';
import type { ArtifactReference, Repository } from './reference.ts';
import type { ArtifactSource, FetchedManifest } from './store.ts';

/** A profile that was fetched. */
export interface FetchedProfile {
  /** The manifest that has it: the one that was resolved, or one of the index that was. */
  readonly manifest: FetchedManifest;
  readonly layer: Descriptor;
  /** The file name that the artifact gives it; empty for none. Nobody has checked it. */
  readonly title: string;
  readonly text: string;
}

/** Errors of what was found get the name under which it was. */
async function named<T>(name: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof ArtifactError) || cause.message.startsWith(name)) throw cause;
    throw new ArtifactError(cause.reason, `${name}: ${cause.message}`, { cause: cause.cause });
  }
}

/**
 * The document that a name stands for now; its digest is what is signed, and what stays when the tag moves.
 * @throws ArtifactError
 */
export async function resolveArtifact(source: ArtifactSource, reference: ArtifactReference): Promise<FetchedManifest> {
  return named(referenceText(reference), () => source.manifest(reference.repository, wantedVersion(reference)));
}

/** How packed files begin. */
const PACKED: readonly (readonly [form: string, at: number, bytes: readonly number[]])[] = [
  ['gzip', 0, [0x1f, 0x8b]],
  ['zstd', 0, [0x28, 0xb5, 0x2f, 0xfd]],
  ['tar', 257, [0x75, 0x73, 0x74, 0x61, 0x72]],
];

function requirePlain(bytes: Uint8Array): void {
  for (const [form, at, start] of PACKED) {
    if (start.every((byte, index) => bytes[at + index] === byte)) {
      throw invalidArtifact(`its layer is packed (${form}), a profile is plain text`);
    }
  }
}

function decode(bytes: Uint8Array): string {
  requirePlain(bytes);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw invalidArtifact('its layer is no UTF-8 text', { cause });
  }
}

/**
 * The manifest for a platform in a document that was resolved.
 *
 * @throws ArtifactError where there is none
 */
export async function manifestFor(
  source: ArtifactSource,
  repository: Repository,
  top: FetchedManifest,
  wanted: Platform,
): Promise<FetchedManifest> {
  if (top.document.type === 'manifest') return top;
  const { digest, size } = chooseManifest(top.document, wanted);
  const inner = await source.manifest(repository, digest);
  if (inner.descriptor.size !== size) throw invalidArtifact(`${digest} has another size than its index says`);
  return inner;
}

/**
 * The profile for a platform in a document that was resolved.
 * @throws ArtifactError; `InvalidArtifact` where there is none for the platform
 */
export async function fetchProfile(
  source: ArtifactSource,
  reference: ArtifactReference,
  top: FetchedManifest,
  wanted: Platform,
): Promise<FetchedProfile> {
  const { repository } = reference;
  return named(referenceText(reference), async () => {
    const manifest = await manifestFor(source, repository, top, wanted);
    if (manifest.document.type !== 'manifest') throw invalidArtifact('its index lists another index');
    if (isRuntimeArtifact(top.document) || isRuntimeArtifact(manifest.document)) requireRuntimeForm(top);
    const layer = chooseLayer(manifest.document, wanted);
    if (layer.hasUrls) throw invalidArtifact('its layer lies elsewhere (urls), where nothing is fetched from');
    const text = decode(await source.blob(repository, layer, MAX_PROFILE_BYTES));
    return { manifest, layer, title: layer.annotations[TITLE] ?? '', text };
  });
}
