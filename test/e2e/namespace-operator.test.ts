// SPDX-License-Identifier: Apache-2.0
// The operator restricted to one namespace, from its own manifest: it works there, sees nothing else, may do nothing
// else, and is refused nothing that it asks for.
import { expect } from 'chai';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { localize } from '../../tools/lab/manifest.ts';
import { OPERATOR_NAMESPACE, redeploy, seccompProfile, shellPod, START_TIMEOUT, useCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const root = path.join(import.meta.dirname, '../..');

describe('an operator that is restricted to a namespace', function () {
  this.timeout(600_000);
  const inside = 'e2e-inside';
  const outside = 'e2e-outside';
  let cluster: Cluster;
  let manifest: string;

  before(async function () {
    this.timeout(START_TIMEOUT);
    cluster = await useCluster();
    const image = '{.spec.template.spec.containers[0].image}';
    const local = {
      image: cluster.value('deployment', 'security-profiles-operator', OPERATOR_NAMESPACE, image),
      kubelet: cluster.env['KUBELET_DIR'] ?? '',
    };
    cluster.kubectl(['delete', 'seccompprofiles', '--all', '--all-namespaces', '--timeout=240s']);
    cluster.kubectl(['delete', '-f', 'manifests/operator.yaml', '--timeout=240s']);
    for (const name of [inside, outside]) cluster.namespace(name);
    // The manual's way: sed "s/NS_REPLACE/$namespace/" manifests/namespace-operator.yaml | kubectl apply -f -
    const text = readFileSync(path.join(root, 'manifests/namespace-operator.yaml'), 'utf8');
    manifest = JSON.stringify(localize(text.replaceAll('NS_REPLACE', inside), local));
    cluster.kubectl(['apply', '--server-side', '-f', '-'], manifest);
    await cluster.untilRunning();
    cluster.touchKinds();
  });

  after(async () => {
    cluster.kubectl(['delete', 'seccompprofiles', '--all', '-n', inside, '--timeout=240s']);
    cluster.kubectl(['delete', '-f', '-', '--timeout=240s'], manifest);
    cluster.kubectl(['delete', 'namespace', inside, outside, '--wait=false']);
    await redeploy(cluster);
  });

  const allow = { defaultAction: 'SCMP_ACT_ALLOW' };

  it('installs, confines and removes there', async () => {
    cluster.apply(seccompProfile(inside, 'mine', allow));
    await cluster.untilProfile(inside, 'mine', 'Installed');
    cluster.apply(shellPod(inside, 'user', 'sleep 600', `operator/${inside}/mine.json`));
    await cluster.untilPod(inside, 'user', 'Running');
    const users = () => cluster.value('sp', 'mine', inside, '{.status.activeWorkloads[*]}');
    await cluster.until('activeWorkloads', users, (text) => text === `${inside}/user`);
    cluster.kubectl(['-n', inside, 'delete', 'sp', 'mine', '--wait=false']);
    await cluster.untilProfile(inside, 'mine', 'Terminating');
    cluster.kubectl(['-n', inside, 'delete', 'pod', 'user', '--now']);
    const there = () => existsSync(cluster.file(inside, 'mine'));
    await cluster.until('the file to go', there, (is) => !is);
  });

  it('leaves profiles of other namespaces alone', async () => {
    cluster.apply(seccompProfile(outside, 'theirs', allow));
    cluster.apply(seccompProfile(inside, 'later', allow));
    await cluster.untilProfile(inside, 'later', 'Installed');
    expect(cluster.value('sp', 'theirs', outside, '{.status}{.metadata.finalizers}')).to.equal('');
    expect(existsSync(cluster.file(outside, 'theirs'))).to.equal(false);
    cluster.kubectl(['-n', outside, 'delete', 'sp', 'theirs', '--timeout=240s']);
  });

  it('takes up its profiles when it is uninstalled without them, and installed again', async () => {
    cluster.kubectl(['delete', 'namespace', OPERATOR_NAMESPACE, '--timeout=240s']);
    cluster.apply(seccompProfile(inside, 'meanwhile', allow));
    cluster.kubectl(['apply', '--server-side', '-f', '-'], manifest);
    await cluster.untilRunning();
    await cluster.untilProfile(inside, 'meanwhile', 'Installed');
    await cluster.untilProfile(inside, 'later', 'Installed');
    expect(existsSync(cluster.file(inside, 'meanwhile'))).to.equal(true);
  });

  it('may read and write profiles and pods in no other namespace', () => {
    const may = (account: string, verb: string, resource: string, namespace: string): string => {
      const as = `--as=system:serviceaccount:${OPERATOR_NAMESPACE}:${account}`;
      return cluster.tryKubectl(['auth', 'can-i', verb, resource, '-n', namespace, as]).stdout.trim();
    };
    const profiles = 'seccompprofiles.security-profiles-operator.x-k8s.io';
    expect(may('security-profiles-operator', 'patch', profiles, inside)).to.equal('yes');
    expect(may('spod', 'list', profiles, inside)).to.equal('yes');
    for (const account of ['security-profiles-operator', 'spod']) {
      for (const resource of [profiles, 'pods', 'secrets', 'configmaps']) {
        for (const verb of ['list', 'patch']) expect(may(account, verb, resource, outside), resource).to.equal('no');
      }
      expect(may(account, 'list', 'secrets', inside), account).to.equal('no');
    }
  });

  it('is refused nothing that it asks for', () => {
    for (const workload of ['deployment/security-profiles-operator', 'daemonset/spod']) {
      const log = cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'logs', workload, '--tail=-1']);
      expect(log, workload).to.include('starting security-profiles-operator');
      expect(log, workload).to.not.match(/forbidden|\b403\b/i);
    }
  });
});
