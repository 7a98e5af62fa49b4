// SPDX-License-Identifier: Apache-2.0
// Mirrors: other places where the artifacts of a registry, or of a part of it, can be read. An artifact asked for by
// digest is the same there; a tag is believed to be.
import { ArtifactError } from './artifact-error.ts';
import type { ArtifactReason } from './artifact-error.ts';
import { parseReference, repositoryName } from './reference.ts';
import type { Repository } from './reference.ts';
import type { ArtifactStore } from './store.ts';

/** A place to read from first. */
export interface Mirror {
  /** Registry, or registry and the beginning of paths: `ghcr.io`, `ghcr.io/security-profiles`. */
  readonly prefix: string;
  /** The same part of names there: `mirror.local:5000/ghcr`. */
  readonly location: string;
}

/** A failure of a mirror that says nothing of the artifact. */
const TRY_NEXT: readonly ArtifactReason[] = ['ArtifactNotFound', 'RegistryDenied', 'RegistryUnavailable'];

/** Reads `PREFIX=LOCATION`; undefined for a text of another form. */
export function parseMirror(text: string): Mirror | undefined {
  const [prefix = '', location = '', ...rest] = text.split('=');
  const isPlace = (name: string): boolean => {
    try {
      return repositoryName(parseReference(`${name}/x`).repository) === `${name}/x`;
    } catch (cause) {
      if (cause instanceof ArtifactError) return false;
      throw cause;
    }
  };
  return rest.length === 0 && isPlace(prefix) && isPlace(location) ? { prefix, location } : undefined;
}

/** The repositories to read from, the one itself last. */
export function placesOf(repository: Repository, mirrors: readonly Mirror[]): readonly Repository[] {
  const name = repositoryName(repository);
  const others = mirrors.flatMap(({ prefix, location }) =>
    name.startsWith(`${prefix}/`) ? [parseReference(`${location}${name.slice(prefix.length)}`).repository] : [],
  );
  return [...others, repository];
}

async function firstOf<T>(
  places: readonly Repository[],
  ask: (place: Repository) => Promise<T>,
  isEnough: (answer: T) => boolean = () => true,
): Promise<T> {
  for (const place of places.slice(0, -1)) {
    try {
      const answer = await ask(place);
      if (isEnough(answer)) return answer;
    } catch (cause) {
      if (!(cause instanceof ArtifactError) || !TRY_NEXT.includes(cause.reason)) throw cause;
    }
  }
  const [own] = places.slice(-1);
  if (own === undefined) throw new RangeError('no place to read from');
  return ask(own);
}

/** A store that reads from mirrors first, and writes where it is told. */
export function withMirrors(store: ArtifactStore, mirrors: readonly Mirror[]): ArtifactStore {
  return {
    manifest: (repository, version) =>
      firstOf(placesOf(repository, mirrors), (place) => store.manifest(place, version)),
    blob: (repository, descriptor, limit) =>
      firstOf(placesOf(repository, mirrors), (place) => store.blob(place, descriptor, limit)),
    referrers: (repository, digest, isWanted) =>
      firstOf(
        placesOf(repository, mirrors),
        (place) => store.referrers(place, digest, isWanted),
        // Mirrors often have the artifact, a list of its parts too, and leave its signatures behind.
        (found) => found.length > 0,
      ),
    pushBlob: (repository, bytes, digest) => store.pushBlob(repository, bytes, digest),
    pushManifest: (repository, version, mediaType, bytes) => store.pushManifest(repository, version, mediaType, bytes),
  };
}
