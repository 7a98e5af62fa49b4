// SPDX-License-Identifier: Apache-2.0
// The artifact that container runtimes pull by themselves (KEP-6061): one manifest, one layer with the runtime's JSON,
// for every platform. The forms that CRI-O takes are read, and one of them is written.
import { EMPTY_JSON } from './artifact.ts';
import { invalidArtifact } from './artifact-error.ts';
import type { ManifestDocument } from './manifest.ts';
import { EMPTY_CONFIG, JSON_LAYER, OCI_MANIFEST, SECCOMP_CONFIG } from './media-types.ts';
import type { FetchedManifest } from './store.ts';

/** The largest manifest that runtimes read. */
const MAX_RUNTIME_MANIFEST = 64 * 1024;

/** The text of the manifest; the same profile gives the same text. */
export function runtimeManifest(
  { digest, size }: { readonly digest: string; readonly size: number },
  annotations: Readonly<Record<string, string>>,
): string {
  const sorted = Object.entries(annotations).sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({
    schemaVersion: 2,
    mediaType: OCI_MANIFEST,
    artifactType: SECCOMP_CONFIG,
    config: { mediaType: EMPTY_CONFIG, digest: EMPTY_JSON.digest, size: EMPTY_JSON.size },
    layers: [{ mediaType: JSON_LAYER, digest, size }],
    ...(sorted.length === 0 ? {} : { annotations: Object.fromEntries(sorted) }),
  });
}

/** Whether a document says that it is one. */
export function isRuntimeArtifact(document: ManifestDocument): boolean {
  if (document.artifactType === SECCOMP_CONFIG) return true;
  return document.type === 'manifest' && document.config.mediaType === SECCOMP_CONFIG;
}

/**
 * Holds a document that says so against what runtimes take.
 * @throws ArtifactError `InvalidArtifact`
 */
export function requireRuntimeForm({ document, descriptor }: FetchedManifest): void {
  if (document.type === 'index') throw invalidArtifact('is an index, and a runtime artifact is none');
  if (document.mediaType !== OCI_MANIFEST) throw invalidArtifact(`a runtime artifact is no ${document.mediaType}`);
  if (descriptor.size > MAX_RUNTIME_MANIFEST) {
    throw invalidArtifact(`the manifest of a runtime artifact has ${MAX_RUNTIME_MANIFEST} bytes at most`);
  }
  const { config, artifactType = SECCOMP_CONFIG, layers } = document;
  const isTold = config.mediaType === EMPTY_CONFIG || config.mediaType === artifactType;
  if (!isTold) throw invalidArtifact(`its config is ${config.mediaType}, and it is ${artifactType}`);
  if (layers.length !== 1) throw invalidArtifact(`has ${layers.length} layers, a runtime artifact has one`);
}
