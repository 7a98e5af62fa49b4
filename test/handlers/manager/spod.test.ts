// SPDX-License-Identifier: Apache-2.0
// The spod object: what is applied for it, and what its status says while the DaemonSet follows.
import { expect } from 'chai';
import { tracePolicy } from '../../../src/core/apparmor/trace.ts';
import { defaultSpod } from '../../../src/core/deploy/spod.ts';
import type { FirstOptions } from '../../../src/core/deploy/spod.ts';
import type { SpodOptions } from '../../../src/core/deploy/spod-options.ts';
import { SILENT } from '../../../src/core/log.ts';
import type { SecurityProfilesOperatorDaemon } from '../../../src/gen/crd/security-profiles-operator-daemon.ts';
import type { SecurityProfileNodeStatus } from '../../../src/gen/crd/security-profile-node-status.ts';
import { SpodHandler } from '../../../src/handlers/manager/spod/spod.ts';
import { Authority } from '../../../src/handlers/manager/spod/authority.ts';
import { ServerCertificate } from '../../../src/handlers/manager/spod/server-certificate.ts';
import { Webhooks } from '../../../src/handlers/manager/spod/webhooks.ts';
import type { DeploymentObject, SecretObject } from '../../../src/handlers/sources/deployment.ts';
import type { ConfigurationObject } from '../../../src/handlers/sources/webhooks.ts';
import type { ClusterNode, DaemonSetObject } from '../../../src/handlers/sources/nodes.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { asSeen } from '../../../src/runtime/precondition.ts';
import { CLEAR_MAKER } from '../../fakes/certificates.ts';
import { Shelf } from '../../fakes/profiles.ts';

const namespace = 'op';
class Cluster {
  readonly daemonSets = new Shelf<DaemonSetObject>();
  readonly deployments = new Shelf<DeploymentObject>();
  readonly nodes = new Shelf<ClusterNode>();
  readonly reports = new Shelf<SecurityProfileNodeStatus>();
  readonly authority = new Shelf<SecretObject>();
  readonly server = new Shelf<SecretObject>();
  readonly own = new Shelf<SecretObject>();
  readonly crds = new Shelf();
  readonly spods = new Shelf<SecurityProfilesOperatorDaemon>();
  readonly webhookDeployments = new Shelf<DeploymentObject>();
  readonly webhookSecrets = new Shelf<SecretObject>();
  readonly namespaces = new Shelf();
  readonly configurations = new Shelf<ConfigurationObject>();
  readonly certManagerCrds = new Shelf();
  readonly serviceCaCrds = new Shelf();
  readonly told: string[] = [];
  time = 1_700_000_000_000;
  forbidden: string | undefined;
  firstOptions: FirstOptions = {};
  spodOptions: SpodOptions = {};
  handler = this.newHandler();

  private newHandler(): SpodHandler {
    return new SpodHandler({
      namespace,
      kubeletDir: '/var/lib/kubelet',
      restrictTo: [],
      image: 'outside:v1',
      firstOptions: this.firstOptions,
      spodOptions: this.spodOptions,
      authority: new Authority(CLEAR_MAKER),
      certificates: {
        daemons: new ServerCertificate(CLEAR_MAKER, ['metrics.op.svc']),
        manager: new ServerCertificate(CLEAR_MAKER, ['manager-metrics.op.svc'], (pair) =>
          this.told.push(pair.certificate),
        ),
      },
      webhooks: this.newWebhooks(),
      watches: [],
      daemonSets: this.daemonSets,
      deployments: this.deployments,
      nodes: this.nodes,
      spods: this.spods,
      nodeStatuses: this.reports,
      secrets: { authority: this.authority, daemons: this.server, manager: this.own },
      monitorCrds: this.crds,
      log: SILENT,
      forbidden: () => this.forbidden,
      standAside: (rival) => void this.told.push(`stands aside for ${rival}`),
      now: () => this.time,
    });
  }

  private shelfOf(secret: string): Shelf<SecretObject> {
    if (secret === 'webhook-server-cert') return this.webhookSecrets;
    if (secret === 'manager-metrics-cert') return this.own;
    return secret === 'metrics-server-cert' ? this.server : this.authority;
  }

  private newWebhooks(): Webhooks {
    return new Webhooks({
      namespace,
      restrictTo: [],
      certificates: CLEAR_MAKER,
      servesHere: () => false,
      deployments: { manager: this.deployments, webhook: this.webhookDeployments },
      secret: this.webhookSecrets,
      namespaces: this.namespaces,
      configurations: this.configurations,
      certManagerCrds: this.certManagerCrds,
      serviceCaCrds: this.serviceCaCrds,
    });
  }

  /** Another manager takes over, which knows only what the cluster says. */
  begin(): void {
    this.handler = this.newHandler();
  }

  async desired(spod = object()): Promise<readonly KubeObject[]> {
    return (await this.handler.apply(spod)).desired ?? [];
  }

  /** The cluster takes what is desired, and the DaemonSet's controller has rolled it out. */
  async settle(spod = object()): Promise<void> {
    for (const wanted of await this.desired(spod)) {
      const stored = { ...wanted, metadata: { ...wanted.metadata, uid: 'u', generation: 1 } };
      if (wanted.kind === 'DaemonSet') {
        const status = { observedGeneration: 1, desiredNumberScheduled: 1, updatedNumberScheduled: 1, numberReady: 1 };
        this.daemonSets.set({ ...stored, status });
      }
      if (wanted.kind === 'Deployment') this.webhookDeployments.set({ ...stored, status: { readyReplicas: 2 } });
      if (wanted.kind === 'MutatingWebhookConfiguration') this.configurations.set(stored);
      if (wanted.kind === 'Secret') this.shelfOf(wanted.metadata.name).set(stored);
    }
  }
}

function object(spec: SecurityProfilesOperatorDaemon['spec'] = {}, more: object = {}): SecurityProfilesOperatorDaemon {
  const spod = defaultSpod(namespace);
  return { ...spod, metadata: { ...spod.metadata, uid: 's', generation: 3 }, spec: { ...spod.spec, ...spec }, ...more };
}

const text = (value: unknown): string => JSON.stringify(value);
const named = (objects: readonly KubeObject[]): readonly string[] =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);

describe('handlers/manager/spod', () => {
  let cluster: Cluster;
  beforeEach(() => (cluster = new Cluster()));

  it('applies the DaemonSet when all that it mounts is there, and the webhooks after it', async () => {
    expect(named(await cluster.desired())).to.deep.equal([
      'Secret/security-profiles-operator-ca',
      'Secret/metrics-server-cert',
      'Secret/manager-metrics-cert',
      'ConfigMap/security-profiles-operator-profile',
      'Service/metrics',
      'Service/manager-metrics',
      'DaemonSet/spod',
      'Secret/webhook-server-cert',
      'Service/webhook-service',
      'Deployment/security-profiles-operator-webhook',
    ]);
  });

  it('has everything owned by the spod, so that it goes with it', async () => {
    for (const { metadata } of await cluster.desired()) {
      expect(
        metadata.ownerReferences?.map((owner) => owner.uid),
        metadata.name,
      ).to.deep.equal(['s']);
      expect(metadata.namespace).to.equal(namespace);
    }
  });

  it('makes the profile that logs everything while the log enricher is on, and takes it away afterwards', async () => {
    const on = await cluster.handler.apply(object({ enableLogEnricher: true }));
    const profile = on.desired?.find(({ kind }) => kind === 'SeccompProfile');
    expect(profile).to.deep.include({ spec: { defaultAction: 'SCMP_ACT_LOG' } });
    expect(profile?.metadata).to.include({ name: 'log-enricher-trace', namespace });
    const gone = (refs: readonly { readonly kind: string; readonly name: string }[] = []) =>
      refs.filter(({ kind }) => kind === 'SeccompProfile').map(({ name }) => name);
    expect(gone(on.toDelete)).to.deep.equal([]);
    const off = await cluster.handler.apply(object());
    expect(text(named(off.desired ?? []))).to.not.contain('SeccompProfile');
    expect(gone(off.toDelete)).to.deep.equal(['log-enricher-trace']);
  });

  it('is in ERROR without the rights that it had, says so once, and makes nothing meanwhile', async () => {
    await cluster.settle();
    cluster.forbidden = 'nodes, pods';
    const lost = await cluster.handler.apply(object());
    expect(lost.desired).to.equal(undefined);
    expect(lost.status).to.include({ state: 'ERROR' });
    expect(lost.events?.[0]).to.include({ type: 'Warning', reason: 'PermissionsLost' });
    expect(lost.events?.[0]?.message).to.contain('nodes, pods');
    const again = await cluster.handler.apply(object({}, { status: lost.status }));
    expect(again.events).to.deep.equal([]);
    cluster.forbidden = undefined;
    expect((await cluster.handler.apply(object({}, { status: lost.status }))).status?.state).to.not.equal('ERROR');
  });

  it('lists the nodes without AppArmor while AppArmor profiles are on', async () => {
    const report = (nodeName: string, status: 'True' | 'False'): SecurityProfileNodeStatus => ({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name: nodeName, namespace },
      nodeName,
      status: {
        conditions: [{ type: 'AppArmorSupported', status, reason: 'x', message: 'x', lastTransitionTime: 'x' }],
      },
    });
    for (const one of [report('n2', 'False'), report('n1', 'False'), report('n3', 'True')]) cluster.reports.set(one);
    const on = await cluster.handler.apply(object({ enableAppArmor: true }));
    expect(on.status).to.have.deep.property('nodesWithoutAppArmor', ['n1', 'n2']);
    expect((await cluster.handler.apply(object())).status).to.not.have.property('nodesWithoutAppArmor');
  });

  it('makes that for AppArmor, too, where nodes have AppArmor profiles', async () => {
    const kinds = (objects: readonly { readonly kind: string }[] = []) =>
      objects.map(({ kind }) => kind).filter((kind) => kind.endsWith('Profile'));
    const both = await cluster.handler.apply(object({ enableLogEnricher: true, enableAppArmor: true }));
    const profile = both.desired?.find(({ kind }) => kind === 'AppArmorProfile');
    const policy = tracePolicy('log-enricher-trace');
    expect(profile).to.deep.include({ spec: { complainMode: true, policy } });
    expect(profile?.metadata).to.include({ name: 'log-enricher-trace', namespace });
    expect(kinds(both.toDelete)).to.deep.equal([]);
    const one = await cluster.handler.apply(object({ enableLogEnricher: true }));
    expect([kinds(one.desired), kinds(one.toDelete)]).to.deep.equal([['SeccompProfile'], ['AppArmorProfile']]);
  });

  it('makes the first spod with log enricher and eBPF recorder where the Deployment of the manager asks for them', async () => {
    cluster.firstOptions = { enableLogEnricher: true, enableBpfRecorder: true };
    cluster.begin();
    const [first] = (await cluster.handler.gone()).desired ?? [];
    expect(first).to.deep.include({ spec: { verbosity: 0, enableLogEnricher: true, enableBpfRecorder: true } });
  });

  it('gives the spod the options of its installation, at first and when they have changed, and rolls out what has them', async () => {
    cluster.spodOptions = { enableAppArmor: true };
    cluster.begin();
    const [first] = (await cluster.handler.gone()).desired ?? [];
    expect(first).to.deep.include({ spec: { verbosity: 0, enableAppArmor: true } });
    const annotations = first?.metadata.annotations ?? {};
    const given = { ...object({ enableAppArmor: true }), metadata: { ...object().metadata, annotations } };
    expect(named((await cluster.handler.apply(given)).desired ?? [])).to.include('DaemonSet/spod');
    cluster.spodOptions = { enableSelinux: true };
    cluster.begin();
    const changed = (await cluster.handler.apply(given)).desired ?? [];
    expect(named(changed)).to.deep.equal(['SecurityProfilesOperatorDaemon/spod']);
    expect(changed[0]).to.deep.include({ spec: { enableSelinux: true } });
  });

  it('makes a ServiceMonitor only where the cluster knows the kind', async () => {
    const crd = { apiVersion: 'x', kind: 'CustomResourceDefinition', metadata: { name: 'servicemonitors' } };
    cluster.crds.set(crd);
    expect(named(await cluster.desired())).to.include('ServiceMonitor/security-profiles-operator-monitor');
    cluster.crds.set({ ...crd, metadata: { ...crd.metadata, deletionTimestamp: '2026-01-01T00:00:00Z' } });
    expect(text(named(await cluster.desired())), 'not while the kind is being deleted').to.not.contain(
      'ServiceMonitor',
    );
  });

  it('tells of the certificate of the metrics once, also when another manager begins', async () => {
    await cluster.settle();
    await cluster.settle();
    expect(cluster.told).to.have.length(1);
    cluster.begin();
    await cluster.settle();
    expect(new Set(cluster.told).size).to.equal(1);
  });

  it("gives the daemon the manager's own image", async () => {
    expect(text(await cluster.desired())).to.contain('outside:v1');
    const containers = [{ name: 'security-profiles-operator', image: 'ours:v2', imagePullPolicy: 'Always' }];
    cluster.deployments.set({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'security-profiles-operator', namespace },
      spec: { template: { spec: { containers } } },
    });
    expect(text(await cluster.desired())).to.contain('"image":"ours:v2","imagePullPolicy":"Always"');
  });

  it('shows the init container the whole host only when a node has its own kubelet directory', async () => {
    const labels = { 'kubelet.kubernetes.io/directory-location': 'mnt-kubelet' };
    expect(text(await cluster.desired())).to.not.contain('host-root-volume');
    cluster.nodes.set({ apiVersion: 'v1', kind: 'Node', metadata: { name: 'n', labels } });
    await cluster.desired();
    cluster.time += 15_000;
    expect(text(await cluster.desired()))
      .to.contain('host-root-volume')
      .and.to.contain('KUBELET_DIR_FROM_NODE');
  });

  describe('with nodes that have kubelet directories of their own', () => {
    const templateOf = (manifest: KubeObject | undefined): string =>
      /"spec":\{"selector".*/.exec(text(manifest))?.[0] ?? expect.fail('no template');
    const look = async (): Promise<string> =>
      templateOf((await cluster.desired()).find(({ kind }) => kind === 'DaemonSet'));
    const node = (name: string, directory?: string): void => {
      const labels = directory === undefined ? {} : { 'kubelet.kubernetes.io/directory-location': directory };
      cluster.nodes.set({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels } });
    };

    it('rolls out when a node gets, loses or changes such a label, which the init container reads once', async () => {
      node('n1');
      node('n2');
      const seen = [await look()];
      for (const [name, directory] of [
        ['n1', 'mnt-a'],
        ['n2', 'mnt-a'],
        ['n2', 'mnt-b'],
        ['n2', undefined],
      ] as const) {
        node(name, directory);
        expect(await look(), 'not before the label has settled').to.equal(seen.at(-1));
        cluster.time += 3_600_000;
        seen.push(await look());
      }
      expect(seen.every((template, index) => template !== seen[index - 1])).to.equal(true);
    });

    it('does not when nodes come with their labels or go, nor in a cluster without labels', async () => {
      const without = await look();
      node('n1');
      expect(await look()).to.equal(without);
      node('n2', 'mnt-a');
      await look();
      cluster.time += 15_000;
      const first = await look();
      node('n3', 'mnt-b');
      expect(await look()).to.equal(first);
      cluster.nodes.take('n2', undefined);
      expect(await look()).to.equal(first);
    });

    it('says which nodes have which directory, and whose label is none, by an event as well', async () => {
      const answer = async (status?: SecurityProfilesOperatorDaemon['status']) =>
        cluster.handler.apply(object({}, status === undefined ? {} : { status }));
      const condition = (status: SecurityProfilesOperatorDaemon['status']) =>
        status?.conditions?.find(({ type }) => type === 'KubeletDirectoriesInEffect');
      expect(condition((await answer()).status)).to.equal(undefined);
      cluster.begin();
      node('n1', 'mnt-a');
      const good = await answer();
      expect(condition(good.status)).to.include({ status: 'True', message: 'by their labels: n1 (/mnt/a)' });
      node('n1', 'mnt-..-etc');
      const bad = await answer(good.status);
      expect(condition(bad.status)).to.include({ status: 'False', reason: 'InvalidKubeletDirectory' });
      expect(bad.events?.map(({ reason }) => reason)).to.deep.equal(['InvalidKubeletDirectory']);
      expect((await answer(bad.status)).events, 'once').to.deep.equal([]);
      node('n1');
      cluster.time += 3_600_000;
      expect(condition((await answer(bad.status)).status)).to.equal(undefined);
    });

    it('does not when another manager begins', async () => {
      node('n1', 'mnt-a');
      const first = await look();
      node('n2', 'mnt-a');
      await cluster.settle();
      cluster.begin();
      expect(await look()).to.equal(first);
    });
  });

  it('goes from PENDING to RUNNING, and never says so of another configuration', async () => {
    const state = async (spod: SecurityProfilesOperatorDaemon): Promise<string | undefined> =>
      (await cluster.handler.apply(spod)).status?.state;
    expect(await state(object())).to.equal('PENDING');
    await cluster.settle();
    expect(await state(object()), 'no webhook is configured').to.equal('CREATING');
    await cluster.settle();
    expect(await state(object()), 'API servers may not know it yet').to.equal('CREATING');
    cluster.time += 1000;
    expect(await state(object())).to.equal('RUNNING');
    const running = { status: { state: 'RUNNING' } };
    expect(await state(object({ verbosity: 1 }, running)), 'changed, but not applied yet').to.equal('UPDATING');
    await cluster.settle(object({ verbosity: 1 }));
    expect(await state(object({ verbosity: 1 }, { status: { state: 'UPDATING' } }))).to.equal('RUNNING');
  });

  it('has a condition for kubectl wait, and one for options that have no effect', async () => {
    await cluster.settle();
    const waiting = (await cluster.handler.apply(object())).status?.conditions?.[0];
    expect(waiting?.message).to.equal('the daemon is ready on 1 of 1 nodes; the webhooks have not been configured yet');
    await cluster.settle();
    cluster.begin();
    const { status } = await cluster.handler.apply(object());
    expect(status?.observedGeneration).to.equal(3);
    expect(status?.conditions?.map(({ type, status: truth }) => `${type}=${truth}`)).to.deep.equal([
      'Ready=True',
      'OptionsInEffect=True',
    ]);
    const asked = object({ logEnricherFilters: '[{}]' }, { status });
    const answer = await cluster.handler.apply(asked);
    expect(answer.status?.conditions?.[1]).to.include({ status: 'False', reason: 'OptionIgnored' });
    expect(answer.events).to.have.length(1);
    const again = await cluster.handler.apply({ ...asked, status: answer.status! });
    expect(again.events).to.deep.equal([]);
  });

  it('is in ERROR, in the words of the API server, when that refuses what the spod asks for', () => {
    const why = new Error('PATCH daemonsets/spod: 422 spec.template.spec.tolerations[0].operator: Unsupported value');
    const { status, events } = cluster.handler.refused(object(), why);
    expect(status).to.include({ state: 'ERROR' });
    expect(status?.conditions?.[0]).to.include({ type: 'Ready', status: 'False', message: why.message });
    expect(events?.[0]).to.include({ reason: 'CannotCreateSPOD', type: 'Warning' });
    expect(cluster.handler.refused(object({}, { status: status! }), why).events).to.deep.equal([]);
  });

  it('makes the default spod until it sees one, and leaves its deletion to the user', async () => {
    expect((await cluster.handler.gone()).desired).to.deep.equal([asSeen(defaultSpod(namespace), undefined)]);
    expect((await cluster.handler.gone()).desired, 'the first try may have failed').to.have.length(1);
    await cluster.handler.apply(object());
    expect((await cluster.handler.gone()).desired).to.equal(undefined);
    for (const end of [await cluster.handler.gone(), await cluster.handler.cleanup(object())])
      expect(
        end.toDelete?.map(({ kind }) => kind),
        'they would block pods',
      ).to.have.length(2);
    expect((await cluster.handler.cleanup(object({ staticWebhookConfig: true }))).toDelete).to.deep.equal([]);
  });
});
