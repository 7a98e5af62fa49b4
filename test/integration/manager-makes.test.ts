// SPDX-License-Identifier: Apache-2.0
// In a real API server: objects that the manager's account may make. Whatever core/deploy describes passes, with all
// options, and whatever would make a taken manager root on the nodes does not (step C11 of the review).
import { expect } from 'chai';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { DaemonContext } from '../../src/core/deploy/daemon-context.ts';
import { daemonSet } from '../../src/core/deploy/daemon-set.ts';
import { MANAGER_OBJECT_POLICY, managerObjectPolicies } from '../../src/core/deploy/manager-object-policy.ts';
import { MANAGER_WORKLOAD_POLICY, managerWorkloadPolicy } from '../../src/core/deploy/manager-workload-policy.ts';
import { managerDeployment } from '../../src/core/deploy/manager.ts';
import { metricsToken } from '../../src/core/deploy/metrics-objects.ts';
import { tlsSecret } from '../../src/core/deploy/secrets.ts';
import { traceProfiles } from '../../src/core/deploy/trace-profile.ts';
import { webhookDeployment } from '../../src/core/deploy/webhooks/deployment.ts';
import { LABEL, OBJECT, OPERATOR } from '../../src/core/names.ts';
import type { SecurityProfilesOperatorDaemonSpec } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import { startControlPlane } from '../../tools/lab/control-plane.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import type { ApiClient, Answer } from '../../tools/lab/api-client.ts';
import { listAt, textAt, valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster } from '../../tools/lab/operator.ts';

const IMAGE = 'registry.example/spo@sha256:0000000000000000000000000000000000000000000000000000000000000000';
const PROFILES = '/apis/security-profiles-operator.x-k8s.io/v1beta1/namespaces/default/seccompprofiles';
const SECRETS = `/api/v1/namespaces/${OPERATOR_NAMESPACE}/secrets`;
const APPLY = 'application/apply-patch+yaml';
const owner = { apiVersion: 'v1', kind: 'Namespace', name: OPERATOR_NAMESPACE, uid: 'u', controller: true };

const context: DaemonContext = {
  namespace: OPERATOR_NAMESPACE,
  image: IMAGE,
  imagePullPolicy: 'IfNotPresent',
  kubeletDir: '/var/lib/k0s/kubelet',
  kubeletDirs: '',
  restrictTo: [],
  profilesHash: 'abc',
  owner,
};

const EVERYTHING: SecurityProfilesOperatorDaemonSpec = {
  verbosity: 1,
  enableProfiling: true,
  enableMemoryOptimization: true,
  enableLogEnricher: true,
  enableJsonEnricher: true,
  jsonEnricherFilters: '[]',
  jsonEnricherOptions: {
    auditLogIntervalSeconds: 1,
    auditLogPath: '/var/log/security-profiles-operator/a.json',
    auditLogMaxSize: 1,
    auditLogMaxBackups: 1,
    auditLogMaxAge: 1,
  },
  logEnricherFilters: '[{"priority":1,"level":"Metadata","matchKeys":["a"],"matchValues":["b"]}]',
  enableBpfRecorder: true,
  enableSelinux: true,
  enableAppArmor: true,
  hostProcVolumePath: '/proc/1',
  imagePullSecrets: [{ name: 's' }],
};

/** The parts of a workload that the tests change. */
interface Workload {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly template: { readonly spec: PodSpec } };
}

interface PodSpec {
  readonly containers: readonly Container[];
  readonly initContainers?: readonly Container[];
  readonly volumes?: readonly object[];
}

interface Container {
  readonly name: string;
  readonly env?: readonly object[];
  readonly volumeMounts?: readonly object[];
  readonly securityContext?: object;
}

function isCalled(variable: object, name: string): boolean {
  return textAt(variable, 'name') === name;
}

describe('objects that the manager makes', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let manager: ApiClient;

  before(async () => {
    // The controller manager checks the expressions.
    const apiServerArgs = ['--disable-admission-plugins=ServiceAccount'];
    plane = await startControlPlane({ controllerManager: true, apiServerArgs });
    await prepareCluster(plane, []);
    manager = (await plane.identities.serviceAccount(OPERATOR_NAMESPACE, OPERATOR)).client;
    const deployment = managerDeployment({
      namespace: OPERATOR_NAMESPACE,
      image: IMAGE,
      kubeletDir: context.kubeletDir,
      restrictTo: [],
    });
    const policies = [...managerWorkloadPolicy(OPERATOR_NAMESPACE), ...managerObjectPolicies(OPERATOR_NAMESPACE)];
    const file = path.join(plane.folder, 'manager-makes.json');
    writeFileSync(
      file,
      JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [deployment, ...policies, ...RIGHTS] }),
    );
    await plane.kubectl('apply', '--validate=strict', '-f', file);
    const secret = { metadata: { name: 'other' }, type: 'Opaque' };
    const refuses = async (): Promise<boolean> =>
      (await manager.request('POST', `${SECRETS}?dryRun=All`, secret)).status === 403 &&
      (await applied({ ...plain(), metadata: { name: 'other' } })).status === 403 &&
      (await applied(plain())).status === 200;
    await until(refuses, 120, () => 'the policies are not in force');
  });

  after(() => plane.stop());

  function plain(spec: SecurityProfilesOperatorDaemonSpec = {}, more: Partial<DaemonContext> = {}): Workload {
    return daemonSet(spec, { ...context, ...more }) as unknown as Workload;
  }

  /** The answer to the application of a DaemonSet or Deployment by the manager, which is not stored. */
  async function applied(workload: Workload, plural = 'daemonsets'): Promise<Answer> {
    const { name } = workload.metadata;
    const at = `/apis/apps/v1/namespaces/${OPERATOR_NAMESPACE}/${plural}/${name}`;
    const answer = await manager.request('PATCH', `${at}?fieldManager=m&force=true&dryRun=All`, workload, APPLY);
    return answer.status === 201 ? { ...answer, status: 200 } : answer;
  }

  function withPod(workload: Workload, change: (pod: PodSpec) => object): Workload {
    const { template } = workload.spec;
    return {
      ...workload,
      spec: { ...workload.spec, template: { ...template, spec: { ...template.spec, ...change(template.spec) } } },
    };
  }

  const withContainer = (change: (container: Container) => object, of = plain()): Workload =>
    withPod(of, ({ containers: [first, ...rest] }) => ({ containers: [{ ...first, ...change(first!) }, ...rest] }));

  const withInit = (change: (container: Container) => object): Workload =>
    withPod(plain(), ({ initContainers = [] }) => ({
      initContainers: initContainers.map((container) => ({ ...container, ...change(container) })),
    }));

  it('are the DaemonSet with every option, and the webhook', async () => {
    for (const [spec, more] of [
      [{}, {}],
      [EVERYTHING, {}],
      [{ ...EVERYTHING, useNodeSelinuxd: true }, {}],
      [EVERYTHING, { kubeletDirs: 'mark', restrictTo: ['one'] }],
    ] as const) {
      const { status, body } = await applied(plain(spec, more));
      expect(status, JSON.stringify(body)).to.equal(200);
    }
    for (const staticWebhookConfig of [false, true]) {
      const input = { ...context, spec: { ...EVERYTHING, staticWebhookConfig } };
      const { status, body } = await applied(webhookDeployment(input) as unknown as Workload, 'deployments');
      expect(status, JSON.stringify(body)).to.equal(200);
    }
  });

  it('are no workloads that would be root on a node', async () => {
    const enabler = plain().spec.template.spec.initContainers!;
    const mounted = { name: 'v', mountPath: '/opt/spo' };
    const changes: Readonly<Record<string, Workload>> = {
      privileged: withContainer(() => ({ securityContext: { privileged: true } })),
      root: withContainer(({ securityContext }) => ({ securityContext: { ...securityContext, runAsUser: 0 } })),
      'a capability': withContainer(({ securityContext }) => ({
        securityContext: { ...securityContext, capabilities: { drop: ['ALL'], add: ['SYS_ADMIN'] } },
      })),
      'kept capabilities': withContainer(({ securityContext }) => ({
        securityContext: { ...securityContext, capabilities: { drop: ['KILL'] } },
      })),
      'another image': withContainer(() => ({ image: 'evil' })),
      'another command': withContainer(() => ({ command: ['/usr/bin/node', '-e', '0', '/opt/spo/main.cjs'] })),
      'another role': withContainer(() => ({ args: ['spoc', 'record'] })),
      'a variable': withContainer(({ env = [] }) => ({ env: [...env, { name: 'NODE_OPTIONS', value: '-r x' }] })),
      'another kubelet directory': withContainer(() => ({ env: [{ name: 'KUBELET_DIR', value: '/etc' }] })),
      'a directory to give away': withInit(({ env = [] }) => ({
        env: [...env, { name: 'AUDIT_LOG_DIR', value: '/etc' }],
      })),
      'a place beside the mount': withInit(({ env = [] }) => ({
        env: [...env.filter((one) => !isCalled(one, 'HOST_MOUNT')), { name: 'HOST_MOUNT', value: '/host/etc' }],
      })),
      'profiles from elsewhere': withInit(({ env = [] }) => ({
        env: [...env.filter((one) => !isCalled(one, 'OWN_PROFILES')), { name: 'OWN_PROFILES', value: '/host/root' }],
      })),
      'policies from elsewhere': withContainer(
        ({ env = [] }) => ({
          env: [
            ...env.filter((one) => !isCalled(one, 'SELINUX_POLICIES')),
            { name: 'SELINUX_POLICIES', value: '/host' },
          ],
        }),
        plain(EVERYTHING),
      ),
      'a hook': withContainer(() => ({ lifecycle: { postStart: { exec: { command: ['x'] } } } })),
      'a program over ours': withPod(
        withContainer(({ volumeMounts = [] }) => ({ volumeMounts: [...volumeMounts, mounted] })),
        ({ volumes = [] }) => ({ volumes: [...volumes, { name: 'v', configMap: { name: 'x' } }] }),
      ),
      'a program over ours by another path': withPod(
        withContainer(({ volumeMounts = [] }) => ({
          volumeMounts: [...volumeMounts, { name: 'operator-profiles-volume', mountPath: '/host/../opt/spo' }],
        })),
        () => ({}),
      ),
      'files of another object': withPod(
        withContainer(({ volumeMounts = [] }) => ({
          volumeMounts: [...volumeMounts, { ...mounted, mountPath: '/host' }],
        })),
        ({ volumes = [] }) => ({ volumes: [...volumes, { name: 'v', configMap: { name: 'x' } }] }),
      ),
      'a policy of its own': withContainer(({ volumeMounts = [] }) => ({
        volumeMounts: [...volumeMounts, { name: 'operator-profiles-volume', mountPath: '/etc/selinux.d' }],
      })),
      'the root by another path': withPod(plain(), ({ volumes = [] }) => ({
        volumes: [...volumes, { name: 'v', hostPath: { path: '/proc/1/root' } }],
      })),
      'the network of the node': withPod(plain(), () => ({ hostNetwork: true })),
      'the processes of the node': withPod(plain(), () => ({ hostPID: true })),
      'a directory': withPod(plain(), ({ volumes = [] }) => ({
        volumes: [...volumes, { name: 'v', hostPath: { path: '/etc' } }],
      })),
      'the root in the daemon': withContainer(
        ({ volumeMounts = [] }) => ({
          volumeMounts: [...volumeMounts, { name: 'host-root-volume', mountPath: '/host' }],
        }),
        plain({}, { kubeletDirs: 'mark' }),
      ),
      'another account': withPod(plain(), () => ({ serviceAccountName: 'other' })),
      'another program as root': withPod(plain(), () => ({
        initContainers: enabler.map((one) => ({ ...one, command: [], args: ['spoc'] })),
      })),
      'another name': { ...plain(), metadata: { name: 'x' } },
    };
    for (const [name, workload] of Object.entries(changes))
      expect((await applied(workload)).status, name).to.equal(403);
    const webhook = webhookDeployment({ ...context, spec: {} }) as unknown as Workload;
    const reaching = withPod(webhook, ({ volumes = [] }) => ({
      volumes: [...volumes, { name: 'v', hostPath: { path: '/var/log' } }],
    }));
    expect((await applied(reaching, 'deployments')).status, 'a directory for the webhook').to.equal(403);
  });

  it('are secrets of certificates and the token for metrics', async () => {
    const content = { authority: 'a', certificate: 'c', key: 'k' };
    const token = metricsToken(OPERATOR_NAMESPACE, owner);
    for (const secret of [
      ...[OBJECT.authority, OBJECT.metricsCert, OBJECT.managerMetricsCert, OBJECT.webhookCert].map((name) =>
        tlsSecret(name, OPERATOR_NAMESPACE, owner, content),
      ),
      token,
    ]) {
      const at = `${SECRETS}/${secret.metadata.name}?fieldManager=m&force=true&dryRun=All`;
      const { status, body } = await manager.request('PATCH', at, secret, APPLY);
      expect(status, JSON.stringify(body)).to.be.oneOf([200, 201]);
    }
    const ofDaemon = { 'kubernetes.io/service-account.name': 'spod' };
    for (const secret of [
      { ...token, metadata: { ...token.metadata, name: 'other' } },
      { ...token, metadata: { ...token.metadata, annotations: ofDaemon } },
      { ...token, type: 'Opaque' },
    ])
      expect((await manager.request('POST', `${SECRETS}?dryRun=All`, secret)).status).to.equal(403);
  });

  it('are profiles of recordings and the ones that log; of others it changes the metadata', async () => {
    const type = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    const spec = { defaultAction: 'SCMP_ACT_ERRNO' };
    const labels = { [LABEL.recordingId]: 'r', [LABEL.containerId]: 'c' };
    const make = async (metadata: object): Promise<number> =>
      (await manager.request('POST', `${PROFILES}?dryRun=All`, { ...type, metadata, spec })).status;
    expect(await make({ name: 'a' })).to.equal(403);
    expect(await make({ name: 'a', labels })).to.equal(201);
    const [log] = traceProfiles(OPERATOR_NAMESPACE, owner, { enableLogEnricher: true });
    const own = PROFILES.replace('default', OPERATOR_NAMESPACE);
    expect((await manager.request('POST', `${own}?dryRun=All`, log)).status).to.equal(201);
    await create(plane, PROFILES, { ...type, metadata: { name: 'plain' }, spec });
    await create(plane, PROFILES, { ...type, metadata: { name: 'recorded', labels }, spec });
    const change = async (name: string, patch: object): Promise<number> =>
      (await manager.request('PATCH', `${PROFILES}/${name}`, patch, 'application/merge-patch+json')).status;
    expect(await change('plain', { metadata: { finalizers: ['example.com/f'], labels: { mine: 'a' } } })).to.equal(200);
    expect(await change('plain', { spec: { defaultAction: 'SCMP_ACT_ALLOW' } }), 'the spec').to.equal(403);
    expect(await change('plain', { metadata: { labels } }), 'to make it one of a recording').to.equal(403);
    expect(await change('recorded', { spec: { defaultAction: 'SCMP_ACT_LOG' } })).to.equal(200);
    const remove = async (name: string): Promise<number> =>
      (await manager.request('DELETE', `${PROFILES}/${name}?dryRun=All`)).status;
    expect([await remove('plain'), await remove('recorded')], 'deletions').to.deep.equal([403, 200]);
    for (const name of ['plain', 'recorded'])
      await plane.admin.request(
        'PATCH',
        `${PROFILES}/${name}`,
        { metadata: { finalizers: null } },
        'application/merge-patch+json',
      );
  });

  it('are twins of profiles that bindings own; no other profile becomes one', async () => {
    const type = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    const [apiVersion, kind] = ['security-profiles-operator.x-k8s.io/v1alpha1', 'ProfileBinding'];
    const bindings = `/apis/${apiVersion}/namespaces/default/profilebindings`;
    const binding = { apiVersion, kind, metadata: { name: 'b' } };
    const profileRef = { kind: 'SeccompProfile', name: 'authors' };
    await create(plane, bindings, { ...binding, spec: { profileRef, image: 'i' } });
    // An owner that there is: the garbage collector takes away what belongs to nobody.
    const { body } = await plane.admin.request('GET', `${bindings}/b`);
    const { uid } = (body as { readonly metadata: { readonly uid: string } }).metadata;
    const ownerReferences = [{ apiVersion, kind, name: 'b', uid, controller: true }];
    const labels = { [LABEL.trialOf]: 'b' };
    const spec = { defaultAction: 'SCMP_ACT_LOG' };
    const ask = async (method: string, name: string, body?: object, mediaType?: string): Promise<number> =>
      (await manager.request(method, `${PROFILES}${name}`, body, mediaType)).status;
    const make = (metadata: object) =>
      ask('POST', '?dryRun=All', { ...type, metadata: { name: 't', ...metadata }, spec });
    expect(await make({ labels, ownerReferences })).to.equal(201);
    expect(await make({ labels })).to.equal(403);
    expect(await make({ ownerReferences })).to.equal(403);
    await create(plane, PROFILES, { ...type, metadata: { name: 'authors' }, spec });
    await create(plane, PROFILES, { ...type, metadata: { name: 'twin', labels, ownerReferences }, spec });
    const change = (name: string, patch: object) => ask('PATCH', `/${name}`, patch, 'application/merge-patch+json');
    const wide = { spec: { defaultAction: 'SCMP_ACT_ALLOW' } };
    expect(await change('authors', { metadata: { labels, ownerReferences }, ...wide })).to.equal(403);
    expect(await change('authors', { metadata: { labels, ownerReferences } }), 'in two steps').to.equal(403);
    expect(await change('authors', { metadata: { labels: { other: 'x' } } })).to.equal(200);
    expect(await change('twin', { metadata: { labels: { [LABEL.trialOf]: null } } })).to.equal(403);
    expect(await change('twin', wide)).to.equal(200);
    const remove = (name: string) => ask('DELETE', `/${name}?dryRun=All`);
    expect([await remove('authors'), await remove('twin')]).to.deep.equal([403, 200]);
  });

  it('may have long specs', async () => {
    const type = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
    const rule = (value: number) => ({
      names: ['openat'],
      action: 'SCMP_ACT_ALLOW',
      args: [{ index: 0, value, op: 'SCMP_CMP_EQ' }],
    });
    const syscalls = Array.from({ length: 500 }, (_, value) => rule(value));
    await create(plane, PROFILES, {
      ...type,
      metadata: { name: 'long' },
      spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls },
    });
    const patch = { metadata: { labels: { mine: 'a' } } };
    const answer = await manager.request('PATCH', `${PROFILES}/long`, patch, 'application/merge-patch+json');
    expect(answer.status).to.equal(200);
  });

  for (const name of [MANAGER_WORKLOAD_POLICY, ...Object.values(MANAGER_OBJECT_POLICY)]) {
    it(`are judged without a fault that the type checker of Kubernetes finds: ${name}`, async () => {
      let status: unknown;
      const isChecked = async (): Promise<boolean> => {
        const policies = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
        status = valueAt((await plane.admin.request('GET', `${policies}/${name}`)).body, 'status');
        return valueAt(status, 'typeChecking') !== undefined;
      };
      await until(isChecked, 120, () => `it is not checked: ${JSON.stringify(status)}`);
      const warnings = listAt(status, 'typeChecking', 'expressionWarnings');
      expect(warnings.map((warning) => textAt(warning, 'warning'))).to.deep.equal([]);
    });
  }

  it('keep nobody from making workloads where the manager has no Deployment, so that it can be installed again', async () => {
    await plane.kubectl('-n', OPERATOR_NAMESPACE, 'delete', 'deployment', OPERATOR);
    const isNoticed = async (): Promise<boolean> =>
      (await applied({ ...plain(), metadata: { name: 'other' } })).status === 200;
    await until(isNoticed, 120, () => 'the policy goes on without its parameter');
    const workload = webhookDeployment({ ...context, spec: {} }) as unknown as Workload;
    for (const namespace of ['default', OPERATOR_NAMESPACE]) {
      const at = `/apis/apps/v1/namespaces/${namespace}/deployments?dryRun=All`;
      const object = { ...workload, metadata: { name: 'any', namespace } };
      expect((await plane.admin.request('POST', at, object)).status, namespace).to.equal(201);
    }
  });
});

const API = 'rbac.authorization.k8s.io';
const metadata = { name: 'manager-makes-test' };
const ALL = ['get', 'create', 'patch', 'delete'];

const RIGHTS = [
  {
    apiVersion: `${API}/v1`,
    kind: 'ClusterRole',
    metadata,
    rules: [
      { apiGroups: ['apps'], resources: ['daemonsets', 'deployments'], verbs: ALL },
      { apiGroups: [''], resources: ['secrets'], verbs: ALL },
      { apiGroups: ['security-profiles-operator.x-k8s.io'], resources: ['seccompprofiles'], verbs: ALL },
    ],
  },
  {
    apiVersion: `${API}/v1`,
    kind: 'ClusterRoleBinding',
    metadata,
    subjects: [{ kind: 'ServiceAccount', name: OPERATOR, namespace: OPERATOR_NAMESPACE }],
    roleRef: { apiGroup: API, kind: 'ClusterRole', name: metadata.name },
  },
];
