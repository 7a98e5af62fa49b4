// SPDX-License-Identifier: Apache-2.0
// The right to write bindings that try profiles, in a real API server: nobody has a profile made that he may not make.
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { TRIAL_POLICY, trialPolicy } from '../../src/core/deploy/trial-policy.ts';
import type { ApiClient } from '../../tools/lab/api-client.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, prepareCluster } from '../../tools/lab/operator.ts';
import { sharedPlane } from './shared-plane.ts';

const NAMESPACE = 'trial-policy';
const GROUP = 'security-profiles-operator.x-k8s.io';
const BINDINGS = `/apis/${GROUP}/v1alpha1/namespaces/${NAMESPACE}/profilebindings`;
const POLICY = `/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/${TRIAL_POLICY}`;
const RBAC = `/apis/rbac.authorization.k8s.io/v1/namespaces/${NAMESPACE}`;

describe('the policy for bindings that try profiles', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let tenant: ApiClient;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    tenant = (await plane.identities.serviceAccount(NAMESPACE, 'tenant')).client;
    const metadata = { name: 'tenant' };
    const verbs = ['create', 'patch'];
    const rules = [{ apiGroups: [GROUP], resources: ['profilebindings', 'seccompprofiles'], verbs }];
    await create(plane, `${RBAC}/roles`, { metadata, rules });
    const roleRef = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'tenant' };
    const subjects = [{ kind: 'ServiceAccount', name: 'tenant', namespace: NAMESPACE }];
    await create(plane, `${RBAC}/rolebindings`, { metadata, roleRef, subjects });
    const file = path.join(plane.folder, 'trial-policy.json');
    writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: trialPolicy() }));
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    // Before his role is known he is refused all of them.
    const isRefused = async (): Promise<boolean> =>
      (await made('SeccompProfile', 'Audit')) === 201 && (await made('AppArmorProfile', 'Audit')) === 403;
    await until(isRefused, 120, () => 'the policy is not in force');
  });

  after(async () => {
    await plane.admin.request('DELETE', POLICY);
    await plane.admin.request('DELETE', POLICY.replace('policies/', 'policybindings/'));
  });

  const bindingOf = (kind: string, mode?: string) => ({
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ProfileBinding',
    metadata: { name: `b-${kind.toLowerCase()}` },
    spec: { profileRef: { kind, name: 'a' }, image: 'i', ...(mode === undefined ? {} : { enforcement: { mode } }) },
  });

  async function made(kind: string, mode?: string, by: ApiClient = tenant): Promise<number> {
    return (await by.request('POST', `${BINDINGS}?dryRun=All`, bindingOf(kind, mode))).status;
  }

  it('lets those write them who may make a profile of the kind', async () => {
    expect(await made('SeccompProfile', 'Enforce')).to.equal(201);
    expect(await made('AppArmorProfile', 'Enforce')).to.equal(403);
    expect(await made('SelinuxProfile', 'Audit')).to.equal(403);
    expect(await made('AppArmorProfile', 'Propose')).to.equal(201);
    expect(await made('AppArmorProfile')).to.equal(201);
    expect(await made('AppArmorProfile', 'Enforce', plane.admin)).to.equal(201);
  });

  it('lets others change what is there already, but not begin a trial', async () => {
    const change = async (name: string, spec: object): Promise<number> => {
      const type = 'application/merge-patch+json';
      return (await tenant.request('PATCH', `${BINDINGS}/${name}?dryRun=All`, { spec }, type)).status;
    };
    await create(plane, BINDINGS, bindingOf('AppArmorProfile', 'Audit'));
    await create(plane, BINDINGS, { ...bindingOf('AppArmorProfile'), metadata: { name: 'plain' } });
    expect(await change('b-apparmorprofile', { image: 'j' })).to.equal(200);
    expect(await change('b-apparmorprofile', { enforcement: { mode: 'Enforce' } })).to.equal(200);
    expect(await change('b-apparmorprofile', { profileRef: { name: 'other' } })).to.equal(403);
    expect(await change('plain', { image: 'j' })).to.equal(200);
    expect(await change('plain', { enforcement: { mode: 'Audit' } })).to.equal(403);
  });
});
