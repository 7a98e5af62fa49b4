// SPDX-License-Identifier: Apache-2.0
// The parts of a recording in a whole manager and daemon on the API server in memory: held while the recording is
// there, one installed profile when it is deleted, and gone with their namespace.
import { expect } from 'chai';
import { PROFILE_RECORDING, SECCOMP_PROFILE } from '../../src/gen/kinds.ts';
import { EVENT } from '../../src/runtime/kinds.ts';
import type { KubeObject } from '../../src/runtime/object.ts';
import { FakeCluster, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const PART = 'spo.x-k8s.io/partial-profile-finalizer';
const KEY = { namespace: 'ns', name: 'rec' };

const recording = {
  apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
  kind: 'ProfileRecording',
  metadata: { name: 'rec', namespace: 'ns' },
  spec: { kind: 'SeccompProfile', recorder: 'bpf', mergeStrategy: 'containers', podSelector: {} },
};

function part(name: string, call: string): KubeObject {
  const labels = {
    'spo.x-k8s.io/partial': 'true',
    'spo.x-k8s.io/recording-id': 'rec',
    'spo.x-k8s.io/recording-namespace': 'ns',
    'spo.x-k8s.io/container-id': 'c',
  };
  const profile = seccompProfile(name);
  const syscalls = [{ names: ['read', call], action: 'SCMP_ACT_ALLOW' }];
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', architectures: ['SCMP_ARCH_X86_64'], syscalls };
  const annotations = { 'spo.x-k8s.io/unmerged-part': 'true' };
  return Object.assign(profile, { metadata: { name, namespace: 'ns', labels, annotations }, spec });
}

function namespace(metadata: Partial<KubeObject['metadata']> = {}): KubeObject {
  const labels = { 'spo.x-k8s.io/enable-recording': '' };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'ns', labels, ...metadata } };
}

describe('manager and daemon: parts of recordings', function () {
  this.timeout(120_000);
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = new FakeCluster();
    cluster.server.put(namespace());
    cluster.server.put(recording);
    for (const [name, call] of [
      ['rec-c-a', 'write'],
      ['rec-c-b', 'mknod'],
    ] as const)
      cluster.server.put(part(name, call));
    await cluster.manager();
    await cluster.daemon();
    await until('the recording is held', () => textOf().includes('has-unmerged-profiles'));
  });
  afterEach(() => cluster.stop());

  const textOf = (): string => JSON.stringify(cluster.server.get(PROFILE_RECORDING, KEY) ?? null);
  const names = (): readonly string[] => cluster.server.list(SECCOMP_PROFILE).map(({ metadata }) => metadata.name);
  const isDeleted = (): boolean => cluster.server.get(PROFILE_RECORDING, KEY) === undefined;

  it('become one profile, which is installed', async () => {
    await until('a part is told to be one', () => cluster.state('rec-c-b') === 'Partial');
    for (const name of ['rec-c-a', 'rec-c-b'])
      await until(`${name} is held`, () => cluster.profile(name)?.metadata.finalizers?.includes(PART) === true);
    expect(cluster.files.texts.size).to.equal(0);
    cluster.server.delete(PROFILE_RECORDING, KEY);
    await until('the recording is gone', isDeleted);
    await until('the merged profile is installed', () => cluster.state('rec-c') === 'Installed');
    await until('the parts are gone', () => names().join() === 'rec-c');
    expect(cluster.profile('rec-c')?.spec.syscalls?.[0]?.names).to.deep.equal(['mknod', 'read', 'write']);
    const reasons = cluster.server.list(EVENT).map((event) => (event as KubeObject & { reason?: string }).reason);
    expect(reasons).to.include('ProfilesMerged');
    expect(cluster.refused()).to.deep.equal([]);
  });

  it('go with their namespace', async () => {
    cluster.server.put(namespace({ deletionTimestamp: '2026-01-01T00:00:00Z', finalizers: ['kubernetes'] }));
    for (const name of ['rec-c-a', 'rec-c-b']) cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name });
    cluster.server.delete(PROFILE_RECORDING, KEY);
    await until('all is gone', () => isDeleted() && names().length === 0);
  });
});
