// SPDX-License-Identifier: Apache-2.0
// The share that one tenant can take from all others: 40 profiles of 1 MB in one namespace, with bindings, recordings,
// AppArmorProfiles and SelinuxProfiles of half a megabyte, 30 profiles of 100 KB in ten more, and small ones and bound
// pods of another namespace meanwhile. The roles run as in the image, each under the memory limit of the manifests (128
// MiB, webhook 192), against a control plane that the benchmark brings itself. TENANTS_SCALE=0.1 makes a tenth of it,
// to see whether it runs at all; figures and bars are those of 1.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { LABEL } from '../src/core/names.ts';
import { bundle } from '../tools/build.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { limitedNode, removeGroups } from '../tools/lab/memory-groups.ts';
import { create, Installation, prepareCluster, profilesPath, startBareControlPlane } from '../tools/lab/operator.ts';
import { PeakMemory, pssOf } from './peak-memory.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';
import { BoundPods, WEBHOOK_LIMIT_MIB } from './tenants-pods.ts';
import { createAll, KIND, LARGE, MIDDLE } from './tenants-load.ts';

const LIMIT_MIB = 128;
const OTHERS = 'others';
/** How long everything may take; a bar that is missed by far should not hang the benchmark. */
const PATIENCE_MS = 300_000;

function small(name: string): object {
  const names = ['read', 'write', 'close', 'execve', 'exit_group', 'futex', 'mmap', 'openat', 'brk', 'fstat'];
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] };
  return { ...KIND, metadata: { name }, spec };
}

interface Seen {
  readonly metadata: { readonly name: string };
  readonly status?: { readonly status?: string };
}

async function stateOf(plane: ControlPlane, namespace: string, name: string): Promise<string | undefined> {
  const { body } = await plane.admin.request('GET', `${profilesPath(namespace)}/${name}`);
  return (body as Partial<Seen>).status?.status;
}

/**
 * Milliseconds from the creation of a small profile until it is Installed. It is removed again: what a write of the
 * node's status costs grows with the number of profiles, and each of these should meet as many.
 */
async function installSmall(plane: ControlPlane, name: string): Promise<number> {
  const begun = performance.now();
  await create(plane, profilesPath(OTHERS), small(name));
  const ms = await msUntil(plane, name, 'Installed', begun);
  await plane.admin.request('DELETE', `${profilesPath(OTHERS)}/${name}`);
  await msUntil(plane, name, undefined, performance.now());
  return ms;
}

async function msUntil(
  plane: ControlPlane,
  name: string,
  state: 'Installed' | undefined,
  begun: number,
): Promise<number> {
  while ((await stateOf(plane, OTHERS, name)) !== state) {
    if (performance.now() - begun > PATIENCE_MS) return PATIENCE_MS;
    await sleep(10);
  }
  return performance.now() - begun;
}

async function list(plane: ControlPlane): Promise<readonly (Seen & { metadata: { namespace: string } })[]> {
  const all = await plane.admin.request('GET', '/apis/security-profiles-operator.x-k8s.io/v1beta1/seccompprofiles');
  return (all.body as { items: (Seen & { metadata: { namespace: string } })[] }).items;
}

/** Resolves when all profiles have a final state. */
async function settled(plane: ControlPlane): Promise<void> {
  const end = performance.now() + PATIENCE_MS;
  while (performance.now() < end) {
    const states = (await list(plane)).map(({ status }) => status?.status);
    if (states.length >= LARGE.count + MIDDLE.count && states.every((s) => s === 'Installed' || s === 'Error')) return;
    await sleep(500);
  }
  throw new Error('profiles have no final state');
}

async function deleteLarge(plane: ControlPlane): Promise<number> {
  const begun = performance.now();
  await plane.admin.request('DELETE', profilesPath(LARGE.namespace));
  while ((await list(plane)).some(({ metadata }) => metadata.namespace === LARGE.namespace)) {
    if (performance.now() - begun > PATIENCE_MS) return PATIENCE_MS;
    await sleep(100);
  }
  return performance.now() - begun;
}

/** Medians in milliseconds. */
interface Times {
  readonly installed: number;
  /** Of the creation of a bound pod. */
  readonly bound: number;
  /** Of as many writes by a client alone as an installation takes: what the API server's load costs everybody. */
  readonly writes: number;
}

async function createNamespaces(plane: ControlPlane): Promise<void> {
  const middle = Array.from({ length: MIDDLE.namespaces }, (_, i) => `middle-${String(i)}`);
  for (const name of [LARGE.namespace, ...middle]) await create(plane, '/api/v1/namespaces', { metadata: { name } });
  const labels = { [LABEL.enableBinding]: '' };
  await create(plane, '/api/v1/namespaces', { metadata: { name: OTHERS, labels } });
}

async function writesAlone(plane: ControlPlane): Promise<number> {
  const resource = `/api/v1/namespaces/${OTHERS}/configmaps`;
  const begun = performance.now();
  await create(plane, resource, { metadata: { name: 'floor' } });
  for (const step of ['node', 'profile']) {
    await plane.admin.request('PATCH', `${resource}/floor`, { data: { step } }, 'application/merge-patch+json');
  }
  const took = performance.now() - begun;
  await plane.admin.request('DELETE', `${resource}/floor`);
  return took;
}

/** How long three writes take under the same load in a cluster without an operator, on the same machine. */
async function writesWithoutOperator(): Promise<number> {
  const plane = await startBareControlPlane();
  try {
    await prepareCluster(plane, []);
    await createNamespaces(plane);
    const coming = { ended: false };
    const creating = createAll(plane).finally(() => (coming.ended = true));
    const took: number[] = [];
    while (!coming.ended) took.push(await writesAlone(plane));
    await creating;
    return median(took);
  } finally {
    await plane.stop();
  }
}

/** Installs small profiles, one after the other, as long as there should be another one. */
async function smallOnes({ plane, pods }: Ground, prefix: string, another: (made: number) => boolean): Promise<Times> {
  const [installed, bound, writes]: [number[], number[], number[]] = [[], [], []];
  do {
    installed.push(await installSmall(plane, `${prefix}-${String(installed.length)}`));
    bound.push(await pods.create());
    writes.push(await writesAlone(plane));
  } while (another(installed.length));
  return { installed: median(installed), bound: median(bound), writes: median(writes) };
}

/** Everything that runs. */
interface Ground {
  readonly plane: ControlPlane;
  readonly pods: BoundPods;
}

const some = (made: number): boolean => made < 15;

/** The same, again and again until the large ones have been created. */
async function smallOnesMeanwhile(ground: Ground): Promise<Times> {
  const coming = { ended: false };
  const creating = createAll(ground.plane).finally(() => (coming.ended = true));
  const times = await smallOnes(ground, 'during', () => !coming.ended);
  await creating;
  return times;
}

async function restart(installation: Installation): Promise<void> {
  for (const role of installation.roles) await role.end('SIGTERM');
  for (const role of installation.roles) await role.start();
}

/** Measures it, through a restart as well. */
export async function measureTenants(): Promise<readonly Figure[]> {
  const busyWrites = await writesWithoutOperator();
  const plane = await startBareControlPlane();
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  await createNamespaces(plane);
  await bundle(folder);
  const node = limitedNode(folder, LIMIT_MIB);
  const installation = await Installation.start(plane, { nodes: ['real'], node, bundle: folder });
  const memory = new PeakMemory(installation);
  let pods: BoundPods | undefined;
  try {
    pods = await BoundPods.start(plane, OTHERS, limitedNode(folder, WEBHOOK_LIMIT_MIB), folder);
    const ground = { plane, pods };
    const idle = Math.max(...installation.roles.map(({ pid }) => pssOf(pid)));
    const usual = await smallOnes(ground, 'usual', some);
    const during = await smallOnesMeanwhile(ground);
    await settled(plane);
    const beside = await smallOnes(ground, 'beside', some);
    await restart(installation);
    const restarted = await smallOnes(ground, 'restarted', some);
    const webhookMib = pssOf(pods.pid);
    if (webhookMib === 0) throw new Error('the webhook has ended');
    const deleted = await deleteLarge(plane);
    await memory.stop();
    const deaths = installation.roles.flatMap((role) => role.deaths);
    for (const death of deaths) console.error(death);
    const alone = (writes: number): string => `three writes alone ${writes.toFixed(0)} ms`;
    const boundPod = (what: string, { bound, writes }: Times): Figure => {
      const floor = { what: `in an empty cluster; ${alone(writes)}`, value: usual.bound };
      return { what, value: bound, unit: 'ms', floor, bar: 2 * usual.bound };
    };
    const small = (what: string, { installed, writes }: Times): Figure => {
      const usually = `in an empty cluster; ${alone(usual.writes)}, now ${writes.toFixed(0)}`;
      const floor = { what: usually, value: usual.installed };
      return { what, value: installed, unit: 'ms', floor, bar: 2 * usual.installed };
    };
    const added = Math.max(0, busyWrites - usual.writes);
    const busy = (what: string, value: number, usually: number, writes: number): Figure => {
      const where = `in an empty cluster ${usually.toFixed(1)} ms, and what the load adds to its writes`;
      const floor = {
        what: `${where}; ${alone(busyWrites)} without an operator`,
        value: usually + writes * (added / 3),
      };
      return { what, value, unit: 'ms', floor, bar: 2 * floor.value };
    };
    const nothing = { what: 'nothing', value: 0 };
    return [
      { what: 'processes that ended', value: deaths.length, unit: 'names', floor: nothing, bar: 0 },
      {
        what: 'largest process at its peak, PSS',
        value: memory.peak,
        unit: 'MiB',
        floor: { what: 'idle', value: idle },
        bar: 100,
      },
      busy('small profile of another namespace while they come', during.installed, usual.installed, 3),
      small('the same when they are there', beside),
      small('the same after a restart', restarted),
      busy('creation of a bound pod while they come', during.bound, usual.bound, 1),
      boundPod('the same when they are there', beside),
      { what: 'the webhook, PSS at the end', value: webhookMib, unit: 'MiB', floor: nothing, bar: 100 },
      { what: 'deletion of the large ones', value: deleted, unit: 'ms', floor: nothing, bar: PATIENCE_MS / 2 },
    ];
  } finally {
    await memory.stop();
    pods?.stop();
    await installation.stop();
    await plane.stop();
    rmSync(folder, { recursive: true });
    removeGroups(folder);
  }
}
