// SPDX-License-Identifier: Apache-2.0
// Several tenants in a real API server: the roles that users get through Kubernetes' own, and the policy by which a pod
// uses profiles of its own namespace or of a named one.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { TENANT_POLICY, tenantPolicy } from '../../src/core/deploy/tenant-policy.ts';
import { userRoles } from '../../src/core/deploy/user-roles.ts';
import { ANNOTATION, GROUP, OBJECT } from '../../src/core/names.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { ApiClient } from '../../tools/lab/api-client.ts';
import { listAt, textAt, valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';

const OWN = 'tenant-a';
const OTHER = 'tenant-b';
const SHARED = 'tenant-shared';
const API = 'rbac.authorization.k8s.io';
const MERGE = 'application/merge-patch+json';

describe('several tenants', function () {
  this.timeout(300_000);
  let plane: ControlPlane;

  before(async () => {
    // The controller manager adds roles to roles, and checks the expressions of policies.
    plane = await startControlPlane({
      controllerManager: true,
      apiServerArgs: ['--disable-admission-plugins=ServiceAccount'],
    });
    await prepareCluster(plane, []);
    for (const name of [OWN, OTHER, SHARED]) await create(plane, '/api/v1/namespaces', { metadata: { name } });
    const file = path.join(plane.folder, 'tenants.json');
    const items = [...userRoles(), ...tenantPolicy(OPERATOR_NAMESPACE)];
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
  });

  after(() => plane.stop());

  /** A user with one of Kubernetes' own roles in the tenant's namespace. */
  async function user(name: string, role: string): Promise<ApiClient> {
    await create(plane, `/apis/${API}/v1/namespaces/${OWN}/rolebindings`, {
      metadata: { name },
      subjects: [{ apiGroup: API, kind: 'User', name }],
      roleRef: { apiGroup: API, kind: 'ClusterRole', name: role },
    });
    return (await plane.identities.user(name)).client;
  }

  async function may(client: ApiClient, verb: string, resource: string, namespace: string): Promise<boolean> {
    const resourceAttributes = { verb, group: GROUP, resource, namespace };
    const reviews = '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews';
    const { body } = await client.request('POST', reviews, { spec: { resourceAttributes } });
    return valueAt(body, 'status', 'allowed') === true;
  }

  async function allowed(client: ApiClient, verb: string, namespace = OWN): Promise<readonly string[]> {
    const answers = await Promise.all(KINDS.map((kind) => may(client, verb, kind, namespace)));
    return KINDS.filter((_, index) => answers[index]);
  }

  it('view, edit and admin bring rights for our kinds along, in the one namespace', async () => {
    const viewer = await user('victor', 'view');
    const editor = await user('edith', 'edit');
    const admin = await user('adam', 'admin');
    const policies = await user('ned', OBJECT.nodePolicyRole);
    // Roles are added to each role by itself, and each is known to the API server a moment later.
    const lacks = async (): Promise<readonly boolean[]> => [
      ...(await Promise.all(
        [viewer, editor, admin].map(async (one) => (await allowed(one, 'list')).length < KINDS.length),
      )),
      ...(await Promise.all([editor, admin].map(async (one) => (await allowed(one, 'delete')).length === 0))),
      (await allowed(policies, 'create')).length < 2,
    ];
    await until(
      async () => (await lacks()).every((one) => !one),
      120,
      () => 'the roles are not added',
    );
    for (const client of [viewer, editor, admin]) expect(await allowed(client, 'list')).to.deep.equal(KINDS);
    expect(await allowed(viewer, 'create')).to.deep.equal([]);
    for (const client of [editor, admin]) {
      for (const verb of ['create', 'update', 'patch', 'delete'])
        expect(await allowed(client, verb), verb).to.deep.equal(TENANTS_KINDS);
      expect(await allowed(client, 'create', OTHER)).to.deep.equal([]);
    }
    expect(await allowed(policies, 'create')).to.deep.equal(['apparmorprofiles', 'selinuxprofiles']);
  });

  async function pod(spec: object, namespace = OWN): Promise<number> {
    const object = { metadata: { generateName: 'p-' }, spec: { containers: [{ name: 'c', image: 'i' }], ...spec } };
    return (await plane.admin.request('POST', `/api/v1/namespaces/${namespace}/pods?dryRun=All`, object)).status;
  }

  it('a pod uses profiles of its own namespace, in whatever spelling, and of no other', async () => {
    await until(
      async () => (await pod(seccomp(`operator/${OTHER}/x.json`))) === 403,
      120,
      () => 'it is not in force',
    );
    for (const name of [
      `operator/${OWN}/x.json`,
      `operator/${OPERATOR_NAMESPACE}/x.json`,
      'operator.json',
      'other/b/x',
    ])
      expect(await pod(seccomp(name)), name).to.equal(201);
    for (const name of [`operator//${OTHER}/x.json`, `./operator/./${OTHER}/x`])
      expect(await pod(seccomp(name)), name).to.equal(403);
    for (const list of ['containers', 'initContainers']) {
      const one = { name: 'd', image: 'i', ...seccomp(`operator/${OTHER}/x.json`) };
      expect(await pod({ [list]: [one] }), list).to.equal(403);
    }
    expect(await pod({})).to.equal(201);
    expect(await pod(seccomp(`operator/${OTHER}/x.json`), 'kube-system')).to.equal(201);
  });

  it('holds the types of SELinux profiles to the same', async () => {
    for (const type of [`x_${OWN}.process`, `N1_x_${OWN}.process`, 'container_t', 'selinuxrecording.process'])
      expect(await pod(selinux(type)), type).to.equal(201);
    for (const type of [`x_${OTHER}.process`, `${OWN}_x_${OTHER}.process`])
      expect(await pod(selinux(type)), type).to.equal(403);
  });

  it('holds containers that are added later to it', async () => {
    const pods = `/api/v1/namespaces/${OWN}/pods`;
    await create(plane, pods, { metadata: { name: 'target' }, spec: { containers: [{ name: 'c', image: 'i' }] } });
    const debug = (profile: string) => ({ ephemeralContainers: [{ name: 'debug', image: 'i', ...seccomp(profile) }] });
    const add = async (profile: string): Promise<number> =>
      (
        await plane.admin.request(
          'PATCH',
          `${pods}/target/ephemeralcontainers`,
          { spec: debug(profile) },
          'application/strategic-merge-patch+json',
        )
      ).status;
    expect(await add(`operator/${OTHER}/x.json`)).to.equal(403);
    expect(await add(`operator/${OWN}/x.json`)).to.equal(200);
  });

  it('lets administrators name namespaces whose profiles are shared', async () => {
    const annotations = { [ANNOTATION.profilesFrom]: `else, ${SHARED}` };
    await plane.admin.request('PATCH', `/api/v1/namespaces/${OWN}`, { metadata: { annotations } }, MERGE);
    const isShared = async (): Promise<boolean> => (await pod(seccomp(`operator/${SHARED}/x.json`))) === 201;
    await until(isShared, 120, () => 'the annotation has no effect');
    expect(await pod(selinux(`x_${SHARED}.process`))).to.equal(201);
    expect(await pod(seccomp(`operator/${OTHER}/x.json`))).to.equal(403);
    const editor = (await plane.identities.user('edith')).client;
    const answer = await editor.request('PATCH', `/api/v1/namespaces/${OWN}`, { metadata: { annotations } }, MERGE);
    expect(answer.status, 'a tenant').to.equal(403);
  });

  it('has no fault that the type checker of Kubernetes finds', async () => {
    let status: unknown;
    const isChecked = async (): Promise<boolean> => {
      const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
      status = valueAt((await plane.admin.request('GET', `${policies}/${TENANT_POLICY}`)).body, 'status');
      return valueAt(status, 'typeChecking') !== undefined;
    };
    await until(isChecked, 120, () => `it is not checked: ${JSON.stringify(status)}`);
    const warnings = listAt(status, 'typeChecking', 'expressionWarnings');
    expect(warnings.map((warning) => textAt(warning, 'warning'))).to.deep.equal([]);
  });
});

const TENANTS_KINDS = ['profilebindings', 'profilerecordings', 'seccompprofiles'];

const KINDS = [
  'apparmorprofiles',
  'profilebindings',
  'profilerecordings',
  'rawselinuxprofiles',
  'seccompprofiles',
  'securityprofilenodestatuses',
  'securityprofilesoperatordaemons',
  'selinuxprofiles',
];

function seccomp(localhostProfile: string): object {
  return { securityContext: { seccompProfile: { type: 'Localhost', localhostProfile } } };
}

function selinux(type: string): object {
  return { securityContext: { seLinuxOptions: { type } } };
}
