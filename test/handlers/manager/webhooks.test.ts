// SPDX-License-Identifier: Apache-2.0
// The webhooks of a spod: by whose certificate they are known, where they run, when they are configured, and that no
// configuration outlives what answers.
import { expect } from 'chai';
import { defaultSpod } from '../../../src/core/deploy/spod.ts';
import type {
  SecurityProfilesOperatorDaemon,
  SecurityProfilesOperatorDaemonSpec,
} from '../../../src/gen/crd/security-profiles-operator-daemon.ts';
import { Authority } from '../../../src/handlers/manager/spod/authority.ts';
import { Webhooks } from '../../../src/handlers/manager/spod/webhooks.ts';
import type { WebhookObjects } from '../../../src/handlers/manager/spod/webhooks.ts';
import type { DeploymentObject, SecretObject } from '../../../src/handlers/sources/deployment.ts';
import type { ConfigurationObject } from '../../../src/handlers/sources/webhooks.ts';
import type { KubeObject } from '../../../src/runtime/object.ts';
import { CLEAR_MAKER } from '../../fakes/certificates.ts';
import { Shelf } from '../../fakes/profiles.ts';

const namespace = 'op';
const now = 1_700_000_000_000;
const owner = { apiVersion: 'v1', kind: 'X', name: 'spod', uid: 's' };
const image = { image: 'i:v1', imagePullPolicy: 'Always' };
const CONFIGURATIONS = [
  'MutatingWebhookConfiguration/spo-mutating-webhook-configuration',
  'ValidatingWebhookConfiguration/spo-validating-webhook-configuration',
];

class Cluster {
  readonly managers = new Shelf<DeploymentObject>();
  readonly deployments = new Shelf<DeploymentObject>();
  readonly secrets = new Shelf<SecretObject>();
  readonly namespaces = new Shelf();
  readonly configurations = new Shelf<ConfigurationObject>();
  readonly certManagerCrds = new Shelf();
  readonly serviceCaCrds = new Shelf();
  readonly authority = new Authority(CLEAR_MAKER);
  /** The manager's process answers reviews. */
  servesHere = false;
  readonly webhooks = new Webhooks({
    namespace,
    restrictTo: [],
    certificates: CLEAR_MAKER,
    servesHere: () => this.servesHere,
    deployments: { manager: this.managers, webhook: this.deployments },
    secret: this.secrets,
    namespaces: this.namespaces,
    configurations: this.configurations,
    certManagerCrds: this.certManagerCrds,
    serviceCaCrds: this.serviceCaCrds,
  });

  /** The webhook's pods are ready, or some of them. */
  run(readyReplicas = 2): void {
    this.deployments.set({ ...object('Deployment', 'security-profiles-operator-webhook'), status: { readyReplicas } });
  }

  /** The API server has the configurations. */
  configure(caBundle = 'Yg=='): void {
    const metadata = { name: 'spo-mutating-webhook-configuration', uid: 'u' };
    const webhooks = [{ clientConfig: { caBundle } }];
    this.configurations.set({ apiVersion: 'v1', kind: 'MutatingWebhookConfiguration', metadata, webhooks });
  }

  async desired(spec: SecurityProfilesOperatorDaemonSpec = {}, at = now): Promise<WebhookObjects> {
    const signing = await this.authority.desired(undefined, at);
    return this.webhooks.desired(spod(spec), owner, image, signing, at);
  }

  async kinds(spec: SecurityProfilesOperatorDaemonSpec = {}): Promise<readonly string[]> {
    return named((await this.desired(spec)).desired);
  }
}

function spod(spec: SecurityProfilesOperatorDaemonSpec): SecurityProfilesOperatorDaemon {
  return { ...defaultSpod(namespace), spec };
}

function object(kind: string, name: string, more: object = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, namespace, uid: 'u', ...more } };
}

/** An object of the cluster, without a namespace. */
function clusterObject(kind: string, name: string, more: object = {}): KubeObject {
  return { apiVersion: 'v1', kind, metadata: { name, uid: 'u', ...more } };
}

const named = (objects: readonly KubeObject[]): readonly string[] =>
  objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
const deleted = ({ toDelete }: WebhookObjects): readonly string[] =>
  toDelete.map(({ kind, name }) => `${kind}/${name}`);
const gone = { deletionTimestamp: '2026-01-01T00:00:00Z' };

describe('handlers/manager/spod/webhooks', () => {
  let cluster: Cluster;
  beforeEach(() => {
    cluster = new Cluster();
    cluster.namespaces.set(clusterObject('Namespace', namespace));
  });

  it('are configured when something answers, and stay so while it does not for a time', async () => {
    expect(await cluster.kinds()).to.deep.equal([
      'Secret/webhook-server-cert',
      'Service/webhook-service',
      'Deployment/security-profiles-operator-webhook',
    ]);
    cluster.run(0);
    expect(await cluster.kinds()).to.not.include(CONFIGURATIONS[0]);
    cluster.run(1);
    expect((await cluster.kinds()).slice(-2)).to.deep.equal(CONFIGURATIONS);
    cluster.configure();
    cluster.run(0);
    expect((await cluster.kinds()).slice(-2)).to.deep.equal(CONFIGURATIONS);
  });

  it('say how far they are, until API servers know the configurations', async () => {
    expect((await cluster.desired()).missing).to.equal('the webhooks are not ready');
    cluster.run();
    expect((await cluster.desired()).missing).to.equal('the webhooks have not been configured yet');
    cluster.configure();
    const { missing, lookAgainMs } = await cluster.desired();
    expect(missing).to.equal('the webhooks have just been configured');
    expect((await cluster.desired({}, now + lookAgainMs)).missing).to.equal(undefined);
    cluster.run(0);
    expect((await cluster.desired({}, now + lookAgainMs)).missing).to.equal('the webhooks are not ready');
  });

  it('miss nothing when another manager begins, nor where others keep the configurations', async () => {
    cluster.run();
    expect((await cluster.desired({ staticWebhookConfig: true })).missing).to.equal(undefined);
    const next = new Cluster();
    next.run();
    next.configure();
    expect((await next.desired()).missing).to.equal(undefined);
  });

  it("run the manager's own image, and are known by the bundle of our authority", async () => {
    cluster.run();
    const text = JSON.stringify((await cluster.desired()).desired);
    expect(text).to.contain('"image":"i:v1","imagePullPolicy":"Always"');
    const { bundle } = await cluster.authority.desired(undefined, now);
    expect(text).to.contain(`"caBundle":"${btoa(bundle)}"`);
    expect(text).to.contain('{"apiVersion":"v1","kind":"Namespace","name":"op","uid":"u"}');
  });

  it('follow the options and fall back to the defaults without', async () => {
    cluster.run();
    const policies = async (spec: SecurityProfilesOperatorDaemonSpec): Promise<readonly string[]> =>
      JSON.stringify((await cluster.desired(spec)).desired).match(/(?<="failurePolicy":")\w+/g) ?? [];
    expect(await policies({})).to.deep.equal(['Fail', 'Fail', 'Fail']);
    const webhookOptions = [{ name: 'binding.spo.io', failurePolicy: 'Ignore' }] as const;
    expect(await policies({ webhookOptions })).to.deep.equal(['Fail', 'Ignore', 'Ignore']);
    expect(await policies({ webhookOptions: [] })).to.deep.equal(['Fail', 'Fail', 'Fail']);
  });

  it('leave the configurations alone where others keep them, also when the manager goes', async () => {
    cluster.run();
    const spec = { staticWebhookConfig: true };
    expect(await cluster.kinds(spec)).to.not.include.members(CONFIGURATIONS);
    cluster.managers.set(object('Deployment', 'security-profiles-operator', gone));
    expect(cluster.webhooks.removed(spod(spec))).to.deep.equal([]);
  });

  it('remove those of others, too, with the namespace of the Service that they name: they would block pods', () => {
    cluster.namespaces.set(clusterObject('Namespace', namespace, gone));
    expect(cluster.webhooks.removed(spod({ staticWebhookConfig: true }))).to.have.length(2);
  });

  it('have their certificate from cert-manager where its CRDs are, until they go', async () => {
    cluster.run();
    const crd = clusterObject('CustomResourceDefinition', 'certificates.cert-manager.io');
    cluster.certManagerCrds.set(crd);
    expect((await cluster.kinds()).slice(0, 2)).to.deep.equal(['Issuer/selfsigned-issuer', 'Certificate/webhook-cert']);
    const text = JSON.stringify((await cluster.desired()).desired);
    expect(text).to.contain('"cert-manager.io/inject-ca-from":"op/webhook-cert"').and.not.contain('caBundle');
    cluster.certManagerCrds.set({ ...crd, metadata: { ...crd.metadata, ...gone } });
    expect((await cluster.kinds())[0]).to.equal('Secret/webhook-server-cert');
  });

  it('let pods pass until cert-manager has written its authority into the configurations', async () => {
    cluster.run();
    cluster.certManagerCrds.set(clusterObject('CustomResourceDefinition', 'certificates.cert-manager.io'));
    const policies = async (): Promise<readonly string[]> =>
      JSON.stringify((await cluster.desired()).desired).match(/(?<="failurePolicy":")\w+/g) ?? [];
    expect(await policies()).to.deep.equal(['Ignore', 'Ignore', 'Ignore']);
    cluster.configure('');
    expect(await policies()).to.deep.equal(['Ignore', 'Ignore', 'Ignore']);
    expect((await cluster.desired()).missing).to.equal('the webhooks have not been configured yet');
    cluster.configure();
    expect(await policies()).to.deep.equal(['Fail', 'Fail', 'Fail']);
    expect((await cluster.desired()).missing).to.equal('the webhooks have just been configured');
  });

  it('have it from the service CA on OpenShift, though cert-manager may be there as well', async () => {
    cluster.run();
    cluster.certManagerCrds.set(clusterObject('CustomResourceDefinition', 'certificates.cert-manager.io'));
    cluster.serviceCaCrds.set(clusterObject('CustomResourceDefinition', 'servicecas.operator.openshift.io'));
    expect((await cluster.kinds())[0]).to.equal('Service/webhook-service');
    const text = JSON.stringify((await cluster.desired()).desired);
    expect(text)
      .to.contain('"service.beta.openshift.io/serving-cert-secret-name":"webhook-server-cert"')
      .and.contain('"service.beta.openshift.io/inject-cabundle":"true"')
      .and.not.contain('caBundle":');
  });

  it("run in the manager's process where the spod says so, and take the Deployment away", async () => {
    const spec = { runWebhookInManager: true };
    expect(await cluster.kinds(spec), 'not before it answers').to.deep.equal([
      'Secret/webhook-server-cert',
      'Service/webhook-service',
    ]);
    expect((await cluster.desired(spec)).missing).to.equal('the webhooks are not ready');
    cluster.servesHere = true;
    expect(await cluster.kinds(spec)).to.deep.equal([
      'Secret/webhook-server-cert',
      'Service/webhook-service',
      ...CONFIGURATIONS,
    ]);
    const hooks = await cluster.desired(spec);
    expect(deleted(hooks)).to.deep.equal(['Deployment/security-profiles-operator-webhook']);
    expect(JSON.stringify(hooks.desired)).to.contain('"targetPort":9444');
  });

  it('move when they answer in the new place, and are called in the old one until then', async () => {
    const manager = { runWebhookInManager: true };
    const target = async (spec: SecurityProfilesOperatorDaemonSpec): Promise<string | undefined> =>
      /"port":443,"protocol":"TCP","targetPort":(\d+)/.exec(JSON.stringify((await cluster.desired(spec)).desired))?.[1];
    cluster.run();
    const before = await target({});
    expect(await target(manager)).to.equal(before);
    expect(await cluster.kinds(manager)).to.include('Deployment/security-profiles-operator-webhook');
    expect(deleted(await cluster.desired(manager))).to.deep.equal([]);
    cluster.servesHere = true;
    expect(await target(manager)).to.equal('9444');
    expect(deleted(await cluster.desired(manager))).to.have.length(1);
    cluster.deployments.take('security-profiles-operator-webhook', namespace);
    expect(await target({}), 'and back').to.equal('9444');
    expect(await cluster.kinds()).to.include('Deployment/security-profiles-operator-webhook');
    cluster.run();
    expect(await target({})).to.equal(before);
  });

  it('are no longer called when the operator goes, by whatever end it is taken', async () => {
    cluster.run();
    const leaves = (): void => {
      expect(cluster.webhooks.isLeaving()).to.equal(true);
      expect(cluster.webhooks.removed(spod({})).map(({ kind, name }) => `${kind}/${name}`)).to.deep.equal(
        CONFIGURATIONS,
      );
    };
    const deployment = object('Deployment', 'security-profiles-operator');
    cluster.managers.set(deployment);
    expect(cluster.webhooks.isLeaving()).to.equal(false);
    cluster.managers.set({ ...deployment, metadata: { ...deployment.metadata, ...gone } });
    leaves();
    cluster.managers.take('security-profiles-operator', namespace);
    leaves();
    cluster.managers.set(deployment);
    expect(cluster.webhooks.isLeaving()).to.equal(false);
    cluster.namespaces.set(clusterObject('Namespace', namespace, gone));
    leaves();
    expect(cluster.webhooks.removed(undefined).map(({ kind }) => kind)).to.have.length(2);
  });

  it('are called though the manager runs outside of the cluster, and has no Deployment', async () => {
    cluster.run();
    expect(cluster.webhooks.isLeaving()).to.equal(false);
    expect(await cluster.kinds()).to.include.members(CONFIGURATIONS);
  });
});
