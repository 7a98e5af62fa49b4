// SPDX-License-Identifier: Apache-2.0
// Pods, nodes and bindings that wait for profiles, on a real API server: that it takes the manager's patches, statuses
// and events, and what people see of them.
import { expect } from 'chai';
import { ANNOTATION, LABEL, PROFILE_GATE, STARTUP_TAINT } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt, textAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, OPERATOR_NAMESPACE, profilesPath } from '../../tools/lab/operator.ts';
import { sharedPlane, uninstall } from './shared-plane.ts';

const NAMESPACE = 'waiting-pods';
const NODE = 'waiting-node';
const MERGE = 'application/merge-patch+json';
const STRATEGIC = 'application/strategic-merge-patch+json';
const GROUP = 'security-profiles-operator.x-k8s.io';
const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
const bindings = `/apis/${GROUP}/v1alpha1/namespaces/${NAMESPACE}/profilebindings`;
const spod = `/apis/${GROUP}/v1alpha1/namespaces/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons/spod`;

describe('pods that wait for profiles, on a real API server', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let installation: Installation;

  before(async () => {
    plane = await sharedPlane();
    await create(plane, '/api/v1/namespaces', {
      metadata: { name: NAMESPACE, labels: { [LABEL.enableBinding]: '' } },
    });
    installation = await Installation.start(plane, { nodes: [NODE] });
    // No webhook runs here.
    const webhookOptions = [
      { name: 'binding.spo.io', failurePolicy: 'Ignore' },
      { name: 'binding-image.spo.io', failurePolicy: 'Ignore' },
    ];
    expect((await plane.admin.request('PATCH', spod, { spec: { webhookOptions } }, MERGE)).status).to.equal(200);
    await soon('pods to be taken without the webhook', async () => {
      const pod = { metadata: { name: 'try' }, spec: { containers: [{ name: 'c', image: 'i' }] } };
      return (await plane.admin.request('POST', `${pods}?dryRun=All`, pod)).status === 201;
    });
  });

  after(() => uninstall(installation));

  const soon = (what: string, holds: () => Promise<boolean>): Promise<void> =>
    until(holds, 120, () => `in vain: ${what}`);

  async function createProfile(name: string): Promise<void> {
    const profile = { apiVersion: `${GROUP}/v1beta1`, kind: 'SeccompProfile', metadata: { name } };
    await create(plane, profilesPath(NAMESPACE), { ...profile, spec: { defaultAction: 'SCMP_ACT_ALLOW' } });
  }

  async function createPod(name: string, profile: string, more: object = {}, metadata: object = {}): Promise<void> {
    const localhostProfile = `operator/${NAMESPACE}/${profile}.json`;
    const securityContext = { seccompProfile: { type: 'Localhost', localhostProfile } };
    const spec = { securityContext, containers: [{ name: 'c', image: 'nginx:1.27' }], ...more };
    await create(plane, pods, { metadata: { name, ...metadata }, spec });
  }

  const gates = { schedulingGates: [{ name: 'example.com/other' }, { name: PROFILE_GATE }] };
  const get = async (path: string): Promise<unknown> => (await plane.admin.request('GET', path)).body;
  const gatesOf = async (name: string): Promise<readonly unknown[]> =>
    listAt(await get(`${pods}/${name}`), 'spec', 'schedulingGates');
  const described = (kind: string, name: string): Promise<string> =>
    plane.kubectl('-n', NAMESPACE, 'describe', kind, name);

  it('let a pod go with its profile, and leave the gates of others', async () => {
    await createPod('gated', 'early', gates);
    await createProfile('early');
    await soon('the gate to go', async () => (await gatesOf('gated')).length === 1);
    expect(await gatesOf('gated')).to.deep.equal([{ name: 'example.com/other' }]);
  });

  it('tell in kubectl describe which profile a pod waits for, and let it go when its time is up', async () => {
    await createPod('patient', 'never', gates, { annotations: { [ANNOTATION.profileWaitSeconds]: '600' } });
    await createPod('alone', 'never', gates, { annotations: { [ANNOTATION.profileWaitSeconds]: '3' } });
    await soon('the event', async () => /WaitingForProfile/.test(await described('pod', 'patient')));
    await soon('the gate to go', async () => (await gatesOf('alone')).length === 1);
    await soon('the warning', async () => /Warning\s+ProfileWaitTimedOut/.test(await described('pod', 'alone')));
    expect(await described('pod', 'alone')).to.match(/which does not exist/);
    await plane.admin.request('DELETE', `${pods}/patient?gracePeriodSeconds=0`);
  });

  it('touch a pod whose container lacks a file, once it has come', async () => {
    await createPod('late', 'late', { nodeName: NODE });
    const message =
      'failed to create containerd container: cannot load seccomp profile "/x": no such file or directory';
    const waiting = { reason: 'CreateContainerError', message };
    const containerStatuses = [
      { name: 'c', image: 'nginx:1.27', imageID: '', ready: false, restartCount: 0, state: { waiting } },
    ];
    const status = { phase: 'Pending', containerStatuses };
    const patched = await plane.admin.request('PATCH', `${pods}/late/status`, { status }, STRATEGIC);
    expect(patched.status).to.equal(200);
    await createProfile('late');
    const mark = async (): Promise<string | undefined> =>
      textAt(await get(`${pods}/late`), 'metadata', 'annotations', ANNOTATION.profileInstalled);
    await soon('the annotation', async () => (await mark()) !== undefined);
    expect(await mark()).to.match(/^[0-9a-f-]{36}\.1$/);
  });

  it('take the startup taint from a node, and leave the taints of others', async () => {
    const node = `/api/v1/nodes/${NODE}`;
    const effect = 'NoSchedule';
    const taints = [
      { key: 'example.com/other', effect },
      { key: STARTUP_TAINT, effect },
    ];
    expect((await plane.admin.request('PATCH', node, { spec: { taints } }, MERGE)).status).to.equal(200);
    const taintsOf = async (): Promise<readonly unknown[]> => listAt(await get(node), 'spec', 'taints');
    await soon('the taint to go', async () => !JSON.stringify(await taintsOf()).includes(STARTUP_TAINT));
    expect(JSON.stringify(await taintsOf())).to.include('example.com/other');
  });

  it('show in kubectl get what a binding does, and tell of a pod that the webhook was not reached for', async () => {
    const spec = { profileRef: { kind: 'SeccompProfile', name: 'bound' }, image: 'redis:7' };
    const binding = { apiVersion: `${GROUP}/v1alpha1`, kind: 'ProfileBinding', metadata: { name: 'web' }, spec };
    await create(plane, bindings, binding);
    const row = (): Promise<string> => plane.kubectl('-n', NAMESPACE, 'get', 'profilebindings', 'web', '-o', 'wide');
    await soon('ProfileNotFound', async () => /ProfileNotFound/.test(await row()));
    await createProfile('bound');
    await soon('NoMatch', async () => /NoMatch .*seen were nginx:1\.27/.test(await row()));
    // The binding must be a second older than the pod.
    const created = Date.parse(textAt(await get(`${bindings}/web`), 'metadata', 'creationTimestamp') ?? '');
    await soon('a second to pass', async () => Date.now() - created > 2000);
    const pod = { metadata: { name: 'free' }, spec: { containers: [{ name: 'c', image: 'redis:7' }] } };
    await create(plane, pods, pod);
    await soon('the event', async () => /Warning\s+PodUnbound/.test(await described('pod', 'free')));
    await soon('the older pod to be told', async () => /created without it: waiting-pods\/free/.test(await row()));
    const annotations = { [ANNOTATION.profileBindings]: 'c=web' };
    await createPod('bound', 'bound', {}, { annotations });
    await soon('InUse', async () => /InUse\s+1\s/.test(await row()));
    await plane.admin.request('DELETE', `${bindings}/web`);
    expect((await plane.admin.request('GET', `${bindings}/web`)).status, 'held by its pod').to.equal(200);
    await plane.admin.request('DELETE', `${pods}/bound?gracePeriodSeconds=0`);
    await soon('the binding to go', async () => (await plane.admin.request('GET', `${bindings}/web`)).status === 404);
  });
});
