// SPDX-License-Identifier: Apache-2.0
// The operator is uninstalled in whatever order, from a real API server with its controllers, by processes that have
// the accounts and roles of the manifest and no others. The pods of the manifest have no kubelet; the test ends the
// processes when their workloads go.
import { expect } from 'chai';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOTATION, FINALIZER, LABEL, OBJECT, OPERATOR } from '../../src/core/names.ts';
import { bundle } from '../../tools/build.ts';
import type { ApiClient } from '../../tools/lab/api-client.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, Installation, OPERATOR_NAMESPACE, profilesPath } from '../../tools/lab/operator.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const MANIFEST = path.join(ROOT, 'manifests/operator.yaml');
const GROUP = 'security-profiles-operator.x-k8s.io';
const SPEC = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }] };

/** Steps of an uninstallation, as words of kubectl; those of one list at a time. */
type Steps = readonly (readonly (readonly string[])[])[];

const NS = ['-n', OPERATOR_NAMESPACE];
const DEFINITIONS = ['apparmorprofiles', 'profilebindings', 'profilerecordings', 'rawselinuxprofiles']
  .concat('seccompprofiles', 'securityprofilenodestatuses', 'securityprofilesoperatordaemons', 'selinuxprofiles')
  .map((plural) => `crd/${plural}.${GROUP}`);
const KINDS = [['delete', ...DEFINITIONS]];
const NAMESPACE = [['delete', 'namespace', OPERATOR_NAMESPACE]];
const REST = [['delete', '-f', MANIFEST, '--ignore-not-found']];
/** Names of the accounts, and of their roles. */
const ACCOUNTS = [OPERATOR, 'spod', 'spo-webhook'];

/** By kind, as Helm does: the Deployment, then roles, then accounts, without a wait. */
const AS_HELM = ['rolebinding', 'role', 'clusterrolebinding', 'clusterrole', 'serviceaccount'].map((kind) => [
  [...NS, 'delete', kind, ...ACCOUNTS, '--wait=false'],
]);
/** Roles of the cluster first, and all that a ClusterServiceVersion owns at a time. */
const AS_OLM = [
  ['clusterrolebinding', 'clusterrole'].map((kind) => ['delete', kind, ...ACCOUNTS, '--wait=false']),
  [
    [...NS, 'delete', 'deployment', OPERATOR, '--wait=false'],
    [...NS, 'delete', 'serviceaccount', ...ACCOUNTS, '--wait=false'],
    [...NS, 'delete', 'role,rolebinding', ...ACCOUNTS, '--wait=false'],
  ],
];

const ORDERS: Readonly<Record<string, Steps>> = {
  'by the manifest': [REST],
  'with its namespace first': [NAMESPACE, KINDS, REST],
  'with the kinds first': [KINDS, REST],
  'with the Deployment first': [[[...NS, 'delete', 'deployment', OPERATOR]], KINDS, REST],
  'by Helm, and the kinds after it': [
    [[...NS, 'delete', 'deployment', OPERATOR, '--wait=false']],
    ...AS_HELM,
    KINDS,
    REST,
  ],
  'by OLM, and the kinds after it': [...AS_OLM, KINDS, REST],
};

const HELD = [
  ['seccompprofiles', 'used', FINALIZER.inUse],
  ['seccompprofiles', 'part', FINALIZER.partialProfile],
  ['profilerecordings', 'rec', FINALIZER.unmergedProfiles],
  ['profilebindings', 'bind', FINALIZER.activeWorkloads],
] as const;

describe('an uninstallation in which profiles, bindings and recordings were forgotten', function () {
  this.timeout(240_000);
  let plane: ControlPlane;
  let installation: Installation;
  let bundled: string;
  let asManager: ApiClient;
  /** A new name each time: what is held of it is held by the manager that runs now. */
  let free = 'free-0';
  let watching = true;
  let watched: Promise<unknown> = Promise.resolve();

  before(async () => {
    plane = await startControlPlane({ controllerManager: true });
    bundled = mkdtempSync(path.join(tmpdir(), 'spo-uninstall-'));
    await bundle(bundled);
  });

  after(async () => {
    await plane.stop();
    rmSync(bundled, { recursive: true });
  });

  beforeEach(async () => {
    await plane.kubectl('apply', '-f', MANIFEST);
    const account = (name: string) => plane.identities.serviceAccount(OPERATOR_NAMESPACE, name);
    const [manager, daemon] = await Promise.all([account(OPERATOR), account('spod')]);
    asManager = manager.client;
    installation = await Installation.start(plane, {
      nodes: ['node-a'],
      kubeconfig: manager.kubeconfig,
      daemonKubeconfig: daemon.kubeconfig,
      bundle: bundled,
    });
    watching = true;
    watched = endWithPods();
    await fill();
  });

  afterEach(async () => {
    watching = false;
    await watched;
    await installation.stop();
    await plane.kubectl('delete', 'pod', 'user', '--force', '--ignore-not-found');
  });

  /** As a kubelet does it to the processes: SIGTERM when their pods are to go, which no scheduler has placed here. */
  async function endWithPods(): Promise<void> {
    const roles = [
      ['deployments', OPERATOR, installation.manager],
      ['daemonsets', 'spod', installation.nodes[0]?.daemon],
    ] as const;
    const isThere = async (at: string): Promise<boolean> => (await plane.admin.request('GET', at)).status === 200;
    const followed = roles.map(async ([plural, name, role]) => {
      const at = `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/${plural}/${name}`;
      while (watching && (await isThere(at))) await sleep(50);
      if (watching) await role?.end('SIGTERM');
    });
    await Promise.all(followed);
  }

  const file = (name: string): string =>
    path.join(installation.nodes[0]?.kubeletDir ?? '', 'seccomp/operator/default', `${name}.json`);
  const finalizers = async (plural: string, name: string): Promise<readonly unknown[]> => {
    const version = plural === 'seccompprofiles' ? 'v1beta1' : 'v1alpha1';
    const at = `/apis/${GROUP}/${version}/namespaces/default/${plural}/${name}`;
    return listAt((await plane.admin.request('GET', at)).body, 'metadata', 'finalizers');
  };

  /** A profile in use, one that is not, a binding and a recording that are held, and a part of it. */
  async function fill(): Promise<void> {
    const profiles = profilesPath('default');
    free = `free-${String(Number(free.slice(5)) + 1)}`;
    for (const name of ['used', free]) await create(plane, profiles, profile(name));
    // Before its recording, as the manager may see them whose watch of recordings is late.
    const labels = { [LABEL.recordingId]: 'rec', [LABEL.containerId]: 'c', [LABEL.partial]: 'true' };
    const annotations = { [ANNOTATION.unmergedPart]: 'true' };
    await create(plane, profiles, profile('part', { labels, annotations }));
    await create(plane, `/apis/${GROUP}/v1alpha1/namespaces/default/profilerecordings`, {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ProfileRecording',
      metadata: { name: 'rec' },
      spec: { kind: 'SeccompProfile', recorder: 'bpf', mergeStrategy: 'containers', podSelector: {} },
    });
    await create(plane, `/apis/${GROUP}/v1alpha1/namespaces/default/profilebindings`, {
      apiVersion: `${GROUP}/v1alpha1`,
      kind: 'ProfileBinding',
      metadata: { name: 'bind' },
      spec: { profileRef: { kind: 'SeccompProfile', name: 'used' }, image: 'i' },
    });
    await until(
      async () => (await plane.admin.request('GET', '/api/v1/namespaces/default/serviceaccounts/default')).status < 300,
      30,
      () => 'no account',
    );
    const securityContext = { seccompProfile: { type: 'Localhost', localhostProfile: 'operator/default/used.json' } };
    await create(plane, '/api/v1/namespaces/default/pods', {
      metadata: { name: 'user', annotations: { [ANNOTATION.profileBindings]: 'c=bind' } },
      spec: { nodeName: 'node-a', securityContext, containers: [{ name: 'c', image: 'i' }] },
    });
    const missing = async (): Promise<readonly string[]> => {
      const found = await Promise.all(
        [...HELD, ['seccompprofiles', free, FINALIZER.installed] as const].map(async ([plural, name, by]) =>
          (await finalizers(plural, name)).includes(by) ? [] : [`${name} by ${by}`],
        ),
      );
      const files = ['used', free].filter((name) => !existsSync(file(name)));
      return [...found.flat(), ...files, ...(await missingRoles())];
    };
    await until(
      async () => (await missing()).length === 0,
      90,
      () => '',
    ).catch(async () => {
      throw new Error(`not held: ${(await missing()).join(', ')}`);
    });
  }

  /** The roles with which the manager leaves; they are made while all is well. */
  async function missingRoles(): Promise<readonly string[]> {
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const places = [`${rbac}/clusterrolebindings`, `${rbac}/namespaces/${OPERATOR_NAMESPACE}/rolebindings`];
    const at = places.map((place) => `${place}/${OBJECT.departureRole}`);
    const answers = await Promise.all(at.map((one) => plane.admin.request('GET', one)));
    return at.filter((_, index) => answers[index]?.status !== 200);
  }

  function profile(name: string, metadata: object = {}): object {
    return { apiVersion: `${GROUP}/v1beta1`, kind: 'SeccompProfile', metadata: { name, ...metadata }, spec: SPEC };
  }

  async function left(): Promise<readonly string[]> {
    const kinds = ['crd', 'namespace', 'clusterrole,clusterrolebinding']
      .concat('validatingadmissionpolicy,validatingadmissionpolicybinding')
      .concat('mutatingwebhookconfiguration,validatingwebhookconfiguration');
    const texts = await Promise.all(kinds.map((kind) => plane.kubectl('get', kind, '-o', 'name')));
    return texts.flatMap((text) => text.split('\n').filter((name) => /security-profiles|\/spod?\b|\/spo-/.test(name)));
  }

  it("lets the manager's account give the roles with which it leaves to nobody else", async () => {
    const patched = async (at: string, patch: object): Promise<number> =>
      (await asManager.request('PATCH', at, patch, 'application/merge-patch+json')).status;
    const rbac = '/apis/rbac.authorization.k8s.io/v1';
    const own = { kind: 'ServiceAccount', name: OPERATOR, namespace: OPERATOR_NAMESPACE };
    const binding = `${rbac}/clusterrolebindings/${OBJECT.departureRole}`;
    const account = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/serviceaccounts/${OPERATOR}`;
    const inForce = async (): Promise<boolean> =>
      (await patched(binding, { subjects: [own, { ...own, name: 'default' }] })) === 403;
    await until(inForce, 60, () => 'the policy is not in force');
    await until(
      async () => (await patched(account, { metadata: { labels: { more: '' } } })) === 403,
      60,
      () => 'the policy for the account is not in force',
    );
    expect(await patched(binding, { subjects: [own] })).to.equal(200);
    expect(await patched(`${rbac}/clusterrolebindings/${OPERATOR}`, { subjects: [own] })).to.equal(403);
    const rules = [{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }];
    expect(await patched(`${rbac}/clusterroles/${OBJECT.departureRole}`, { rules })).to.equal(403);
    expect(await patched(account, { metadata: { finalizers: [FINALIZER.departure] } })).to.equal(200);
    expect(await patched(account, { metadata: { finalizers: null } })).to.equal(200);
  });

  for (const [order, steps] of Object.entries(ORDERS)) {
    it(`ends within a minute, with nothing left: ${order}`, async () => {
      for (const step of steps)
        await Promise.all(step.map((words) => plane.kubectl(...words, '--ignore-not-found', '--timeout=60s')));
      await until(
        async () => (await left()).length === 0,
        30,
        () => 'something is left',
      ).catch(async () => expect(await left()).to.deep.equal([]));
      await watched;
      expect(existsSync(file(free)), 'a file that no pod needs').to.equal(false);
      expect(existsSync(file('used')), 'the file of a pod').to.equal(true);
    });
  }
});
