// SPDX-License-Identifier: Apache-2.0
// A registry in memory, with or without a referrers API: for what is asked of a registry, not for how it is asked.
import { createHash } from 'node:crypto';
import { ArtifactError } from '../../src/core/oci/artifact-error.ts';
import type { Descriptor } from '../../src/core/oci/descriptor.ts';
import { readManifest } from '../../src/core/oci/manifest.ts';
import { fallbackTag, isDigest } from '../../src/core/oci/reference.ts';
import type { Repository } from '../../src/core/oci/reference.ts';
import type { ArtifactStore, FetchedManifest } from '../../src/core/oci/store.ts';
import { aborted } from '../../src/runtime/clock.ts';

/** `sha256:…` of bytes. */
export function digestOf(bytes: Uint8Array): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}

interface Stored {
  readonly mediaType: string;
  readonly bytes: Uint8Array;
}

/** One repository, whatever the name that it is asked by. */
export class FakeArtifactStore implements ArtifactStore {
  /** Names of what was asked: `manifest latest`, `blob sha256:…`, `referrers sha256:…`, `push latest`. */
  readonly requests: string[] = [];
  readonly blobs = new Map<string, Uint8Array>();
  readonly manifests = new Map<string, Stored>();
  readonly tags = new Map<string, string>();
  /** Called when a manifest was put under a tag: another writer. */
  afterTag: (tag: string) => void = () => undefined;
  /** The error of every request, while it is set. */
  down: ArtifactError | undefined;
  /** Whether its lists of what refers to a manifest are empty, whatever there is. */
  withoutReferrers = false;
  /** Versions that are asked for in vain, until the asking is ended. */
  readonly silent = new Set<string>();
  private readonly hasReferrers: boolean;

  constructor({ referrers = false }: { readonly referrers?: boolean } = {}) {
    this.hasReferrers = referrers;
  }

  private asked(name: string): void {
    this.requests.push(name);
    if (this.down !== undefined) throw this.down;
  }

  private stored(version: string): [string, Stored] {
    const digest = isDigest(version) ? version : (this.tags.get(version) ?? '');
    const stored = this.manifests.get(digest);
    if (stored === undefined) throw new ArtifactError('ArtifactNotFound', `there is no manifest ${version}`);
    return [digest, stored];
  }

  async manifest(_repository: Repository, version: string): Promise<FetchedManifest> {
    this.asked(`manifest ${version}`);
    const [digest, { mediaType, bytes }] = this.stored(version);
    return { descriptor: { mediaType, digest, size: bytes.length }, document: readManifest(bytes, mediaType), bytes };
  }

  async blob(
    _repository: Repository,
    { digest, size }: Pick<Descriptor, 'digest' | 'size'>,
    limit: number,
  ): Promise<Uint8Array> {
    this.asked(`blob ${digest}`);
    const bytes = this.blobs.get(digest);
    if (bytes === undefined) throw new ArtifactError('ArtifactNotFound', `there is no blob ${digest}`);
    if (size > limit)
      throw new ArtifactError('InvalidArtifact', `${digest} has ${size} bytes, at most ${limit} are read`);
    return bytes;
  }

  async referrers(
    repository: Repository,
    digest: string,
    isWanted: (one: Descriptor) => boolean = () => true,
  ): Promise<readonly Descriptor[]> {
    this.asked(`referrers ${digest}`);
    const all = this.hasReferrers ? this.noted(digest) : await this.listed(repository, digest);
    return this.withoutReferrers ? [] : all.filter(isWanted);
  }

  private noted(digest: string): readonly Descriptor[] {
    return [...this.manifests].flatMap(([own, { mediaType, bytes }]) => {
      const { subject, artifactType, annotations } = readManifest(bytes, mediaType);
      if (subject?.digest !== digest) return [];
      const type = artifactType === undefined ? {} : { artifactType };
      return [{ mediaType, digest: own, size: bytes.length, annotations, ...type, hasUrls: false }];
    });
  }

  private async listed(repository: Repository, digest: string): Promise<readonly Descriptor[]> {
    if (!this.tags.has(fallbackTag(digest))) return [];
    const { document } = await this.manifest(repository, fallbackTag(digest));
    return document.type === 'index' ? document.manifests : [];
  }

  async pushBlob(_repository: Repository, bytes: Uint8Array, digest: string): Promise<'pushed' | 'present'> {
    this.asked(`push ${digest}`);
    if (this.blobs.has(digest)) return 'present';
    this.blobs.set(digest, bytes);
    return 'pushed';
  }

  async pushManifest(
    _repository: Repository,
    version: string,
    mediaType: string,
    bytes: Uint8Array,
  ): Promise<{ readonly result: 'pushed' | 'present'; readonly subjectNoted: boolean }> {
    this.asked(`push ${version}`);
    const digest = digestOf(bytes);
    const result = this.manifests.has(digest) ? 'present' : 'pushed';
    this.manifests.set(digest, { mediaType, bytes });
    if (!isDigest(version)) {
      this.tags.set(version, digest);
      this.afterTag(version);
    }
    return { result, subjectNoted: this.hasReferrers };
  }
}

/** A store as one client sees it, whose questions a signal ends. */
export function openedStore(
  store: FakeArtifactStore,
  signal: AbortSignal,
  close: () => void,
): ArtifactStore & { close(): void } {
  const manifest: ArtifactStore['manifest'] = async (repository, version) => {
    if (store.silent.has(version)) {
      await aborted(signal);
      signal.throwIfAborted();
    }
    return store.manifest(repository, version);
  };
  return {
    manifest,
    blob: (repository, descriptor, limit) => store.blob(repository, descriptor, limit),
    referrers: (repository, digest, isWanted) => store.referrers(repository, digest, isWanted),
    pushBlob: (repository, bytes, digest) => store.pushBlob(repository, bytes, digest),
    pushManifest: (repository, version, mediaType, bytes) => store.pushManifest(repository, version, mediaType, bytes),
    close,
  };
}
