// SPDX-License-Identifier: Apache-2.0
// The operator comes and goes: uninstalled as the manual says it leaves nothing, and whatever was left by a hasty user
// it takes up again when it is back.
import { expect } from 'chai';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { FINALIZER, LABEL } from '../../src/core/names.ts';
import { OPERATOR_NAMESPACE, inNamespace, profileBinding, redeploy, seccompProfile, shellPod } from './cluster.ts';
import type { Cluster } from './cluster.ts';
import { untilRecorded } from './recorded.ts';
import type { PodTemplate } from './recorded.ts';

const GROUP = 'security-profiles-operator.x-k8s.io';
/** The part that a pod makes which is recorded. */
const PART = 'merged-shell-recorded';

describe('an operator that is uninstalled and installed again', function () {
  this.timeout(600_000);
  const namespace = 'e2e-redeploy';
  let cluster: Cluster;

  inNamespace(namespace, (ready) => {
    cluster = ready;
  });

  after(async () => {
    await redeploy(cluster);
  });

  const install = async (name: string): Promise<void> => {
    cluster.apply(seccompProfile(namespace, name, { defaultAction: 'SCMP_ACT_ALLOW' }));
    await cluster.untilProfile(namespace, name, 'Installed');
  };
  const installed = (): readonly string[] => readdirSync(path.dirname(cluster.file(namespace, 'x')));
  const crds = (): readonly string[] =>
    cluster
      .kubectl(['get', 'crd', '-o', 'name'])
      .split('\n')
      .filter((name) => name.includes(GROUP));

  it('leaves no object, no role and no profile when it is uninstalled as the manual says', async () => {
    await install('short-lived');
    // The manual leaves them out: those of other tests end while the operator is there.
    cluster.kubectl(['delete', 'profilerecordings', '--all', '--all-namespaces', '--timeout=240s']);
    cluster.kubectl(['delete', 'seccompprofiles', '--all', '--all-namespaces', '--timeout=240s']);
    cluster.kubectl(['delete', '-f', 'manifests/operator.yaml', '--timeout=240s']);
    expect(crds()).to.deep.equal([]);
    expect(cluster.tryKubectl(['get', 'namespace', OPERATOR_NAMESPACE]).status).to.not.equal(0);
    const roles = cluster.kubectl(['get', 'clusterroles,clusterrolebindings', '-o', 'name']);
    expect(roles).to.not.match(/spo|security-profiles/);
    expect(existsSync(cluster.file(namespace, 'short-lived'))).to.equal(false);
  });

  it('installs profiles when it is there again', async () => {
    await redeploy(cluster, { enableBpfRecorder: true });
    await install('second-life');
    expect(installed()).to.deep.equal(['second-life.json']);
  });

  it('takes up the profiles that are there when only its namespace was deleted, and removes what was deleted meanwhile', async () => {
    await install('deleted-meanwhile');
    await install('kept');
    await record();
    cluster.kubectl(['delete', 'namespace', OPERATOR_NAMESPACE, '--timeout=240s']);
    // The recorder writes for the last time when the manager may have let go of everything.
    expect(cluster.value('sp', PART, namespace, '{.metadata.name}{.metadata.finalizers}')).to.equal(PART);
    cluster.kubectl(['-n', namespace, 'delete', 'sp', 'deleted-meanwhile', '--wait=false']);
    cluster.apply(seccompProfile(namespace, 'created-meanwhile', { defaultAction: 'SCMP_ACT_LOG' }));
    await redeploy(cluster, { enableBpfRecorder: true });
    await cluster.untilProfile(namespace, 'created-meanwhile', 'Installed');
    await cluster.untilProfile(namespace, 'kept', 'Installed');
    const gone = () => cluster.tryKubectl(['-n', namespace, 'get', 'sp', 'deleted-meanwhile']).status !== 0;
    await cluster.until('the deletion to end', gone, (is) => is);
    const wanted = ['created-meanwhile.json', 'kept.json', 'second-life.json'];
    await cluster.until(
      'the files',
      () => [...installed()].sort().join(),
      (names) => names === wanted.join(),
    );
  });

  it('ends an uninstallation in which profiles, bindings and recordings were forgotten, and keeps what a pod uses', async () => {
    cluster.apply(
      shellPod(namespace, 'user', 'sleep 600', `operator/${namespace}/kept.json`),
      profileBinding(namespace, 'forgotten', 'kept', { image: 'none.example/none' }),
      recording(namespace, 'forgotten'),
    );
    await cluster.untilPod(namespace, 'user', 'Running');
    const users = () => cluster.value('sp', 'kept', namespace, '{.status.activeWorkloads[*]}');
    await cluster.until('activeWorkloads', users, (text) => text !== '');
    cluster.kubectl(['delete', '-f', 'manifests/operator.yaml', '--timeout=240s']);
    expect(crds()).to.deep.equal([]);
    expect(installed()).to.deep.equal(['kept.json']);
    expect(cluster.kubectl(['get', 'clusterroles,clusterrolebindings', '-o', 'name'])).to.not.match(
      /spo-|security-prof/,
    );
  });

  /** A pod that is recorded, and a part of its profile that is held. */
  async function record(): Promise<void> {
    cluster.kubectl(['label', 'namespace', namespace, `${LABEL.enableRecording}=`]);
    cluster.apply(recording(namespace, 'merged', { recorder: 'bpf', mergeStrategy: 'containers' }));
    const state = (): string => cluster.value('profilerecording', 'merged', namespace, '{.status.state}');
    await cluster.until('the recording', state, (text) => text === 'NoMatch');
    const pod = shellPod(namespace, 'recorded', 'ls /; sleep 600') as { readonly metadata: object };
    const recorded = { ...pod, metadata: { ...pod.metadata, labels: { app: 'merged' } } } as object as PodTemplate;
    await untilRecorded(cluster, 'merged', recorded);
    cluster.apply(recorded);
    const finalizers = (): string => cluster.value('sp', PART, namespace, '{.metadata.finalizers}');
    await cluster.until('a part', finalizers, (text) => text.includes(FINALIZER.partialProfile));
  }

  it('removes what was kept when the pod has gone', async () => {
    await redeploy(cluster);
    await install('third-life');
    expect(installed()).to.have.members(['kept.json', 'third-life.json']);
    cluster.kubectl(['-n', namespace, 'delete', 'pod', 'user', '--now']);
    await cluster.until('the file to go', installed, (names) => !names.includes('kept.json'));
  });
});

/** Of pods whose label `app` is its name. */
function recording(namespace: string, name: string, spec: object = {}): object {
  return {
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ProfileRecording',
    metadata: { namespace, name },
    spec: { kind: 'SeccompProfile', recorder: 'logs', podSelector: { matchLabels: { app: name } }, ...spec },
  };
}
