// SPDX-License-Identifier: Apache-2.0
// A profile that is tried, in a whole manager and daemon, each with its own permissions: the twin is made, comes to the
// node, follows the profile, and goes with the binding; the author's object stays as it is.
import { expect } from 'chai';
import type { ProfileBinding } from '../../src/gen/crd/profile-binding.ts';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import { PROFILE_BINDING, SECCOMP_PROFILE } from '../../src/gen/kinds.ts';
import { FakeCluster, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

describe('manager and daemon: trials', () => {
  let cluster: FakeCluster;
  beforeEach(() => {
    cluster = new FakeCluster();
    const labels = { 'spo.x-k8s.io/enable-binding': '' };
    cluster.server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns', labels } });
  });
  afterEach(() => cluster.stop());

  const profile = (name: string) =>
    cluster.server.get(SECCOMP_PROFILE, { namespace: 'ns', name }) as SeccompProfile | undefined;
  const trial = () =>
    (cluster.server.get(PROFILE_BINDING, { namespace: 'ns', name: 'b' }) as ProfileBinding | undefined)?.status?.trial;
  const file = (name: string): string => cluster.files.texts.get(`ns/${name}.json`) ?? '';

  it('have a twin on the node that follows the profile, and goes with the binding', async () => {
    await cluster.manager();
    await cluster.daemon();
    cluster.server.put({ ...seccompProfile('a'), metadata: { name: 'a', namespace: 'ns' } });
    const spec = {
      profileRef: { kind: 'SeccompProfile' as const, name: 'a' },
      image: 'nginx',
      enforcement: { mode: 'Enforce' as const },
    };
    const type = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'ProfileBinding' };
    cluster.server.put(Object.assign({ ...type, metadata: { name: 'b', namespace: 'ns' } }, { spec }));
    await until('the trial', () => trial()?.twinUID !== undefined);
    const { twinName = '' } = trial() ?? {};
    expect(trial()).to.include({ phase: 'Auditing', twinGeneration: 1 });
    expect(file(twinName)).to.include('"defaultAction": "SCMP_ACT_LOG"');
    expect(file('a')).to.include('"defaultAction": "SCMP_ACT_ERRNO"');
    const author = profile('a')!;
    expect(author.spec).to.deep.equal(seccompProfile('a').spec);
    const changed = { ...author, spec: seccompProfile('a', ['write']).spec };
    cluster.server.put({ ...changed, metadata: { ...changed.metadata, generation: 2 } });
    await until('the changed twin', () => file(twinName).includes('"write"') && trial()?.profileGeneration === 2);
    cluster.server.delete(PROFILE_BINDING, { namespace: 'ns', name: 'b' });
    await until('no twin', () => profile(twinName) === undefined && file(twinName) === '');
    expect(file('a')).to.include('"write"');
  });
});
