// SPDX-License-Identifier: Apache-2.0
// In a real API server: what the manager's account can do to pods and nodes that it may patch. Its own changes pass,
// also of objects that lack nearly all, and no others do.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { MANAGER_POLICY, managerPolicies } from '../../src/core/deploy/manager-policy.ts';
import { ANNOTATION, OPERATOR, PROFILE_GATE, STARTUP_TAINT } from '../../src/core/names.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { ApiClient } from '../../tools/lab/api-client.ts';
import { listAt, textAt, valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';

const NAMESPACE = 'manager-policy';
const PODS = `/api/v1/namespaces/${NAMESPACE}/pods`;
const NODES = '/api/v1/nodes';
const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

describe("the policies for the manager's account", function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let manager: ApiClient;
  let made = 0;

  before(async () => {
    // The controller manager checks the expressions.
    const apiServerArgs = ['--disable-admission-plugins=ServiceAccount'];
    plane = await startControlPlane({ controllerManager: true, apiServerArgs });
    await prepareCluster(plane, []);
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    manager = (await plane.identities.serviceAccount(OPERATOR_NAMESPACE, OPERATOR)).client;
    const file = path.join(plane.folder, 'manager-policy.json');
    const items = [...managerPolicies(OPERATOR_NAMESPACE), ...RIGHTS];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    // Before its role is known it is refused everything.
    const known = { metadata: { annotations: { [ANNOTATION.profileInstalled]: 'known' } } };
    const pod = await newPod({}, {});
    await until(
      async () => (await change(pod, known)) === 200,
      120,
      () => 'the role is not known',
    );
    for (const object of [pod, await newNode({})]) {
      let tries = 0;
      const inForce = async (): Promise<boolean> =>
        (await change(object, { metadata: { labels: { tried: String((tries += 1)) } } })) === 403;
      await until(inForce, 120, () => `the policy for ${object} is not in force`);
    }
  });

  after(() => plane.stop());

  async function newPod(metadata: object, spec: object): Promise<string> {
    const name = `pod-${String((made += 1))}`;
    const containers = [{ name: 'c', image: 'i' }];
    await create(plane, PODS, { metadata: { name, ...metadata }, spec: { containers, ...spec } });
    return `${PODS}/${name}`;
  }

  async function newNode(spec: object): Promise<string> {
    const name = `node-${String((made += 1))}`;
    await create(plane, NODES, { metadata: { name, labels: { kept: 'a' } }, spec });
    return `${NODES}/${name}`;
  }

  async function change(of: string, patch: object, client: ApiClient = manager): Promise<number> {
    return (await client.request('PATCH', of, patch, Array.isArray(patch) ? JSON_PATCH : MERGE)).status;
  }

  it('lets it take its gate and its taint away, and set its annotation', async () => {
    const rich = await newPod(
      { annotations: { mine: 'a' }, labels: { mine: 'b' }, finalizers: ['example.com/f'] },
      { schedulingGates: [{ name: 'other' }, { name: PROFILE_GATE }], nodeSelector: { a: 'b' } },
    );
    const at = '/spec/schedulingGates/1';
    const steps = [
      { op: 'test', path: `${at}/name`, value: PROFILE_GATE },
      { op: 'remove', path: at },
    ];
    expect(await change(rich, steps)).to.equal(200);
    for (const pod of [rich, await newPod({}, {})]) {
      for (const mark of ['1', '2'])
        expect(await change(pod, { metadata: { annotations: { [ANNOTATION.profileInstalled]: mark } } })).to.equal(200);
    }
    const alone = await newPod({}, { schedulingGates: [{ name: PROFILE_GATE }] });
    expect(await change(alone, { spec: { schedulingGates: [] } })).to.equal(200);
    const taints = [
      { key: 'other', effect: 'NoExecute' },
      { key: STARTUP_TAINT, effect: 'NoSchedule' },
      { key: STARTUP_TAINT, effect: 'NoExecute' },
    ];
    const node = await newNode({ taints });
    // The cluster taints new nodes, too, and may do so in between.
    const untainted = async (): Promise<boolean> => {
      const { body } = await manager.request('GET', node);
      const index = listAt(body, 'spec', 'taints').findIndex((taint) => textAt(taint, 'key') === STARTUP_TAINT);
      if (index < 0) return true;
      const place = `/spec/taints/${String(index)}`;
      const removal = [
        { op: 'test', path: `${place}/key`, value: STARTUP_TAINT },
        { op: 'remove', path: place },
      ];
      expect(await change(node, removal)).to.be.oneOf([200, 409, 422]);
      return false;
    };
    await until(untainted, 120, () => 'the node is still tainted');
  });

  it('lets it change nothing else of a pod', async () => {
    const gates = [{ name: 'other' }, { name: PROFILE_GATE }];
    const metadata = { annotations: { mine: 'a' }, labels: { mine: 'b' }, finalizers: ['example.com/f'] };
    for (const patch of [
      { spec: { schedulingGates: [{ name: PROFILE_GATE }] } },
      { spec: { nodeSelector: { a: 'b' } } },
      { spec: { containers: [{ name: 'c', image: 'evil' }] } },
      { spec: { activeDeadlineSeconds: 1 } },
      [{ op: 'add', path: '/spec/tolerations/-', value: { operator: 'Exists' } }],
      { metadata: { labels: { mine: 'c' } } },
      { metadata: { labels: { more: '' } } },
      { metadata: { finalizers: [] } },
      { metadata: { annotations: { mine: 'c' } } },
      { metadata: { annotations: { mine: null } } },
      { metadata: { annotations: { more: '' } } },
      { metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u' }] } },
    ]) {
      const pod = await newPod(metadata, { schedulingGates: gates });
      expect(await change(pod, patch), JSON.stringify(patch)).to.equal(403);
      expect(await change(pod, patch, plane.admin), 'others').to.equal(200);
    }
  });

  it('lets it change nothing else of a node', async () => {
    for (const patch of [
      { spec: { unschedulable: true } },
      { spec: { taints: [{ key: 'more', effect: 'NoExecute' }] } },
      { spec: { taints: [{ key: STARTUP_TAINT, effect: 'NoSchedule' }] } },
      { spec: { taints: [] } },
      { metadata: { labels: { kept: 'b' } } },
      { metadata: { labels: { kept: null } } },
      { metadata: { annotations: { more: '' } } },
      { metadata: { finalizers: ['example.com/f'] } },
    ]) {
      const node = await newNode({ taints: [{ key: 'other', effect: 'NoSchedule' }] });
      expect(await change(node, patch), JSON.stringify(patch)).to.equal(403);
      expect(await change(node, patch, plane.admin), 'others').to.equal(200);
    }
  });

  for (const name of Object.values(MANAGER_POLICY)) {
    it(`have no fault that the type checker of Kubernetes finds: ${name}`, async () => {
      let status: unknown;
      const isChecked = async (): Promise<boolean> => {
        const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
        const { body } = await plane.admin.request('GET', `${policies}/${name}`);
        status = valueAt(body, 'status');
        return valueAt(status, 'typeChecking') !== undefined;
      };
      await until(isChecked, 120, () => `it is not checked: ${JSON.stringify(status)}`);
      expect(listAt(status, 'typeChecking', 'expressionWarnings')).to.deep.equal([]);
    });
  }
});

const API = 'rbac.authorization.k8s.io';
const metadata = { name: 'manager-policy-test' };

const RIGHTS = [
  {
    apiVersion: `${API}/v1`,
    kind: 'ClusterRole',
    metadata,
    rules: [{ apiGroups: [''], resources: ['pods', 'nodes'], verbs: ['get', 'patch'] }],
  },
  {
    apiVersion: `${API}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    subjects: [{ kind: 'ServiceAccount', name: OPERATOR, namespace: OPERATOR_NAMESPACE }],
    roleRef: { apiGroup: API, kind: 'ClusterRole', name: metadata.name },
  },
];
