// SPDX-License-Identifier: Apache-2.0
// The manager's Deployment changes: its image and its environment reach the daemon, and profiles stay where they are.
import { expect } from 'chai';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { localize } from '../../tools/lab/manifest.ts';
import { OPERATOR_NAMESPACE, inNamespace, redeploy, seccompProfile } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const deployment = 'deployment/security-profiles-operator';

describe('a changed Deployment of the operator', function () {
  this.timeout(600_000);
  const namespace = 'e2e-upgrade';
  let cluster: Cluster;
  const folder = mkdtempSync(path.join(tmpdir(), 'e2e-kubelet-'));

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  before(async () => {
    cluster.apply(seccompProfile(namespace, 'kept', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'kept', 'Installed');
  });

  after(() => {
    rmSync(folder, { recursive: true });
  });

  const daemonSet = (jsonpath: string): string => cluster.value('ds', 'spod', OPERATOR_NAMESPACE, jsonpath);
  const image = '{.spec.template.spec.containers[0].image}';

  /** Changes the Deployment and waits until the DaemonSet has followed and runs. */
  async function roll(change: readonly string[], jsonpath: string, wanted: string): Promise<void> {
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, ...change]);
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'rollout', 'status', deployment, '--timeout=240s']);
    await cluster.until(
      'the DaemonSet to follow',
      () => daemonSet(jsonpath),
      (text) => text === wanted,
    );
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'rollout', 'status', 'ds/spod', '--timeout=240s']);
    await cluster.untilRunning();
  }

  it('rolls out a new image to the daemon, under which profiles stay installed and their files untouched', async () => {
    const before = statSync(cluster.file(namespace, 'kept'));
    const old = daemonSet(image);
    const next = `${old}-next`;
    expect(cluster.shell(`ctr images tag '${old}' '${next}'`).status).to.equal(0);
    const set = (to: string) => ['set', 'image', deployment, `security-profiles-operator=${to}`];
    await roll(set(next), image, next);
    expect(daemonSet('{.spec.template.spec.initContainers[*].image}')).to.equal(next);
    expect(cluster.value('sp', 'kept', namespace, '{.status.status}')).to.equal('Installed');
    const after = statSync(cluster.file(namespace, 'kept'));
    expect([after.ino, after.mtimeMs]).to.deep.equal([before.ino, before.mtimeMs]);
    cluster.apply(seccompProfile(namespace, 'by-the-new-one', { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, 'by-the-new-one', 'Installed');
    await roll(set(old), image, old);
    cluster.shell(`ctr images rm '${next}'`);
  });

  it('is not rolled out when it is deployed again unchanged', async () => {
    const pods = () =>
      cluster
        .kubectl([
          '-n',
          OPERATOR_NAMESPACE,
          'get',
          'pods',
          '-o',
          'jsonpath={range .items[*]}{.metadata.uid} {.metadata.deletionTimestamp}{"\\n"}{end}',
        ])
        .trim()
        .split('\n')
        .sort();
    // Pods of the image before answer for some seconds more while they end.
    await cluster.until('no pod that ends', pods, (lines) => lines.every((line) => !line.includes('T')));
    const before = pods();
    await redeploy(cluster);
    expect(pods()).to.deep.equal(before);
  });

  it('is what kubectl apply makes of the manifest, over what is there: nothing that was installed changes', async () => {
    const before = statSync(cluster.file(namespace, 'kept'));
    const text = readFileSync(path.join(import.meta.dirname, '../../manifests/operator.yaml'), 'utf8');
    const local = JSON.stringify(
      localize(text, { image: daemonSet(image), kubelet: cluster.env['KUBELET_DIR'] ?? '' }),
    );
    cluster.kubectl(['apply', '-f', '-'], local);
    cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'rollout', 'status', deployment, '--timeout=240s']);
    await cluster.untilRunning();
    cluster.kubectl(['-n', namespace, 'wait', '--for=condition=ready', 'sp', '--all', '--timeout=240s']);
    const after = statSync(cluster.file(namespace, 'kept'));
    expect([after.ino, after.mtimeMs]).to.deep.equal([before.ino, before.mtimeMs]);
    expect(cluster.kubectl(['apply', '-f', '-'], local)).not.to.match(/ (created|configured)$/m);
  });

  it('moves the profiles to another kubelet directory with KUBELET_DIR, and back', async () => {
    const variable = '{.spec.template.spec.containers[0].env[?(@.name=="KUBELET_DIR")].value}';
    const old = daemonSet(variable);
    const set = (to: string) => ['set', 'env', deployment, `KUBELET_DIR=${to}`];
    await roll(set(folder), variable, folder);
    const elsewhere = path.join(folder, 'seccomp/operator', namespace, 'kept.json');
    await cluster.until(
      'the file',
      () => existsSync(elsewhere),
      (there) => there,
    );
    const told = () => cluster.value('sp', 'kept', namespace, '{.status.path}');
    await cluster.until('the path', told, (text) => text === elsewhere);
    await roll(set(old), variable, old);
    await cluster.until('the path', told, (text) => text === cluster.file(namespace, 'kept'));
    expect(existsSync(cluster.file(namespace, 'kept'))).to.equal(true);
  });
});
