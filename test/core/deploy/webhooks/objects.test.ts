// SPDX-License-Identifier: Apache-2.0
// The objects of the webhooks: golden files for the whole, statements for what must never change by accident.
import { expect } from 'chai';
import type { Manifest } from '../../../../src/core/deploy/manifest.ts';
import { certManagerObjects } from '../../../../src/core/deploy/webhooks/cert-manager.ts';
import { webhookConfigurations } from '../../../../src/core/deploy/webhooks/configurations.ts';
import type { CertificateAuthority } from '../../../../src/core/deploy/webhooks/configurations.ts';
import { webhookDeployment } from '../../../../src/core/deploy/webhooks/deployment.ts';
import { webhookNames, webhookService } from '../../../../src/core/deploy/webhooks/service.ts';
import { staticWebhooks } from '../../../../src/core/deploy/webhooks/static.ts';
import { expectGolden } from '../golden.ts';

const namespace = 'op';
const owner = { apiVersion: 'v1', kind: 'X', name: 'spod', uid: 'u' };
const home = { apiVersion: 'v1', kind: 'Namespace', name: namespace, uid: 'n' };
const deployment = { spec: {}, namespace, image: 'i:v1', imagePullPolicy: 'IfNotPresent', restrictTo: [], owner };
const service = { namespace, owner, servedByOpenShift: false };

function configurations(authority: CertificateAuthority, restrictTo: readonly string[] = []): readonly Manifest[] {
  return webhookConfigurations({ spec: {}, namespace, restrictTo, authority, owner: home });
}

interface Hook {
  readonly name: string;
  readonly clientConfig: { readonly caBundle?: string };
  readonly sideEffects: string;
  readonly timeoutSeconds: number;
  readonly rules: readonly { readonly resources: readonly string[] }[];
  readonly namespaceSelector: { readonly matchExpressions: readonly { readonly values?: readonly string[] }[] };
}

const hooksOf = (manifests: readonly Manifest[]): readonly Hook[] =>
  manifests.flatMap((manifest) => manifest['webhooks'] as readonly Hook[]);

describe('core/deploy/webhooks', () => {
  it('are the golden objects, with our own certificate', () => {
    expectGolden('webhooks', [
      webhookService({ ...service, place: 'deployment' }),
      webhookDeployment(deployment),
      ...configurations({ by: 'operator', bundle: 'BUNDLE' }),
    ]);
  });

  it('are two more for requests with the JSON enricher', () => {
    const authority = { by: 'hand' } as const;
    const all = webhookConfigurations({ spec: { enableJsonEnricher: true }, namespace, restrictTo: [], authority });
    const known = new Set(hooksOf(configurations(authority)).map(({ name }) => name));
    expectGolden(
      'webhooks-requests',
      hooksOf(all).filter(({ name }) => !known.has(name)),
    );
  });

  it('are the golden objects that a user keeps himself', () => {
    expectGolden('webhooks-static', staticWebhooks({ namespace, image: 'i:v1', restrictTo: [] }));
  });

  it('are the golden Service before the manager, and on OpenShift', () => {
    expectGolden('webhook-services', [
      webhookService({ ...service, place: 'manager' }),
      webhookService({ ...service, place: 'deployment', servedByOpenShift: true }),
    ]);
  });

  it('never concern the namespaces of the operator and of the control plane', () => {
    for (const hook of hooksOf(configurations({ by: 'hand' }))) {
      const excluded = hook.namespaceSelector.matchExpressions.flatMap(({ values = [] }) => values);
      expect(excluded, hook.name).to.include.members([namespace, 'kube-system']);
      expect(hook.sideEffects).to.equal('None');
      expect(hook.timeoutSeconds).to.be.at.most(5);
      for (const { resources } of hook.rules) expect(resources.join()).to.not.contain('*');
    }
  });

  it('concern only the namespaces that the operator is restricted to', () => {
    for (const hook of hooksOf(configurations({ by: 'hand' }, ['one', 'two']))) {
      expect(hook.namespaceSelector.matchExpressions).to.deep.include({
        key: 'kubernetes.io/metadata.name',
        operator: 'In',
        values: ['one', 'two'],
      });
    }
  });

  it('are known by a bundle of ours, or leave it to who writes it in', () => {
    const told = (authority: CertificateAuthority) =>
      configurations(authority).map(({ metadata, ...rest }) => [
        metadata.annotations,
        [...new Set(hooksOf([rest as Manifest]).map(({ clientConfig }) => clientConfig.caBundle))],
      ]);
    expect(told({ by: 'operator', bundle: 'B' })).to.deep.equal(Array(2).fill([undefined, [btoa('B')]]));
    const certManager = { 'cert-manager.io/inject-ca-from': 'op/webhook-cert' };
    expect(told({ by: 'cert-manager' })).to.deep.equal(Array(2).fill([certManager, [undefined]]));
    const openShift = { 'service.beta.openshift.io/inject-cabundle': 'true' };
    expect(told({ by: 'openshift' })).to.deep.equal(Array(2).fill([openShift, [undefined]]));
  });

  it('go with the operator: its Namespace owns what is cluster-wide', () => {
    for (const { metadata } of configurations({ by: 'hand' })) {
      expect(metadata.namespace).to.equal(undefined);
      expect(metadata.ownerReferences).to.deep.equal([home]);
    }
  });

  it('have a certificate for each name of the Service', () => {
    const [, certificate] = certManagerObjects(namespace, owner);
    expect(certificate?.['spec']).to.deep.include({ dnsNames: webhookNames(namespace) });
    expect(webhookNames(namespace)[0]).to.equal('webhook-service.op.svc');
  });

  it('lead to a port that the process serves', () => {
    const pod = JSON.stringify(webhookDeployment(deployment));
    const [webhook, metrics] = (webhookService({ ...service, place: 'deployment' })['spec'] as Ports).ports;
    expect(pod).to.contain(`"--port=${String(webhook?.targetPort)}"`);
    expect(pod).to.contain(`{"name":"METRICS_PORT","value":"${String(metrics?.targetPort)}"}`);
  });

  it('say to the process whether others keep the configurations', () => {
    const words = (staticWebhookConfig: boolean): string =>
      JSON.stringify(webhookDeployment({ ...deployment, spec: { staticWebhookConfig } }));
    expect(words(true)).to.contain('"--static"');
    expect(words(false)).to.not.contain('--static');
  });
});

interface Ports {
  readonly ports: readonly { readonly targetPort: number }[];
}
