// SPDX-License-Identifier: Apache-2.0
// Again and again the manager, a daemon or the webhook ends by SIGKILL while pods are created without a pause. Every
// pod that was taken is bound rightly; in the end no gate is left, and no finalizer. KILL_SEED repeats a run,
// KILL_ROUNDS makes it longer.
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOTATION, LABEL, OBJECT, PROFILE_GATE } from '../../src/core/names.ts';
import type { ControlPlane } from '../../tools/lab/control-plane.ts';
import { listAt, textAt } from '../../tools/lab/json-path.ts';
import {
  create,
  Installation,
  OPERATOR_NAMESPACE,
  profilesPath,
  startBareControlPlane,
} from '../../tools/lab/operator.ts';
import { randomFrom } from './kill-wishes.ts';
import { configurationsByUrl, newAuthority, WebhookProcess } from './webhook-process.ts';

const SEED = Number(process.env['KILL_SEED'] ?? Date.now() % 1_000_000_000);
const ROUNDS = Number(process.env['KILL_ROUNDS'] ?? 50);
const NAMESPACE = 'binding-kills';
const GROUP = 'security-profiles-operator.x-k8s.io';
/** A reflector that was refused waits up to 30 s before it asks again. */
const SETTLE_MS = 240_000;
const SUBJECTS = [0, 1, 2, 3];
const pods = `/api/v1/namespaces/${NAMESPACE}/pods`;
const alpha = `/apis/${GROUP}/v1alpha1/namespaces`;
const bindings = `${alpha}/${NAMESPACE}/profilebindings`;

describe(`pods through kills (KILL_SEED=${String(SEED)})`, function () {
  this.timeout(1_800_000);
  const random = randomFrom(SEED);
  const pick = (count: number): number => Math.floor(random() * count);
  let plane: ControlPlane;
  let installation: Installation;
  let webhook: WebhookProcess;
  let serial = 0;
  const wrong: string[] = [];
  const answers = { taken: 0, refused: 0 };

  before(async () => {
    plane = await startBareControlPlane();
    await create(plane, '/api/v1/namespaces', { metadata: { name: OPERATOR_NAMESPACE } });
    await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE, labels: { [LABEL.enableBinding]: '' } } });
    installation = await Installation.start(plane, { nodes: ['node-a', 'node-b'] });
    const spod = `${alpha}/${OPERATOR_NAMESPACE}/securityprofilesoperatordaemons/spod`;
    const options = { spec: { staticWebhookConfig: true } };
    await plane.admin.request('PATCH', spod, options, 'application/merge-patch+json');
    webhook = await WebhookProcess.prepare(plane);
    for (const subject of SUBJECTS) {
      const spec = {
        image: `image-${String(subject)}`,
        profileRef: { kind: 'SeccompProfile', name: `p${String(subject)}` },
      };
      const object = {
        apiVersion: `${GROUP}/v1alpha1`,
        kind: 'ProfileBinding',
        metadata: { name: `b${String(subject)}` },
      };
      await create(plane, bindings, { ...object, spec });
    }
    await callWebhook();
  });

  after(async () => {
    webhook.stop();
    await installation.stop();
    await plane.stop();
  });

  /** Has the API server call the webhook of this test, and waits until it does. */
  async function callWebhook(): Promise<void> {
    const authority = await newAuthority();
    await webhook.show(authority);
    await webhook.start();
    const gone = `/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/${OBJECT.mutatingWebhooks}`;
    await plane.admin.request('DELETE', gone);
    const input = { spec: { webhookOptions: [] }, namespace: OPERATOR_NAMESPACE, restrictTo: [] };
    await webhook.apply(configurationsByUrl(input, webhook.port, authority.certificate));
    await soon('pods to be bound', async () => {
      const { status, body } = await plane.admin.request('POST', `${pods}?dryRun=All`, podOf(0));
      return status === 201 && faultOf(0, body) === undefined;
    });
  }

  async function soon(what: string, holds: () => Promise<boolean>): Promise<void> {
    const end = performance.now() + SETTLE_MS;
    while (!(await holds().catch(() => false))) {
      if (performance.now() > end) throw new Error(`seed ${String(SEED)}: waited in vain for ${what}`);
      await sleep(50);
    }
  }

  function podOf(subject: number): object {
    serial += 1;
    const metadata = { name: `pod-${String(serial)}-${String(subject)}` };
    return { metadata, spec: { containers: [{ name: 'c', image: `image-${String(subject)}` }] } };
  }

  /** Where a pod that was taken is not as the binding of its image demands. */
  function faultOf(subject: number, body: unknown): string | undefined {
    const path = ['securityContext', 'seccompProfile', 'localhostProfile'];
    const profile = textAt(listAt(body, 'spec', 'containers')[0], ...path);
    const mark = textAt(body, 'metadata', 'annotations', ANNOTATION.profileBindings);
    const isRight = profile === `operator/${NAMESPACE}/p${String(subject)}.json` && mark === `c=b${String(subject)}`;
    return isRight ? undefined : `image-${String(subject)}: ${String(profile)} by ${String(mark)}`;
  }

  async function createPod(): Promise<void> {
    const subject = pick(SUBJECTS.length);
    const { status, body } = await plane.admin.request('POST', pods, podOf(subject));
    answers[status === 201 ? 'taken' : 'refused'] += 1;
    const fault = status === 201 ? faultOf(subject, body) : undefined;
    if (fault !== undefined) wrong.push(fault);
  }

  async function createProfile(subject: number): Promise<void> {
    const profile = {
      apiVersion: `${GROUP}/v1beta1`,
      kind: 'SeccompProfile',
      metadata: { name: `p${String(subject)}` },
    };
    await create(plane, profilesPath(NAMESPACE), { ...profile, spec: { defaultAction: 'SCMP_ACT_ALLOW' } });
  }

  const items = async (path: string): Promise<readonly unknown[]> =>
    listAt((await plane.admin.request('GET', path)).body, 'items');
  const namesOf = async (path: string): Promise<readonly string[]> =>
    (await items(path)).map((item) => textAt(item, 'metadata', 'name') ?? '');

  async function deleteAll(path: string): Promise<void> {
    for (const name of await namesOf(path)) await plane.admin.request('DELETE', `${path}/${name}`);
  }

  /** Kills somebody and starts it again. */
  async function killSomebody(): Promise<void> {
    const { manager, nodes } = installation;
    const victim = [manager, ...nodes.map(({ daemon }) => daemon), undefined][pick(nodes.length + 2)];
    if (victim === undefined) {
      webhook.kill();
      await sleep(random() * 100);
      await webhook.start();
      return;
    }
    await victim.end('SIGKILL');
    await sleep(random() * 100);
    await victim.start();
  }

  /** Pods without a pause, now and then a profile, and of the pods one of ten is deleted. */
  async function load(stopped: () => boolean): Promise<void> {
    while (!stopped()) {
      await createPod();
      if (pick(10) === 0) await plane.admin.request('DELETE', `${pods}/${(await namesOf(pods))[0] ?? 'none'}`);
      if (pick(200) === 0) await createProfile(pick(SUBJECTS.length));
      await sleep(random() * 40);
    }
  }

  it('are bound rightly or refused, and none keeps a gate or holds anything', async () => {
    let isOver = false;
    const loads = [1, 2].map(() => load(() => isOver));
    for (let round = 0; round < ROUNDS; round += 1) await killSomebody();
    isOver = true;
    await Promise.all(loads);
    expect(wrong, `seed ${String(SEED)}`).to.deep.equal([]);
    expect(answers.taken, 'pods taken').to.be.greaterThan(ROUNDS);
    for (const subject of SUBJECTS) await createProfile(subject);
    await soon('all gates to go', async () => !JSON.stringify(await items(pods)).includes(`"${PROFILE_GATE}"`));
    await soon('bindings to be in use or without pods', async () => {
      const states = (await items(bindings)).map((binding) => textAt(binding, 'status', 'state'));
      return states.every((state) => state === 'InUse' || state === 'NoMatch');
    });
    await deleteAll(bindings);
    await deleteAll(profilesPath(NAMESPACE));
    await deleteAll(pods);
    await soon('bindings to be released', async () => (await items(bindings)).length === 0);
    await soon('profiles to be released', async () => (await items(profilesPath(NAMESPACE))).length === 0);
    expect(installation.roles.flatMap(({ deaths }) => deaths)).to.deep.equal([]);
  });
});
