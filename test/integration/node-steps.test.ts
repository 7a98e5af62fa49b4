// SPDX-License-Identifier: Apache-2.0
// Steps of the review of security about nodes (SECURITY.md, "Steps on a cluster"), on a real API server and with the
// operator's real processes: C15, a label that changes without end, and C16, a pool of nodes that is exchanged for one
// on which the daemon never comes up.
import { expect } from 'chai';
import type { SeccompProfile } from '../../src/gen/crd/seccomp-profile.ts';
import type { SecurityProfilesOperatorDaemon } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import { DIRECTORIES_CONDITION } from '../../src/core/deploy/kubelet-directories.ts';
import { LABEL, SPOD } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, OPERATOR_NAMESPACE, profilesPath } from '../../tools/lab/operator.ts';
import { sharedPlane, uninstall } from './shared-plane.ts';

const NAMESPACE = 'node-steps';
const OLD = ['step-a', 'step-b'] as const;
const NEW = 'step-c';
const MERGE = 'application/merge-patch+json';
const WAIT_S = 240;
const CHANGES = 10;
/** Labels that have been quiet for so long, in milliseconds, start the daemons (spod/kubelet-directories.ts). */
const QUIET_MS = 15_000;

describe('nodes that change, on a real API server', function () {
  this.timeout(600_000);
  let plane: ControlPlane;
  let installation: Installation;

  before(async () => {
    plane = await sharedPlane();
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    installation = await Installation.start(plane, { nodes: OLD });
  });

  after(async () => {
    await uninstall(installation);
    await plane.admin.request(
      'DELETE',
      `/api/v1/namespaces/${OPERATOR_NAMESPACE}/pods/${NEW}-pod?gracePeriodSeconds=0`,
    );
    for (const name of [...OLD, NEW]) await plane.admin.request('DELETE', `/api/v1/nodes/${name}`);
  });

  /** As often as the DaemonSet has been changed, each of which ends all daemons. */
  async function generation(): Promise<number> {
    const at = `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/daemonsets/${SPOD}`;
    return Number(valueAt((await plane.admin.request('GET', at)).body, 'metadata', 'generation'));
  }

  /** Waits until the spod names a directory of a kubelet, and, where it is asked for, that it is in effect. */
  async function directory(named: string, reason?: string): Promise<void> {
    const at = `/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons/${SPOD}`;
    let seen: unknown;
    const isSo = async (): Promise<boolean> => {
      const { status } = (await plane.admin.request('GET', at)).body as SecurityProfilesOperatorDaemon;
      const condition = status?.conditions?.find(({ type }) => type === DIRECTORIES_CONDITION);
      seen = condition;
      return condition?.message?.includes(`${named})`) === true && (reason ?? condition.reason) === condition.reason;
    };
    await until(isSo, WAIT_S, () => `the spod does not say ${reason ?? 'a word'} of ${named}: ${JSON.stringify(seen)}`);
  }

  it('C15: starts the daemons once, however often a label of a node changes', async () => {
    const before = await generation();
    const begun = performance.now();
    const label = async (value: string): Promise<void> => {
      const labels = { [LABEL.kubeletDir]: value };
      const { status } = await plane.admin.request('PATCH', `/api/v1/nodes/${OLD[0]}`, { metadata: { labels } }, MERGE);
      expect(status).to.equal(200);
    };
    for (let change = 1; change <= CHANGES; change++) {
      await label(`mnt-${String(change)}`);
      await directory(`/mnt/${String(change)}`);
    }
    // Only a machine that takes so long for the changes gives the manager time to start the daemons meanwhile.
    const most = (): number => Math.floor((performance.now() - begun) / QUIET_MS);
    expect((await generation()) - before, 'while it changes').to.be.at.most(most());
    await directory(`/mnt/${String(CHANGES)}`, 'AllInEffect');
    await until(
      async () => (await generation()) > before,
      WAIT_S,
      () => 'the daemons are not started anew',
    );
    expect((await generation()) - before, 'in all').to.be.at.most(most());
  });

  it('C16: is installed nowhere where all nodes were exchanged for one whose daemon never comes', async () => {
    const type = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    const syscalls = [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }];
    const profile = { ...type, metadata: { name: 'p' }, spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls } };
    await create(plane, profilesPath(NAMESPACE), profile);
    await state('Installed', 2);
    await create(plane, '/api/v1/nodes', { metadata: { name: NEW } });
    // As the controller of DaemonSets makes it; its image is never pulled.
    const metadata = { name: `${NEW}-pod`, labels: { name: SPOD } };
    const spec = { nodeName: NEW, containers: [{ name: 'daemon', image: 'registry.invalid/spo' }] };
    await create(plane, `/api/v1/namespaces/${OPERATOR_NAMESPACE}/pods`, { metadata, spec });
    for (const { daemon, name } of installation.nodes) {
      await daemon.end('SIGTERM');
      await plane.admin.request('DELETE', `/api/v1/nodes/${name}`);
    }
    const { status } = await state('Pending', 0);
    expect(status?.nodes?.desired).to.equal(1);
    const ready = status?.conditions?.find((condition) => condition.type === 'Ready');
    expect(ready?.status).to.equal('False');
    expect(ready?.message).to.include(NEW);
  });

  /** Waits until the profile has a state, on so many nodes. */
  async function state(wanted: string, installed: number): Promise<SeccompProfile> {
    let seen: SeccompProfile | undefined;
    const isSo = async (): Promise<boolean> => {
      seen = (await plane.admin.request('GET', `${profilesPath(NAMESPACE)}/p`)).body as SeccompProfile;
      return seen.status?.status === wanted && seen.status.nodes?.installed === installed;
    };
    await until(isSo, WAIT_S, () => `it is not ${wanted}: ${JSON.stringify(seen?.status)}`);
    if (seen === undefined) throw new Error('nobody has looked');
    return seen;
  }
});
