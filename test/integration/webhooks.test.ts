// SPDX-License-Identifier: Apache-2.0
// The webhooks as a real API server calls them: what comes of pods, of dry runs and of ephemeral containers, whom they
// never concern, and what becomes of pods while nothing answers or while certificates are exchanged.
import { expect } from 'chai';
import { bundleOf } from '../../src/core/certificates.ts';
import type { KeyPair } from '../../src/core/certificates.ts';
import { ANNOTATION, LABEL, OBJECT, PROFILE_GATE } from '../../src/core/names.ts';
import type { SecurityProfilesOperatorDaemonSpec } from '../../src/gen/crd/security-profiles-operator-daemon.ts';
import type { Answer } from '../../tools/lab/api-client.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt, textAt, valueAt } from '../../tools/lab/json-path.ts';
import { until } from '../../tools/lab/launch.ts';
import { create, OPERATOR_NAMESPACE, prepareCluster, profilesPath } from '../../tools/lab/operator.ts';
import { sharedPlane } from './shared-plane.ts';
import { configurationsByUrl, newAuthority, WebhookProcess } from './webhook-process.ts';

const BOUND = 'webhook-bound';
const FREE = 'webhook-free';
const MERGE = 'application/merge-patch+json';
const image = 'nginx:1.27';
const CONFIGURATIONS = [
  `mutatingwebhookconfigurations/${OBJECT.mutatingWebhooks}`,
  `validatingwebhookconfigurations/${OBJECT.validatingWebhooks}`,
].map((part) => `/apis/admissionregistration.k8s.io/v1/${part}`);

const localhost = (name: string) => ({
  type: 'Localhost',
  localhostProfile: `operator/${BOUND}/${name}.json`,
});

const ALLOW = { defaultAction: 'SCMP_ACT_ALLOW' };

type Options = SecurityProfilesOperatorDaemonSpec['webhookOptions'];

const podsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

describe('the webhooks on a real API server', function () {
  this.timeout(300_000);
  let plane: ControlPlane;
  let webhook: WebhookProcess;
  let authority: KeyPair;
  let made = 0;

  before(async () => {
    plane = await sharedPlane();
    await prepareCluster(plane, []);
    for (const [name, labels] of [
      [BOUND, { [LABEL.enableBinding]: '' }],
      [FREE, {}],
    ] as const)
      await create(plane, '/api/v1/namespaces', { metadata: { name, labels } });
    const binding = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileBinding',
      metadata: { name: 'web-binding', namespace: BOUND },
      spec: { image, profileRef: { kind: 'SeccompProfile', name: 'web' } },
    };
    webhook = await WebhookProcess.prepare(plane);
    await webhook.apply([binding]);
    authority = await newAuthority();
    await webhook.show(authority);
    await webhook.start();
    await configure();
    await until(
      async () => (await isBound()) === true,
      120,
      () => 'pods are not bound',
    );
  });

  after(async () => {
    for (const configuration of CONFIGURATIONS) await plane.admin.request('DELETE', configuration);
    webhook.stop();
  });

  /** Has the API server call the webhooks with these options. */
  async function configure(webhookOptions: NonNullable<Options> = [], bundle = authority.certificate): Promise<void> {
    const input = { spec: { webhookOptions }, namespace: OPERATOR_NAMESPACE, restrictTo: [] };
    await webhook.apply(configurationsByUrl(input, webhook.port, bundle));
  }

  async function createPod(namespace: string, spec: object = {}, query = ''): Promise<Answer> {
    made += 1;
    const pod = { metadata: { name: `pod-${String(made)}` }, spec: { containers: [{ name: 'web', image }], ...spec } };
    return plane.admin.request('POST', `${podsPath(namespace)}${query}`, pod);
  }

  const profileOf = (body: unknown, list = 'containers'): string | undefined =>
    textAt(listAt(body, 'spec', list)[0], 'securityContext', 'seccompProfile', 'localhostProfile');

  /** Whether a pod would be bound; undefined where it would be refused. */
  async function isBound(namespace = BOUND): Promise<boolean | undefined> {
    const { status, body } = await createPod(namespace, {}, '?dryRun=All');
    return status === 201 ? profileOf(body) === `operator/${BOUND}/web.json` : undefined;
  }

  const nameOf = (body: unknown): string => textAt(body, 'metadata', 'name') ?? '';

  it('bind a pod, hold it back until its profile is there, and leave others alone', async () => {
    const { status, body } = await createPod(BOUND);
    expect(status).to.equal(201);
    expect(profileOf(body)).to.equal(`operator/${BOUND}/web.json`);
    expect(valueAt(body, 'metadata', 'annotations', ANNOTATION.profileBindings)).to.equal('web=web-binding');
    expect(listAt(body, 'spec', 'schedulingGates')).to.deep.equal([{ name: PROFILE_GATE }]);
    expect(await isBound(FREE)).to.equal(false);
    const other = await createPod(BOUND, { containers: [{ name: 'c', image: 'other' }] });
    expect(other.status).to.equal(201);
    expect(valueAt(other.body, 'metadata', 'annotations')).to.equal(undefined);
  });

  it('set no gate for a profile that is installed', async () => {
    const apiVersion = 'security-profiles-operator.x-k8s.io/v1beta1';
    const profile = { apiVersion, kind: 'SeccompProfile', metadata: { name: 'web' }, spec: ALLOW };
    await create(plane, profilesPath(BOUND), profile);
    const status = { status: 'Installed', observedGeneration: 1 };
    const written = await plane.admin.request('PATCH', `${profilesPath(BOUND)}/web/status`, { status }, MERGE);
    expect(written.status).to.equal(200);
    const gates = async (): Promise<readonly unknown[]> =>
      listAt((await createPod(BOUND, {}, '?dryRun=All')).body, 'spec', 'schedulingGates');
    await until(
      async () => (await gates()).length === 0,
      120,
      () => 'a gate is set',
    );
  });

  it('write nothing for a dry run', async () => {
    const { body } = await createPod(BOUND, {}, '?dryRun=All');
    expect(profileOf(body)).to.not.equal(undefined);
    expect((await plane.admin.request('GET', `${podsPath(BOUND)}/${nameOf(body)}`)).status).to.equal(404);
  });

  it('bind an ephemeral container', async () => {
    const { body } = await createPod(BOUND);
    const ephemeralContainers = [{ name: 'debug', image }];
    const target = `${podsPath(BOUND)}/${nameOf(body)}/ephemeralcontainers`;
    const strategic = 'application/strategic-merge-patch+json';
    const answer = await plane.admin.request('PATCH', target, { spec: { ephemeralContainers } }, strategic);
    expect(answer.status).to.equal(200);
    expect(profileOf(answer.body, 'ephemeralContainers')).to.equal(`operator/${BOUND}/web.json`);
  });

  it('guard the image of a bound container, and no other', async () => {
    const { body } = await createPod(BOUND);
    const change = (name: string, to: string): Promise<Answer> => {
      const patch = [{ op: 'replace', path: '/spec/containers/0/image', value: to }];
      return plane.admin.request('PATCH', `${podsPath(BOUND)}/${name}`, patch, 'application/json-patch+json');
    };
    const refused = await change(nameOf(body), 'other');
    expect(refused.status).to.equal(403);
    expect(JSON.stringify(refused.body)).to.contain('binding-image.spo.io');
    expect((await change(nameOf(body), 'docker.io/library/nginx:1.27')).status).to.equal(200);
    const other = await createPod(BOUND, { containers: [{ name: 'c', image: 'other' }] });
    expect((await change(nameOf(other.body), 'another')).status, JSON.stringify(other.body)).to.equal(200);
  });

  it('take the example for AKS, and the defaults again', async () => {
    const namespaceSelector = { matchExpressions: [{ key: 'control-plane', operator: 'DoesNotExist' }] } as const;
    await configure([{ name: 'binding.spo.io', namespaceSelector }]);
    await webhook.apply([{ ...inNamespace(FREE), metadata: { name: 'web-binding', namespace: FREE } }]);
    const freeIsBound = async (): Promise<boolean> =>
      profileOf((await createPod(FREE, {}, '?dryRun=All')).body) !== undefined;
    await until(freeIsBound, 120, () => 'the selector does not count');
    await configure();
    await until(
      async () => !(await freeIsBound()),
      120,
      () => 'the default selector does not count',
    );
  });

  it('exchange the authority under a flow of pods without one refusal', async () => {
    const flow = new AbortController();
    const failures: string[] = [];
    let passed = 0;
    const flows = Array.from({ length: 4 }, async () => {
      while (!flow.signal.aborted) {
        const { status, body } = await createPod(BOUND, {}, '?dryRun=All');
        if (status === 201 && profileOf(body) !== undefined) passed += 1;
        else failures.push(JSON.stringify(body));
      }
    });
    const more = async (): Promise<void> => {
      const before = passed;
      await until(
        async () => passed >= before + 40,
        120,
        () => `no pods pass: ${failures.at(-1) ?? ''}`,
      );
    };
    for (let round = 0; round < 3; round++) {
      const next = await newAuthority();
      await configure([], bundleOf([next.certificate, authority.certificate]));
      await more();
      await webhook.show(next);
      await more();
      authority = next;
    }
    flow.abort();
    await Promise.all(flows);
    expect(failures.slice(0, 1)).to.deep.equal([]);
  });

  const HOUR_MS = 3_600_000;
  const OUT_OF_TIME = {
    'has expired': { from: Date.now() - 2 * HOUR_MS, until: Date.now() - HOUR_MS },
    'is of the future, as by a clock that was set back': {
      from: Date.now() + HOUR_MS,
      until: Date.now() + 2 * HOUR_MS,
    },
  } as const;
  for (const [what, time] of Object.entries(OUT_OF_TIME)) {
    it(`refuse pods while the certificate ${what}, in words that say so, and bind them with the next one`, async () => {
      await webhook.show(authority, time);
      let refusal: Answer | undefined;
      const isRefused = async (): Promise<boolean> => {
        refusal = await createPod(BOUND, {}, '?dryRun=All');
        return refusal.status !== 201;
      };
      await until(isRefused, 120, () => 'pods are taken');
      expect(refusal?.status).to.equal(500);
      expect(textAt(refusal?.body, 'message')).to.match(
        /binding\.spo\.io.*certificate has expired or is not yet valid/,
      );
      expect(await isBound(FREE), 'not concerned').to.equal(false);
      await webhook.show(authority);
      await until(
        async () => (await isBound()) === true,
        120,
        () => 'pods are not bound again',
      );
    });
  }

  it('answer for hostile pods, or have them refused, and go on', async () => {
    const containers = (count: number, more: (at: number) => object): object => ({
      containers: Array.from({ length: count }, (_, at) => ({ name: `c${String(at)}`, image, ...more(at) })),
    });
    const annotations = JSON.parse('{"a.b/c~d": "x", "__proto__": "y", "constructor": "/~1~0"}') as object;
    const hostile: readonly (readonly [metadata: object, spec: object])[] = [
      [{}, containers(10_000, () => ({}))],
      [{}, containers(2000, (at) => ({ securityContext: { seccompProfile: localhost(`p${String(at)}`) } }))],
      [{}, containers(3, () => ({ image: 'a'.repeat(4096) }))],
      [{ annotations }, containers(1, () => ({ name: 'a/b~c' }))],
      [{}, containers(2, () => ({ name: '__proto__' }))],
      [{}, containers(1, () => ({ securityContext: { seccompProfile: { type: '/spec/~0', localhostProfile: '~' } } }))],
    ];
    const pid = webhook.pid;
    for (const [metadata, spec] of hostile) {
      const pod = { metadata: { name: 'hostile', ...metadata }, spec };
      const { status, body } = await plane.admin.request('POST', `${podsPath(BOUND)}?dryRun=All`, pod);
      const words = JSON.stringify(body).slice(0, 300);
      expect([201, 400, 422], words).to.include(status);
      expect(words).to.not.contain('failed calling webhook');
    }
    expect(await isBound()).to.equal(true);
    expect(webhook.pid).to.equal(pid);
    expect(webhook.isAlive).to.equal(true);
  });

  it('refuse pods while nothing answers, in words that name the webhook, or let them pass as the options say', async () => {
    webhook.kill();
    const { status, body } = await createPod(BOUND);
    expect(status).to.equal(500);
    expect(textAt(body, 'message')).to.contain('binding.spo.io');
    expect(await isBound(FREE), 'not concerned').to.equal(false);
    await create(plane, '/api/v1/namespaces', { metadata: { name: 'kube-system' } });
    for (const name of ['kube-system', OPERATOR_NAMESPACE]) {
      const labels = { [LABEL.enableBinding]: '' };
      await plane.admin.request('PATCH', `/api/v1/namespaces/${name}`, { metadata: { labels } }, MERGE);
      expect((await createPod(name, {}, '?dryRun=All')).status, name).to.equal(201);
    }
    await configure([{ name: 'binding.spo.io', failurePolicy: 'Ignore' }]);
    await until(
      async () => (await isBound()) === false,
      120,
      () => 'pods are still refused',
    );
    await webhook.start();
    await until(
      async () => (await isBound()) === true,
      120,
      () => 'pods are not bound again',
    );
    await configure();
  });

  function inNamespace(namespace: string): object {
    return {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'ProfileBinding',
      metadata: { name: 'web-binding', namespace },
      spec: { image, profileRef: { kind: 'SeccompProfile', name: 'web' } },
    };
  }
});
