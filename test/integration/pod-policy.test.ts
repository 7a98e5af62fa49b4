// SPDX-License-Identifier: Apache-2.0
// In a real API server: only the manager takes the operator's marks from a pod, and pods without any are no concern of
// the policy. Its expressions, and those of our other policy, have no fault that Kubernetes knows of.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { LOG_PROFILE_POLICY, logProfilePolicy } from '../../src/core/deploy/log-profile-policy.ts';
import { POD_POLICY, podPolicy } from '../../src/core/deploy/pod-policy.ts';
import { REPORT_POLICY, reportPolicy } from '../../src/core/deploy/report-policy.ts';
import { ANNOTATION, OPERATOR, PROFILE_GATE } from '../../src/core/names.ts';
import type { ApiClient } from '../../tools/lab/api-client.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt, valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';
import { sharedPlane } from './shared-plane.ts';

const NAMESPACE = 'pod-policy';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const POLICY = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${POD_POLICY}`;
const MERGE = 'application/merge-patch+json';

describe('the policy for the marks on pods', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let manager: ApiClient;
  let made = 0;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    const { client } = await plane.identities.serviceAccount(OPERATOR_NAMESPACE, OPERATOR);
    manager = client;
    const file = path.join(plane.folder, 'pod-policy.json');
    const items = [...podPolicy(OPERATOR_NAMESPACE), ...rightsOf(OPERATOR)];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    const inForce = async (): Promise<boolean> =>
      (await change(await gatedPod(), GATES_AWAY)) === 403 &&
      (await change(await gatedPod(), GATES_AWAY, manager)) === 200;
    await until(inForce, 120, () => 'the policy is not in force');
  });

  after(async () => {
    await plane.admin.request('DELETE', POLICY);
    await plane.admin.request('DELETE', POLICY.replace('policies/', 'policybindings/'));
  });

  async function newPod(metadata: object, spec: object): Promise<string> {
    const name = `pod-${String((made += 1))}`;
    const containers = [{ name: 'c', image: 'i' }];
    await create(plane, PODS, { metadata: { name, ...metadata }, spec: { containers, ...spec } });
    return `${PODS}/${name}`;
  }

  const gatedPod = (more: object = {}): Promise<string> =>
    newPod({ annotations: MARKS, ...more }, { schedulingGates: [{ name: PROFILE_GATE }, { name: 'other' }] });

  async function change(pod: string, patch: object, client: ApiClient = plane.admin): Promise<number> {
    return (await client.request('PATCH', pod, patch, MERGE)).status;
  }

  it('lets the manager alone take the gate away, and says so to others', async () => {
    const pod = await gatedPod();
    const { status, body } = await plane.admin.request('PATCH', pod, GATES_AWAY, MERGE);
    expect(status).to.equal(403);
    expect(JSON.stringify(body)).to.contain('only the operator removes it');
    expect(await change(pod, { spec: { schedulingGates: [{ name: PROFILE_GATE }] } }), 'the gate of another').to.equal(
      200,
    );
    expect(await change(pod, GATES_AWAY, manager)).to.equal(200);
  });

  it('lets nobody but the manager change the annotations, not through the status either', async () => {
    const pod = await gatedPod();
    for (const key of Object.keys(MARKS)) {
      for (const value of ['forged', null]) {
        const patch = { metadata: { annotations: { [key]: value } } };
        expect(await change(pod, patch), key).to.equal(403);
        expect(await change(`${pod}/status`, patch), key).to.equal(403);
      }
    }
    expect(await change(pod, { metadata: { annotations: { mine: 'a' }, labels: { mine: 'b' } } })).to.equal(200);
    expect(await change(pod, { metadata: { annotations: { [ANNOTATION.skippedBindings]: null } } }, manager)).to.equal(
      200,
    );
    const bare = await newPod({}, {});
    expect(await change(bare, { metadata: { annotations: MARKS } }), 'added later').to.equal(403);
  });

  it('does not concern pods without marks, whatever they lack', async () => {
    const pod = await newPod({}, {});
    expect(await change(pod, { metadata: { labels: { a: 'b' } } })).to.equal(200);
    expect(await change(`${pod}/status`, { status: { phase: 'Running' } })).to.equal(200);
    const gated = await newPod({}, { schedulingGates: [{ name: 'other' }] });
    expect(await change(gated, GATES_AWAY)).to.equal(200);
  });

  it('lets a pod go that is being deleted', async () => {
    const pod = await gatedPod({ finalizers: ['example.com/held'] });
    expect((await plane.admin.request('DELETE', pod)).status).to.equal(200);
    expect(await change(pod, { metadata: { finalizers: [] }, ...GATES_AWAY })).to.equal(200);
    expect((await plane.admin.request('GET', pod)).status).to.equal(404);
  });
});

describe('our policies', function () {
  this.timeout(300_000);

  it('have no fault that the type checker of Kubernetes finds', async () => {
    // The controller manager checks them.
    await using plane = await startControlPlane({ controllerManager: true });
    await prepareCluster(plane, []);
    const file = path.join(plane.folder, 'policies.json');
    const faulty = { ...podPolicy('faulty')[0], metadata: { name: 'faulty' } };
    const items = [
      ...podPolicy(OPERATOR_NAMESPACE),
      ...reportPolicy(OPERATOR_NAMESPACE),
      ...logProfilePolicy(OPERATOR_NAMESPACE),
      withFault(faulty),
    ];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    for (const [name, faults] of [
      [POD_POLICY, 0],
      [REPORT_POLICY, 0],
      [LOG_PROFILE_POLICY, 0],
      ['faulty', 1],
    ] as const) {
      let status: unknown;
      const isChecked = async (): Promise<boolean> => {
        const { body } = await plane.admin.request('GET', POLICY.replace(POD_POLICY, name));
        status = valueAt(body, 'status');
        return valueAt(status, 'typeChecking') !== undefined;
      };
      await until(isChecked, 120, () => `${name} is not checked: ${JSON.stringify(status)}`);
      expect(listAt(status, 'typeChecking', 'expressionWarnings'), name).to.have.length(faults);
    }
  });
});

/** A policy that asks for a field which pods do not have. */
function withFault(policy: object): object {
  const text = JSON.stringify(policy).replace('object.metadata.?annotations', 'object.metadata.?anotations');
  return JSON.parse(text) as object;
}

const GATES_AWAY = { spec: { schedulingGates: [] } };

const MARKS = {
  [ANNOTATION.profileBindings]: 'c=b',
  [ANNOTATION.skippedBindings]: 'd=b:ProfileNotReady',
  [ANNOTATION.profileWaitSeconds]: '5',
  [ANNOTATION.recordingMarks]: 'c=r:PrivilegedContainer',
  [`${ANNOTATION.recordBpfPrefix}c`]: 'r_c_abcde_1700000000',
};

function rightsOf(account: string): readonly object[] {
  const api = 'rbac.authorization.k8s.io';
  const metadata = { name: 'pod-policy-test' };
  const rule = { apiGroups: [''], resources: ['pods'], verbs: ['get', 'patch'] };
  const subjects = [{ kind: 'ServiceAccount', name: account, namespace: OPERATOR_NAMESPACE }];
  const roleRef = { apiGroup: api, kind: 'ClusterRole', name: metadata.name };
  return [
    { apiVersion: `${api}/v1`, kind: 'ClusterRole', metadata, rules: [rule] },
    { apiVersion: `${api}/v1`, kind: 'ClusterRoleBinding', metadata, subjects, roleRef },
  ];
}
