// SPDX-License-Identifier: Apache-2.0
// A node whose label says that its kubelet lives elsewhere: the daemon of that node follows, and comes back without it.
import { expect } from 'chai';
import { existsSync, mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { inNamespace, OPERATOR_NAMESPACE, seccompProfile } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const LABEL = 'kubelet.kubernetes.io/directory-location';

describe('the node label for the kubelet’s directory', function () {
  this.timeout(600_000);
  const namespace = 'e2e-directory';
  /** Named by the label as var-lib-e2ekubelet. */
  const elsewhere = '/var/lib/e2ekubelet';
  let cluster: Cluster;
  let node: string;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    // A kubelet has its pods there, and the init container looks for them.
    mkdirSync(path.join(elsewhere, 'pods'), { recursive: true });
    node = cluster.kubectl(['get', 'nodes', '-o', 'jsonpath={.items[0].metadata.name}']);
    cluster.apply(seccompProfile(namespace, 'moved', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'moved', 'Installed');
  });

  after(async () => {
    cluster.kubectl(['label', 'node', node, `${LABEL}-`]);
    await cluster.untilRunning();
    rmSync(elsewhere, { recursive: true, force: true });
  });

  it('has profiles installed in that directory, where its kubelet looks for them', async () => {
    cluster.kubectl(['label', 'node', node, `${LABEL}=var-lib-e2ekubelet`]);
    const file = path.join(elsewhere, 'seccomp/operator', namespace, 'moved.json');
    const there = (): boolean => existsSync(file);
    await cluster.until('the file', there, (is) => is);
    await cluster.untilRunning();
    cluster.apply(seccompProfile(namespace, 'second', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'second', 'Installed');
    expect(existsSync(path.join(path.dirname(file), 'second.json'))).to.equal(true);
  });

  it('goes back to the usual directory without the label', async () => {
    cluster.kubectl(['label', 'node', node, `${LABEL}-`]);
    const there = (): boolean => existsSync(cluster.file(namespace, 'second'));
    await cluster.until('the file', there, (is) => is);
    // The daemons start anew when the label has settled; the file is there before, since both directories lead to one.
    const mark = '{.spec.template.metadata.annotations.spo\\.x-k8s\\.io/kubelet-directories-hash}';
    const template = (): string => cluster.value('daemonset', 'spod', OPERATOR_NAMESPACE, mark);
    await cluster.until('daemons without the label', template, (text) => text === '');
    await cluster.untilRunning();
    cluster.apply(seccompProfile(namespace, 'third', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'third', 'Installed');
    expect(existsSync(cluster.file(namespace, 'third'))).to.equal(true);
  });
});
