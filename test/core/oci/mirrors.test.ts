// SPDX-License-Identifier: Apache-2.0
// Mirrors: read first, never written, and no obstacle when they fail.
import { expect } from 'chai';
import { ArtifactError } from '../../../src/core/oci/artifact-error.ts';
import type { ArtifactReason } from '../../../src/core/oci/artifact-error.ts';
import type { Descriptor } from '../../../src/core/oci/descriptor.ts';
import { parseMirror, placesOf, withMirrors } from '../../../src/core/oci/mirrors.ts';
import { repositoryName } from '../../../src/core/oci/reference.ts';
import type { ArtifactStore } from '../../../src/core/oci/store.ts';

const mirrors = [{ prefix: 'ghcr.io/team', location: 'mirror.example:5000/ghcr' }];
const repository = { registry: 'ghcr.io', path: 'team/runc' };

const signature: Descriptor = {
  mediaType: 'a/b',
  digest: `sha256:${'a'.repeat(64)}`,
  size: 1,
  annotations: {},
  hasUrls: false,
};

/** A store whose mirror fails for a reason, or does not. */
function storeOf(asked: string[], failure?: ArtifactReason, isBare = false): ArtifactStore {
  const answer = async (
    place: typeof repository,
    _?: string,
    isWanted: (one: Descriptor) => boolean = () => true,
  ): Promise<readonly Descriptor[]> => {
    asked.push(repositoryName(place));
    if (failure !== undefined && place.registry !== 'ghcr.io') throw new ArtifactError(failure, 'no');
    return (place.registry === 'ghcr.io' || isBare ? [] : [signature]).filter(isWanted);
  };
  const unexpected = (): never => {
    throw new Error('not asked for here');
  };
  const pushBlob = async (place: typeof repository) => {
    await answer(place);
    return 'pushed' as const;
  };
  return { manifest: unexpected, blob: unexpected, referrers: answer, pushBlob, pushManifest: unexpected };
}

describe('a mirror', () => {
  it('is read as name and place', () => {
    expect(parseMirror('ghcr.io/team=mirror.example:5000/ghcr')).to.deep.equal(mirrors[0]);
    for (const text of [
      '',
      '=',
      'ghcr.io',
      'ghcr.io=',
      '=x.io',
      'a=b',
      'ghcr.io=https://x.io',
      'ghcr.io=x.io=y.io',
      'A.io/B=x.io',
    ]) {
      expect(parseMirror(text), text).to.equal(undefined);
    }
  });

  it('stands for whole parts of a name only', () => {
    expect(placesOf(repository, mirrors).map(repositoryName)).to.deep.equal([
      'mirror.example:5000/ghcr/runc',
      'ghcr.io/team/runc',
    ]);
    for (const path of ['teams/runc', 'other/team/runc', 'team']) {
      expect(placesOf({ registry: 'ghcr.io', path }, mirrors)).to.have.length(1);
    }
  });

  it('is asked first, and the registry itself where it has nothing to say', async () => {
    for (const failure of ['ArtifactNotFound', 'RegistryUnavailable', 'RegistryDenied'] as const) {
      const asked: string[] = [];
      await withMirrors(storeOf(asked, failure), mirrors).referrers(repository, 'sha256:x');
      expect(asked, failure).to.deep.equal(['mirror.example:5000/ghcr/runc', 'ghcr.io/team/runc']);
    }
    const asked: string[] = [];
    await withMirrors(storeOf(asked), mirrors).referrers(
      repository,
      'sha256:x',
      ({ mediaType }) => mediaType === 'a/b',
    );
    expect(asked).to.deep.equal(['mirror.example:5000/ghcr/runc']);
  });

  it('is no place without signatures, where it has none', async () => {
    const asked: string[] = [];
    await withMirrors(storeOf(asked, undefined, true), mirrors).referrers(repository, 'sha256:x');
    expect(asked).to.deep.equal(['mirror.example:5000/ghcr/runc', 'ghcr.io/team/runc']);
    asked.length = 0;
    await withMirrors(storeOf(asked), mirrors).referrers(repository, 'sha256:x', () => false);
    expect(asked, 'it has others only').to.deep.equal(['mirror.example:5000/ghcr/runc', 'ghcr.io/team/runc']);
  });

  it('counts where it says that the artifact is wrong', async () => {
    const asked: string[] = [];
    const result = withMirrors(storeOf(asked, 'InvalidArtifact'), mirrors).referrers(repository, 'sha256:x');
    expect(await result.catch(String)).to.include('no');
    expect(asked).to.have.length(1);
  });

  it('is never written to', async () => {
    const asked: string[] = [];
    await withMirrors(storeOf(asked), mirrors).pushBlob(repository, new Uint8Array(), 'sha256:x');
    expect(asked).to.deep.equal(['ghcr.io/team/runc']);
  });
});
