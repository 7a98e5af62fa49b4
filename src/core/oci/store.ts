// SPDX-License-Identifier: Apache-2.0
// A registry as those who pull, push, sign and verify see it. src/io/registry is the real one; every part of what it
// gives was checked against its digest and its size.
import type { Descriptor } from './descriptor.ts';
import type { ManifestDocument } from './manifest.ts';
import type { Repository } from './reference.ts';

/** A manifest or index with its bytes, whose digest is the one in the descriptor. */
export interface FetchedManifest {
  readonly descriptor: Pick<Descriptor, 'mediaType' | 'digest' | 'size'>;
  readonly document: ManifestDocument;
  readonly bytes: Uint8Array;
}

/** Reading. All throw ArtifactError. */
export interface ArtifactSource {
  /** @param version - a tag or a digest; `ArtifactNotFound` where there is none */
  manifest(repository: Repository, version: string): Promise<FetchedManifest>;
  /** @param limit - the most bytes; a larger descriptor is refused before anything is asked */
  blob(repository: Repository, descriptor: Pick<Descriptor, 'digest' | 'size'>, limit: number): Promise<Uint8Array>;
  /**
   * The manifests that refer to a digest: by the referrers API, else under the tag `sha256-…`; empty where there
   * is nothing.
   *
   * @param isWanted - only these, by what the registry or the list says of them
   */
  referrers(
    repository: Repository,
    digest: string,
    isWanted?: (one: Descriptor) => boolean,
  ): Promise<readonly Descriptor[]>;
}

/** Whether something was sent, or was there already. */
export type PushResult = 'pushed' | 'present';

/** Writing. All throw ArtifactError. */
export interface ArtifactTarget {
  pushBlob(repository: Repository, bytes: Uint8Array, digest: string): Promise<PushResult>;
  /**
   * @param version - a tag, or the digest of the bytes
   * @returns also whether the registry has noted the subject by itself; if not, the tag `sha256-…` must be written
   */
  pushManifest(
    repository: Repository,
    version: string,
    mediaType: string,
    bytes: Uint8Array,
  ): Promise<{ readonly result: PushResult; readonly subjectNoted: boolean }>;
}

/** Both. */
export type ArtifactStore = ArtifactSource & ArtifactTarget;
