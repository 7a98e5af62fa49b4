// SPDX-License-Identifier: Apache-2.0
// The webhook as a process: the work of a review over TLS, the time that it adds to the creation of a pod, the rate of
// creations in a namespace that has it, and its memory beside the manager's. It runs as its Deployment starts it,
// against a control plane that the benchmark brings itself.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { COMMAND } from '../src/core/deploy/webhooks/deployment.ts';
import { LABEL, WEBHOOK_PATH } from '../src/core/names.ts';
import { configurationsByUrl, newAuthority, WebhookProcess } from '../test/integration/webhook-process.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { until } from '../tools/lab/launch.ts';
import { AS_IN_THE_IMAGE, create, Installation, OPERATOR_NAMESPACE, profilesPath } from '../tools/lab/operator.ts';
import { startBareControlPlane } from '../tools/lab/operator.ts';
import { bundle } from '../tools/build.ts';
import { configureConstantWebhook, startConstantWebhook } from './constant-webhook.ts';
import type { ConstantWebhook } from './constant-webhook.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';
import { BOUND_IMAGE, reviewBody } from './reviews.ts';
import type { Load } from './webhook-load.ts';
import { cpuOf, sendLoad } from './webhook-load.ts';

const BOUND = 'bench-bound';
const FREE = 'bench-free';
/** A namespace with a webhook that answers at once. */
const CONSTANT = 'bench-constant';
const CONSTANT_LABEL = 'bench.example/constant';
const NAMESPACES = [BOUND, FREE, CONSTANT] as const;
const PODS = 600;
const RATE_PODS = 800;
const REVIEWS = 20_000;
/** Until V8 has compiled what a webhook that lives for weeks runs. */
const WARM_UP = 10_000;
const CONNECTIONS = 16;
const CLIENTS = 8;
/** Options of V8, as the Deployment has them. */
const OPTIONS = COMMAND.slice(1, -1);

/** Everything that runs. */
interface Ground {
  readonly plane: ControlPlane;
  readonly webhook: WebhookProcess;
  readonly authority: string;
  readonly installation: Installation;
  readonly constant: ConstantWebhook;
}

/** Measures. Takes two minutes. */
export async function measureWebhook(): Promise<readonly Figure[]> {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-webhook-'));
  const node = path.join(folder, 'node');
  copyFileSync(process.execPath, node);
  await bundle(folder);
  const plane = await startBareControlPlane();
  const installation = await Installation.start(plane, { nodes: ['real'], node, bundle: folder });
  const webhook = await WebhookProcess.prepare(plane);
  let constant: ConstantWebhook | undefined;
  try {
    const authority = await newAuthority();
    await webhook.show(authority);
    await prepare(plane, webhook);
    // The profile stays installed, and the daemon shares no more memory with the processes that are measured.
    await Promise.all(installation.nodes.map(({ daemon }) => daemon.end('SIGTERM')));
    await webhook.start([node, ...OPTIONS, path.join(folder, 'main.cjs')], AS_IN_THE_IMAGE.env);
    const input = { spec: { webhookOptions: [] }, namespace: OPERATOR_NAMESPACE, restrictTo: [] };
    await webhook.apply(configurationsByUrl(input, webhook.port, authority.certificate));
    constant = await startConstantWebhook(webhook.certificates, OPTIONS);
    const trust = { authority: authority.certificate, label: CONSTANT_LABEL };
    await configureConstantWebhook(webhook, constant.port, trust);
    const ground = { plane, webhook, authority: authority.certificate, installation, constant };
    // Creations last: by then the processes have run for a while, as they have in a cluster.
    return [await memory(ground), await reviews(ground), ...(await creations(ground)), await rate(ground)];
  } finally {
    constant?.stop();
    webhook.stop();
    await installation.stop();
    await plane.stop();
    rmSync(folder, { recursive: true });
  }
}

/** A binding, and its profile, installed: pods would wait for another one, and the manager tell of each. */
async function prepare(plane: ControlPlane, webhook: WebhookProcess): Promise<void> {
  const group = 'security-profiles-operator.x-k8s.io';
  for (const [name, labels] of [
    [BOUND, { [LABEL.enableBinding]: '' }],
    [FREE, {}],
    [CONSTANT, { [CONSTANT_LABEL]: '' }],
  ] as const)
    await create(plane, '/api/v1/namespaces', { metadata: { name, labels } });
  const metadata = { name: 'web', namespace: BOUND };
  await webhook.apply([
    {
      apiVersion: `${group}/v1alpha1`,
      kind: 'ProfileBinding',
      metadata,
      spec: { image: BOUND_IMAGE, profileRef: { kind: 'SeccompProfile', name: 'web' } },
    },
    { apiVersion: `${group}/v1beta1`, kind: 'SeccompProfile', metadata, spec: { defaultAction: 'SCMP_ACT_ALLOW' } },
  ]);
  const isInstalled = async (): Promise<boolean> => {
    const { body } = await plane.admin.request('GET', `${profilesPath(BOUND)}/web`);
    return (body as { readonly status?: { readonly status?: string } }).status?.status === 'Installed';
  };
  await until(isInstalled, 60, () => 'the profile is not installed');
}

let made = 0;

/** Creates a pod; the time that it took, in milliseconds. */
async function createPod({ plane }: Ground, namespace: string): Promise<number> {
  const { request } = JSON.parse(reviewBody(namespace)) as { request: { object: { spec: object } } };
  const pod = { metadata: { name: `pod-${String((made += 1))}` }, spec: request.object.spec };
  const started = performance.now();
  const { status, body } = await plane.admin.request('POST', `/api/v1/namespaces/${namespace}/pods`, pod);
  if (status !== 201) throw new Error(`${String(status)} ${JSON.stringify(body)}`);
  return performance.now() - started;
}

/** The same of each namespace. */
type ByNamespace<T> = Readonly<Record<(typeof NAMESPACES)[number], T>>;

async function creations(ground: Ground): Promise<readonly Figure[]> {
  const times: ByNamespace<number[]> = { [BOUND]: [], [FREE]: [], [CONSTANT]: [] };
  for (let round = 0; round < PODS; round++) {
    for (const namespace of NAMESPACES) times[namespace].push(await createPod(ground, namespace));
  }
  const of = (share: number, bar: number, peer: string): Figure => {
    const free = quantile(times[FREE], share);
    const added = (namespace: typeof BOUND | typeof CONSTANT): number => quantile(times[namespace], share) - free;
    const what = `added to the creation of a pod, p${String(share * 100)}; ${free.toFixed(1)} ms without`;
    const floor = { what: 'added by a webhook that answers at once', value: added(CONSTANT) };
    return { what, value: added(BOUND), unit: 'ms', floor, bar, peer };
  };
  return [of(0.5, 2, '9'), of(0.99, 5, '11')];
}

function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? 0;
}

async function rate(ground: Ground): Promise<Figure> {
  const seconds: ByNamespace<number[]> = { [BOUND]: [], [FREE]: [], [CONSTANT]: [] };
  for (let round = 0; round < 3; round++) {
    for (const namespace of NAMESPACES) {
      const started = performance.now();
      let left = RATE_PODS / 4;
      const client = async (): Promise<void> => {
        while (left-- > 0) await createPod(ground, namespace);
      };
      await Promise.all(Array.from({ length: CLIENTS }, client));
      seconds[namespace].push((performance.now() - started) / 1000);
    }
  }
  const free = median(seconds[FREE]);
  const pods = `${String(Math.round(RATE_PODS / 4 / free))} pods/s`;
  const what = `${String(CLIENTS)} clients create pods, time beside that without the webhook (${pods})`;
  const floor = { what: 'with one that answers at once', value: median(seconds[CONSTANT]) / free };
  const peer = '157/s, 1,122 of 1,256 refused';
  return { what, value: median(seconds[BOUND]) / free, unit: 'x', floor, bar: 1 / 0.85, peer };
}

async function reviews(ground: Ground): Promise<Figure> {
  const { webhook, authority, constant } = ground;
  const load = { authority, body: reviewBody(BOUND), connections: CONNECTIONS };
  const toWebhook = { ...load, port: webhook.port, path: WEBHOOK_PATH.binding };
  const toConstant = { ...load, port: constant.port, path: '/' };
  const one = async (at: Load, pid: number): Promise<number> => {
    await sendLoad(at, WARM_UP);
    const before = cpuOf(pid);
    await sendLoad(at, REVIEWS);
    return (cpuOf(pid) - before) / REVIEWS;
  };
  const value = await one(toWebhook, webhook.pid);
  const floor = { what: 'the same server answers a constant', value: await one(toConstant, constant.pid) };
  const what = 'a review over kept TLS connections, CPU time (3,000/s on one core)';
  return { what, value, unit: 'ms', floor, bar: 1000 / 3000, peer: '157 creations/s in all' };
}

async function memory({ webhook, installation }: Ground): Promise<Figure> {
  await sleep(15_000);
  const [manager, own] = [pssOf(installation.manager.pid ?? 0), pssOf(webhook.pid)];
  const idle = spawn(process.execPath, [...AS_IN_THE_IMAGE.args, '-e', 'setInterval(() => {}, 1e9)']);
  await sleep(3000);
  const floor = { what: `one idle Node.js; manager ${manager.toFixed(1)}`, value: pssOf(idle.pid ?? 0) };
  idle.kill();
  return { what: 'manager and webhook, PSS', value: manager + own, unit: 'MiB', floor, bar: 90, peer: '43 + 3 x 40' };
}

function pssOf(pid: number): number {
  const text = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(text)?.[1]) / 1024;
}
