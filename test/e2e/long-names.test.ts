// SPDX-License-Identifier: Apache-2.0
// Names at their limits: 72 characters, where labels end, and 253, where the API server ends and file names have ended
// before.
import { expect } from 'chai';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { OPERATOR_NAMESPACE, inNamespace, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';

describe('a profile with a long name', function () {
  this.timeout(600_000);
  const namespace = 'e2e-long-names';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  const label = (name: string): string =>
    cluster.value('sp', name, namespace, '{.metadata.labels.spo\\.x-k8s\\.io/profile-id}');

  it('of 72 characters is found by its label, it alone, and in the status of the node', async () => {
    const names = ['a', 'b'].map((end) => 'long-'.repeat(14) + 'x' + end);
    const spec = { defaultAction: 'SCMP_ACT_ALLOW' };
    cluster.apply(...names.map((name) => seccompProfile(namespace, name, spec)));
    for (const name of names) {
      expect(name).to.have.length(72);
      await cluster.untilProfile(namespace, name, 'Installed');
      const value = () => label(name);
      const id = await cluster.until('the label', value, (text) => text !== '');
      const found = cluster.kubectl(['get', 'sp', '-A', '-l', `spo.x-k8s.io/profile-id=${id}`, '-o', 'name']);
      expect(found.trim()).to.equal(`seccompprofile.security-profiles-operator.x-k8s.io/${name}`);
      const told = cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'get', 'spns', '-o', 'json']);
      expect(told).to.include(`"SeccompProfile/${namespace}/${name}"`);
    }
  });

  it('of 253 characters confines a pod by the path in its status, and leaves no file when it goes', async () => {
    const name = 'n'.repeat(253);
    const rule = { action: 'SCMP_ACT_ERRNO', names: ['mkdir', 'mkdirat'] };
    cluster.apply(seccompProfile(namespace, name, { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] }));
    await cluster.untilProfile(namespace, name, 'Installed');
    const localhost = cluster.value('sp', name, namespace, '{.status.localhostProfile}');
    const file = path.join(path.dirname(cluster.file(namespace, 'x')), path.basename(localhost));
    expect(existsSync(file)).to.equal(true);
    cluster.apply(shellPod(namespace, 'confined', 'mkdir /tmp/new 2>&1; echo done', localhost));
    await cluster.untilPod(namespace, 'confined', 'Succeeded');
    expect(cluster.kubectl(['-n', namespace, 'logs', 'confined'])).to.match(/Operation not permitted\ndone\n$/);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', name, '--timeout=240s']);
    expect(existsSync(file)).to.equal(false);
  });
});
