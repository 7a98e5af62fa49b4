// SPDX-License-Identifier: Apache-2.0
// The commands of README and docs/ for a cluster, run as they stand there, page by page: on a cluster without the
// operator, until its end.
import { expect } from 'chai';
import { spawnSync } from 'node:child_process';
import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { fullImageName, IMAGE } from '../../src/core/deploy/image.ts';
import { runPages } from '../tools/docs/session.ts';
import { COMMAND_TIMEOUT, OPERATOR_NAMESPACE, redeploy, shellPod, START_TIMEOUT, useCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const KINDS_OF_PROFILES = 'seccompprofiles,selinuxprofiles,rawselinuxprofiles,apparmorprofiles';

const root = path.join(import.meta.dirname, '../..');

describe('the documents, on a cluster', function () {
  this.timeout(600_000);
  let cluster: Cluster;

  before(async function () {
    this.timeout(START_TIMEOUT);
    cluster = await useCluster();
    const image = cluster.value('deployment', 'security-profiles-operator', OPERATOR_NAMESPACE, '{..image}');
    // Bringing the image to the nodes is what the documents leave to their reader.
    expect(cluster.shell(`ctr images tag --force '${image}' '${fullImageName(IMAGE)}'`).status).to.equal(0);
    // In the order of the page on it: those that other tests' namespaces still hold end while the operator is there.
    cluster.kubectl(['delete', 'profilerecordings', '--all', '--all-namespaces', '--timeout=240s']);
    cluster.kubectl(['delete', KINDS_OF_PROFILES, '--all', '--all-namespaces', '--timeout=240s']);
    cluster.kubectl(['delete', '-f', 'manifests/operator.yaml', '--timeout=240s']);
  });

  after(async () => {
    const rest = ['bound', 'recorded', 'my-namespace'];
    cluster.tryKubectl(['delete', '-f', 'manifests/examples/deny-mkdir.yaml', '--ignore-not-found', '--now']);
    cluster.tryKubectl(['delete', 'namespace', ...rest, '--ignore-not-found']);
    await redeploy(cluster);
  });

  runPages(
    'cluster',
    (command, folder) => {
      const env = { ...cluster.env, LC_ALL: 'C' };
      const options = { cwd: folder, env, encoding: 'utf8', timeout: COMMAND_TIMEOUT, killSignal: 'SIGKILL' } as const;
      const { status, stdout, error } = spawnSync('bash', ['-c', `exec 2>&1\n${command}`], options);
      if (command.includes('kubectl apply')) cluster.touchKinds();
      return { status, output: error === undefined ? stdout : `${stdout}\n${error.message}` };
    },
    (folder) => symlinkSync(path.join(root, 'manifests'), path.join(folder, 'manifests')),
  );

  describe('at their end', () => {
    it('leave no kind and no webhook behind, and pods run', async () => {
      const webhooks = () => cluster.kubectl(['get', 'mutatingwebhookconfigurations,validatingwebhookconfigurations']);
      await cluster.until('no webhook', webhooks, (text) => !text.includes('spo-'));
      cluster.apply(shellPod('default', 'after', 'true'));
      expect(cluster.kubectl(['get', 'crd', '-o', 'name'])).to.not.include('security-profiles-operator');
      expect(cluster.tryKubectl(['get', 'namespace', OPERATOR_NAMESPACE]).status).to.not.equal(0);
      cluster.kubectl(['delete', 'pod', 'after', '--now']);
    });
  });
});
