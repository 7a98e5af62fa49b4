// SPDX-License-Identifier: Apache-2.0
// The recording webhook as a real API server calls it, beside the binding webhook: in both orders, called again where
// the other has changed a pod, and in dry runs.
import { expect } from 'chai';
import { ANNOTATION, LABEL, OBJECT, PROFILE_GATE } from '../../src/core/names.ts';
import type { Answer } from '../../tools/lab/api-client.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt, textAt, valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster, profilesPath } from '../../tools/lab/operator.ts';
import { sharedPlane } from './shared-plane.ts';
import { configurationsByUrl, newAuthority, WebhookProcess } from './webhook-process.ts';

const NAMESPACE = 'webhook-recorded';
const FREE = 'webhook-unrecorded';
const MERGE = 'application/merge-patch+json';
const GROUP = 'security-profiles-operator.x-k8s.io';
const CONFIGURATIONS = [
  `mutatingwebhookconfigurations/${OBJECT.mutatingWebhooks}`,
  `validatingwebhookconfigurations/${OBJECT.validatingWebhooks}`,
].map((part) => `/apis/admissionregistration.k8s.io/v1/${part}`);
const TRACE = `operator/${OPERATOR_NAMESPACE}/log-enricher-trace.json`;

const containers = [
  { name: 'web', image: 'nginx:1.27' },
  { name: 'side', image: 'busybox' },
];

describe('the recording webhook on a real API server', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let webhook: WebhookProcess;
  let bundle: string;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    const labels = { [LABEL.enableBinding]: '', [LABEL.enableRecording]: '' };
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE, labels } });
    await create(plane, '/api/v1/namespaces', { metadata: { name: FREE } });
    webhook = await WebhookProcess.prepare(plane);
    await webhook.apply([recording('by-bpf', 'bpf', 'bpf'), recording('by-logs', 'logs', 'logs', ['web']), binding()]);
    const authority = await newAuthority();
    bundle = authority.certificate;
    await webhook.show(authority);
    await webhook.start();
    await configure('as deployed');
    const isCalled = async (): Promise<boolean> => requestOf((await createPod('bpf')).body, 'Bpf', 'web') !== undefined;
    await until(isCalled, 120, () => 'pods are not marked');
  });

  after(async () => {
    for (const configuration of CONFIGURATIONS) await plane.admin.request('DELETE', configuration);
    await plane.admin.request('DELETE', `${profilesPath(OPERATOR_NAMESPACE)}/${OBJECT.traceProfile}`);
    webhook.stop();
  });

  async function configure(order: 'as deployed' | 'reversed'): Promise<void> {
    const input = { spec: {}, namespace: OPERATOR_NAMESPACE, restrictTo: [] };
    const manifests = configurationsByUrl(input, webhook.port, bundle);
    await webhook.apply(
      manifests.map((manifest) =>
        order === 'reversed' ? { ...manifest, webhooks: [...manifest.webhooks].reverse() } : manifest,
      ),
    );
  }

  function createPod(app: string, more: object = {}, namespace = NAMESPACE, query = '?dryRun=All'): Promise<Answer> {
    const pod = { metadata: { generateName: 'pod-', labels: { app }, ...more }, spec: { containers } };
    return plane.admin.request('POST', `/api/v1/namespaces/${namespace}/pods${query}`, pod);
  }

  const annotation = (body: unknown, name: string): string | undefined => textAt(body, 'metadata', 'annotations', name);
  const requestOf = (body: unknown, by: 'Bpf' | 'Logs', container: string): string | undefined =>
    annotation(body, `${by === 'Bpf' ? ANNOTATION.recordBpfPrefix : ANNOTATION.recordLogsPrefix}${container}`);
  const profileOf = (body: unknown, at: number): string | undefined =>
    textAt(listAt(body, 'spec', 'containers')[at], 'securityContext', 'seccompProfile', 'localhostProfile');

  it('marks the containers of a pod for eBPF, with one nonce, and changes nothing else of them', async () => {
    const { status, body } = await createPod('bpf', {}, NAMESPACE, '');
    expect(status, JSON.stringify(body)).to.equal(201);
    expect(requestOf(body, 'Bpf', 'web')).to.match(/^by-bpf_web_[a-z0-9]{5}_\d{10}$/);
    const nonces = ['web', 'side'].map((container) => requestOf(body, 'Bpf', container)?.split('_')[2]);
    expect(nonces[0]).to.equal(nonces[1]);
    expect(listAt(body, 'spec', 'schedulingGates'), 'bound by the binding').to.deep.equal([{ name: PROFILE_GATE }]);
    expect(profileOf(body, 0)).to.equal(`operator/${NAMESPACE}/web.json`);
    expect(profileOf(body, 1)).to.equal(undefined);
  });

  it('leaves pods without the labels alone, and those of other namespaces', async () => {
    for (const { body } of [await createPod('other'), await createPod('bpf', {}, FREE)])
      expect(requestOf(body, 'Bpf', 'web')).to.equal(undefined);
  });

  it('replaces marks that came with the pod', async () => {
    const annotations = {
      [`${ANNOTATION.recordBpfPrefix}web`]: 'forged_web_abcde_1700000000',
      [`${ANNOTATION.recordLogsPrefix}other`]: 'forged_other_abcde_1700000000',
      [ANNOTATION.recordingMarks]: 'web=forged:PrivilegedContainer',
      mine: 'stays',
    };
    const { body } = await createPod('bpf', { annotations });
    expect(requestOf(body, 'Bpf', 'web')).to.match(/^by-bpf_web_/);
    expect(JSON.stringify(valueAt(body, 'metadata', 'annotations'))).to.not.contain('forged');
    expect(annotation(body, 'mine')).to.equal('stays');
  });

  it('says of a container that it is not recorded while no log enricher runs', async () => {
    const { status, body } = await createPod('logs');
    expect(status).to.equal(201);
    expect(requestOf(body, 'Logs', 'web')).to.equal(undefined);
    expect(annotation(body, ANNOTATION.recordingMarks)).to.equal('web=by-logs:RecorderNotEnabled');
  });

  it('has a container run under the profile that logs all calls in place of a bound one, in both orders', async () => {
    await installTrace();
    for (const order of ['as deployed', 'reversed'] as const) {
      await configure(order);
      await until(
        async () => profileOf((await createPod('logs')).body, 0) === TRACE,
        120,
        () => `the profile is not set: ${order}`,
      );
      const { body } = await createPod('logs');
      expect(requestOf(body, 'Logs', 'web'), order).to.match(/^by-logs_web_/);
      expect(requestOf(body, 'Logs', 'side'), order).to.equal(undefined);
      expect(annotation(body, ANNOTATION.profileBindings), order).to.equal(undefined);
      expect(annotation(body, ANNOTATION.skippedBindings), order).to.contain('web=web-binding:');
      // The gate of a binding that was asked first stays; the manager lifts it, as the profile is on the nodes.
      const gates = order === 'as deployed' ? [] : [{ name: PROFILE_GATE }];
      expect(listAt(body, 'spec', 'schedulingGates'), order).to.deep.equal(gates);
      expect(annotation(body, ANNOTATION.recordingMarks), `${order}: its author had set none`).to.equal(undefined);
    }
  });

  /** As the manager and the nodes would while the log enricher is enabled. */
  async function installTrace(): Promise<void> {
    const apiVersion = `${GROUP}/v1beta1`;
    const metadata = { name: OBJECT.traceProfile };
    const profile = { apiVersion, kind: 'SeccompProfile', metadata, spec: { defaultAction: 'SCMP_ACT_LOG' } };
    const path = profilesPath(OPERATOR_NAMESPACE);
    await create(plane, path, profile);
    const status = { status: 'Installed', observedGeneration: 1 };
    const target = `${path}/${OBJECT.traceProfile}/status`;
    expect((await plane.admin.request('PATCH', target, { status }, MERGE)).status).to.equal(200);
  }
});

function recording(name: string, recorder: string, app: string, only: readonly string[] = []): object {
  return {
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ProfileRecording',
    metadata: { name, namespace: NAMESPACE },
    spec: { kind: 'SeccompProfile', recorder, podSelector: { matchLabels: { app } }, containers: only },
  };
}

function binding(): object {
  return {
    apiVersion: `${GROUP}/v1alpha1`,
    kind: 'ProfileBinding',
    metadata: { name: 'web-binding', namespace: NAMESPACE },
    spec: { image: 'nginx:1.27', profileRef: { kind: 'SeccompProfile', name: 'web' } },
  };
}
