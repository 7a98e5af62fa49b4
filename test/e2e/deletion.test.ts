// SPDX-License-Identifier: Apache-2.0
// Deleting a profile removes its file, waits for pods that use it and for nothing else.
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import { inNamespace, seccompProfile, shellPod, type Cluster } from './cluster.ts';

describe('the deletion of a SeccompProfile', function () {
  this.timeout(120_000);
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
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'unused', '--timeout=20s']);
    expect([existsSync(cluster.file(namespace, 'unused')), exists('unused')]).to.deep.equal([false, false]);
  });

  it('waits for a pod that uses it, shows who that is, and goes on when the pod has gone', async () => {
    await install('used');
    cluster.apply(shellPod(namespace, 'user', 'sleep 600', `operator/${namespace}/used.json`));
    await cluster.untilPod(namespace, 'user', 'Running');
    const users = () => cluster.value('sp', 'used', namespace, '{.status.activeWorkloads[*]}');
    await cluster.until('activeWorkloads', users, (text) => text === `${namespace}/user`, 15);
    const finalizers = () => cluster.value('sp', 'used', namespace, '{.metadata.finalizers}');
    await cluster.until('the finalizer', finalizers, (text) => text.includes('in-use-by-active-pods'), 15);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'used', '--wait=false']);
    await cluster.untilProfile(namespace, 'used', 'Terminating');
    expect(existsSync(cluster.file(namespace, 'used'))).to.equal(true);
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'user', '--now']);
    await cluster.until(
      'the profile to go',
      () => exists('used'),
      (there) => !there,
      30,
    );
    expect(existsSync(cluster.file(namespace, 'used'))).to.equal(false);
  });

  it('does not wait for a pod that has completed', async () => {
    await install('completed');
    cluster.apply(shellPod(namespace, 'short', 'true', `operator/${namespace}/completed.json`));
    await cluster.untilPod(namespace, 'short', 'Succeeded');
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'completed', '--timeout=20s']);
    expect(exists('completed')).to.equal(false);
  });

  it('does not wait for a node that has vanished', async () => {
    await install('ghosted');
    const status = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name: 'ghost', namespace: 'security-profiles-operator' },
      nodeName: 'ghost',
    };
    cluster.apply(status);
    const profiles = { [`SeccompProfile/${namespace}/ghosted`]: { state: 'Installed' } };
    const patch = JSON.stringify({ status: { profiles } });
    const target = [
      '-n',
      'security-profiles-operator',
      'patch',
      'spns',
      'ghost',
      '--subresource=status',
      '--type=merge',
      '-p',
      patch,
    ];
    cluster.tryKubectl(target);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'ghosted', '--timeout=20s']);
    expect(exists('ghosted')).to.equal(false);
    cluster.tryKubectl(['-n', 'security-profiles-operator', 'delete', 'spns', 'ghost', '--ignore-not-found']);
  });
});
