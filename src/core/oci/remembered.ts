// SPDX-License-Identifier: Apache-2.0
// A registry that is asked once for each thing. Signatures and statements on the same digest are in the same list, and
// their manifests are the same: a command that looks for both would fetch all of it twice.
import type { Descriptor } from './descriptor.ts';
import { repositoryName } from './reference.ts';
import type { Repository } from './reference.ts';
import type { ArtifactSource } from './store.ts';

type IsWanted = (one: Descriptor) => boolean;

const all: IsWanted = () => true;

/** The answer to a question, asked when it is first wanted. Failures are remembered, too. */
function once<T>(answers: Map<string, Promise<T>>, key: string, ask: () => Promise<T>): Promise<T> {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const answer = ask();
  answers.set(key, answer);
  return answer;
}

/**
 * A source whose answers are kept as long as it is: for one command about one artifact. A tag stands for one thing
 * meanwhile.
 */
export function remembered(source: ArtifactSource): ArtifactSource {
  const manifests = new Map<string, ReturnType<ArtifactSource['manifest']>>();
  const blobs = new Map<string, ReturnType<ArtifactSource['blob']>>();
  const lists = new Map<IsWanted, Map<string, ReturnType<ArtifactSource['referrers']>>>();
  const listsOf = (isWanted: IsWanted) => {
    const known = lists.get(isWanted) ?? new Map<string, ReturnType<ArtifactSource['referrers']>>();
    lists.set(isWanted, known);
    return known;
  };
  const key = (repository: Repository, ...names: readonly (string | number)[]): string =>
    [repositoryName(repository), ...names].join(' ');
  return {
    manifest: (repository, version) =>
      once(manifests, key(repository, version), () => source.manifest(repository, version)),
    blob: (repository, descriptor, limit) =>
      once(blobs, key(repository, descriptor.digest, descriptor.size, limit), () =>
        source.blob(repository, descriptor, limit),
      ),
    referrers: (repository, digest, isWanted = all) =>
      once(listsOf(isWanted), key(repository, digest), () => source.referrers(repository, digest, isWanted)),
  };
}
