// SPDX-License-Identifier: Apache-2.0
// Deleting a profile removes its file, waits for pods that use it and for nothing else.
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { inNamespace, OPERATOR_NAMESPACE, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

describe('the deletion of a SeccompProfile', function () {
  this.timeout(600_000);
  const namespace = 'e2e-deletion';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  async function install(name: string): Promise<void> {
    cluster.apply(seccompProfile(namespace, name, { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, name, 'Installed');
  }

  const exists = (name: string) => cluster.tryKubectl(['-n', namespace, 'get', 'sp', name]).status === 0;

  it('removes the file and the object', async () => {
    await install('unused');
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'unused', '--timeout=240s']);
    expect([existsSync(cluster.file(namespace, 'unused')), exists('unused')]).to.deep.equal([false, false]);
  });

  it('waits for a pod that uses it, shows who that is, and goes on when the pod has gone', async () => {
    await install('used');
    cluster.apply(shellPod(namespace, 'user', 'sleep 600', `operator/${namespace}/used.json`));
    await cluster.untilPod(namespace, 'user', 'Running');
    const users = () => cluster.value('sp', 'used', namespace, '{.status.activeWorkloads[*]}');
    await cluster.until('activeWorkloads', users, (text) => text === `${namespace}/user`);
    const finalizers = () => cluster.value('sp', 'used', namespace, '{.metadata.finalizers}');
    await cluster.until('the finalizer', finalizers, (text) => text.includes('in-use-by-active-pods'));
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'used', '--wait=false']);
    await cluster.untilProfile(namespace, 'used', 'Terminating');
    expect(existsSync(cluster.file(namespace, 'used'))).to.equal(true);
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'user', '--now']);
    await cluster.until(
      'the profile to go',
      () => exists('used'),
      (there) => !there,
    );
    expect(existsSync(cluster.file(namespace, 'used'))).to.equal(false);
  });

  it('does not wait for a pod that has completed', async () => {
    await install('completed');
    cluster.apply(shellPod(namespace, 'short', 'true', `operator/${namespace}/completed.json`));
    await cluster.untilPod(namespace, 'short', 'Succeeded');
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'completed', '--timeout=240s']);
    expect(exists('completed')).to.equal(false);
  });

  it('waits for a node that holds the file, and not when the node has vanished', async () => {
    const metadata = { name: 'ghost', labels: { 'kubernetes.io/os': 'linux' } };
    cluster.apply({ apiVersion: 'v1', kind: 'Node', metadata });
    // As its kubelet would say: a node that is not ready gets no daemon.
    const status = JSON.stringify({
      status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] },
    });
    cluster.kubectl(['patch', 'node', 'ghost', '--subresource=status', '--type=merge', '-p', status]);
    const daemons = () => cluster.value('ds', 'spod', OPERATOR_NAMESPACE, '{.status.currentNumberScheduled}');
    await cluster.until('a daemon for the node', daemons, (text) => text === '2');
    await report('ghost', `SeccompProfile/${namespace}/ghosted`);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'ghosted', '--wait=false']);
    const there = () => existsSync(cluster.file(namespace, 'ghosted'));
    await cluster.until('the file to go', there, (is) => !is);
    expect(exists('ghosted')).to.equal(true);
    cluster.kubectl(['delete', 'node', 'ghost']);
    await cluster.until(
      'the profile to go',
      () => exists('ghosted'),
      (is) => !is,
    );
  });

  /** Installs a profile, and says in the name of a node without a kubelet that it is there, too. */
  async function report(nodeName: string, key: string): Promise<void> {
    cluster.apply(seccompProfile(namespace, 'ghosted', { defaultAction: 'SCMP_ACT_ALLOW' }));
    const file = () => existsSync(cluster.file(namespace, 'ghosted'));
    await cluster.until('the file', file, (is) => is);
    const metadata = { name: nodeName, namespace: OPERATOR_NAMESPACE };
    const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfileNodeStatus' };
    cluster.apply({ ...kind, metadata, nodeName });
    const uid = cluster.value('sp', 'ghosted', namespace, '{.metadata.uid}');
    const status = { profiles: { [key]: { state: 'Installed', uid, generation: 1 } } };
    const patch = ['patch', 'spns', nodeName, '--subresource=status', '--type=merge', '-p', JSON.stringify({ status })];
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, ...patch]);
    await cluster.untilProfile(namespace, 'ghosted', 'Installed');
  }

  after(() => {
    cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'delete', 'spns', 'ghost', '--ignore-not-found']);
    cluster.tryKubectl(['delete', 'node', 'ghost', '--ignore-not-found']);
    // The controller of DaemonSets does not notice that a node has gone on which a pod still waited for room.
    const waiting = ['-l', 'name=spod', '--field-selector', 'status.phase=Pending'];
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'delete', 'pods', ...waiting]);
  });
});
