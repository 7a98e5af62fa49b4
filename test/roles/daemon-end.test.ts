// SPDX-License-Identifier: Apache-2.0
// The end of a daemon when the operator goes: whatever profiles go in the last moment, no file of theirs is left.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { SECCOMP_PROFILE, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../src/gen/kinds.ts';
import { NAMESPACE } from '../../src/runtime/kinds.ts';
import { FakeCluster, operatorNamespace, until } from '../fakes/cluster.ts';
import { seccompProfile } from '../fakes/profiles.ts';

const NAMES = Array.from({ length: 20 }, (_, index) => `p${String(index)}`);

describe('daemon: its end', () => {
  let cluster: FakeCluster;
  beforeEach(async () => {
    cluster = new FakeCluster();
    const { files } = cluster;
    const remove = files.remove.bind(files);
    // As a disk takes its time.
    files.remove = async (file) => {
      await sleep(30);
      return remove(file);
    };
    cluster.server.put({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: operatorNamespace } });
    await cluster.daemon();
    for (const name of NAMES) cluster.server.put({ ...seccompProfile(name), metadata: { name, namespace: 'ns' } });
    await until('the files', () => cluster.files.texts.size === NAMES.length);
  });
  afterEach(() => cluster.stop());

  /** Deletes all profiles at once, and tells the daemon to end in the same moment. */
  const endWithProfiles = async (): Promise<void> => {
    const ended = cluster.endDaemon();
    for (const name of NAMES) cluster.server.delete(SECCOMP_PROFILE, { namespace: 'ns', name });
    await ended;
  };

  it('leaves no file where only its spod and all profiles go', async () => {
    // There has been none, as after its deletion.
    const namespace = operatorNamespace;
    expect(cluster.server.get(SECURITY_PROFILES_OPERATOR_DAEMON, { namespace, name: 'spod' })).to.equal(undefined);
    await endWithProfiles();
    expect([...cluster.files.texts.keys()]).to.deep.equal([]);
  });

  it('leaves no file where the Namespace goes', async () => {
    cluster.server.delete(NAMESPACE, { name: operatorNamespace });
    await endWithProfiles();
    expect([...cluster.files.texts.keys()]).to.deep.equal([]);
  });

  it('leaves no file where the Namespace goes after its spod, though the deletions of profiles are not shown', async () => {
    const at = `/api/v1/namespaces/${operatorNamespace}`;
    const asked = (): number => cluster.server.requests.filter(({ path }) => path === at).length;
    const before = asked();
    const ended = cluster.endDaemon();
    await until('the question whether it goes', () => asked() > before);
    cluster.server.delete(NAMESPACE, { name: operatorNamespace });
    await ended;
    expect([...cluster.files.texts.keys()]).to.deep.equal([]);
  });

  it('leaves all files where nothing goes but the process', async () => {
    const type = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfilesOperatorDaemon' };
    cluster.server.put({ ...type, metadata: { name: 'spod', namespace: operatorNamespace } });
    await until('the spod', () => cluster.server.requests.some(({ path }) => path.includes('daemons')));
    await sleep(50);
    await cluster.endDaemon();
    expect(cluster.files.texts.size).to.equal(NAMES.length);
  });
});
