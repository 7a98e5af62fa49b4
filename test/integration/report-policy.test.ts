// SPDX-License-Identifier: Apache-2.0
// Whose report a daemon may write, in a real API server, with tokens as kubelets ask for them: bound to a pod, and so
// to a node.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { grants } from '../../src/core/deploy/rbac.ts';
import { reportPolicy } from '../../src/core/deploy/report-policy.ts';
import { SPOD } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { Identity } from '../../tools/lab/identities.ts';
import { until } from '../../tools/lab/launch.ts';
import { OPERATOR_NAMESPACE, prepareCluster, REPORTS_PATH } from '../../tools/lab/operator.ts';
import { daemonOf } from './daemon-identity.ts';
import { sharedPlane } from './shared-plane.ts';

const APPLY = 'application/apply-patch+yaml';
const REPORTS = {
  apiGroups: ['security-profiles-operator.x-k8s.io'],
  resources: ['securityprofilenodestatuses', 'securityprofilenodestatuses/status'],
  verbs: ['create', 'patch'],
  where: 'operator',
} as const;

describe('the policy for reports of nodes', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, ['node-a', 'node-b']);
    const granted = { account: SPOD, namespace: OPERATOR_NAMESPACE, watched: [], rules: [REPORTS] };
    const items = [...grants(granted), ...reportPolicy(OPERATOR_NAMESPACE)];
    const file = path.join(plane.folder, 'policy.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
  });

  /** Status of the answer to a report, or to its status, of a node. */
  async function report(
    { client }: Identity,
    node: string,
    part: '' | '/status' = '',
    nodeName = node,
  ): Promise<number> {
    const object = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name: node },
      nodeName,
      ...(part === '' ? {} : { status: { installed: 1 } }),
    };
    const query = '?fieldManager=spod&force=true';
    return (await client.request('PATCH', `${REPORTS_PATH}/${node}${part}${query}`, object, APPLY)).status;
  }

  it('lets a daemon write the report of its own node, and of no other', async () => {
    const [a, b] = [await daemonOf(plane, 'node-a'), await daemonOf(plane, 'node-b')];
    // Before its role is known it is refused all of them.
    await until(
      async () => (await report(a, 'node-a')) === 201,
      120,
      () => 'a daemon may not write its own report',
    );
    const isInForce = async (): Promise<boolean> => (await report(a, 'node-b')) === 403;
    await until(isInForce, 120, () => 'the daemon of node-a may still write the report of node-b');
    expect(await report(b, 'node-b')).to.be.oneOf([200, 201]);
    expect(await report(a, 'node-a', '/status')).to.equal(200);
    expect(await report(a, 'node-b', '/status'), 'the status of another').to.equal(403);
    expect(await report(b, 'node-a'), 'there already').to.equal(403);
    const { client } = a;
    const body = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfileNodeStatus' };
    const made = await client.request('POST', REPORTS_PATH, {
      ...body,
      metadata: { name: 'node-c' },
      nodeName: 'node-c',
    });
    expect(made.status).to.equal(403);
    expect(JSON.stringify(made.body)).to.contain('a daemon may write the report of its own node only');
  });

  it('lets no report tell of another node than it is named after', async () => {
    const e = await daemonOf(plane, 'node-e');
    expect(await report(e, 'node-e', '', 'node-b')).to.equal(403);
    expect(await report(e, 'node-e')).to.equal(201);
    expect(await report(e, 'node-e', '', 'node-b'), 'it is there').to.be.oneOf([403, 422]);
  });

  it('lets a token pass that names no node: older clusters give no others', async () => {
    const anywhere = await plane.identities.serviceAccount(OPERATOR_NAMESPACE, SPOD);
    expect(await report(anywhere, 'node-a')).to.equal(200);
    expect(await report(anywhere, 'node-a', '/status')).to.equal(200);
  });

  it('does not concern others', async () => {
    const other = { apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1', kind: 'SecurityProfileNodeStatus' };
    const { status } = await plane.admin.request('POST', REPORTS_PATH, {
      ...other,
      metadata: { name: 'node-d' },
      nodeName: 'node-d',
    });
    expect(status).to.equal(201);
  });
});
