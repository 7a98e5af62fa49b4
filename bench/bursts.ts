// SPDX-License-Identifier: Apache-2.0
// The CPU time that a profile costs the daemon and the manager, and whether each of two thousand at once costs more
// than each of a hundred. The roles run as in the image, against a control plane that the benchmark brings itself.
// With BENCH_BASELINE (a folder with the bundle of another state, as dist/ is one) that state is measured beside
// this one, and the bars are shares of its figures.
import { readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../tools/lab/operator.ts';
import { profile } from './profiles.ts';
import type { Seen } from './profiles.ts';
import type { Figure } from './report.ts';

const NAMESPACE = 'bench';
const FEW = 100;
const MANY = 2000;
const PARALLEL = 16;
/** CPU time in a line of /proc/PID/stat is counted in hundredths of a second. */
const TICK_MS = 10;
const GATEWAY_TIMEOUT = 504;
const ASKED_TO_DELETE = 20;
/** Milliseconds a profile of the state that the bars were set by, where no baseline is measured. */
const KNOWN = { daemon: 9, manager: 10 };
const CPU_SHARE = 0.6;
const GROWTH = 1.2;

/** Milliseconds for each profile of a burst: wall time, and CPU time until all are installed. */
interface Cost {
  readonly installed: number;
  readonly deleted: number;
  readonly daemon: number;
  readonly manager: number;
}

/** CPU time of a process so far, of all its threads. */
function cpuMs(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${String(pid)}/stat`, 'utf8');
  const [user = 0, system = 0] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return (user + system) * TICK_MS;
}

function nameOf(index: number): string {
  return `burst-${String(index)}`;
}

async function profilesOf(plane: ControlPlane, query = ''): Promise<readonly Seen[]> {
  const { body } = await plane.admin.request('GET', `${profilesPath(NAMESPACE)}${query}`);
  return (body as { readonly items: readonly Seen[] }).items;
}

/** Waits for the last one before it looks at all: a list of thousands is work for the API server, too. */
async function until(plane: ControlPlane, count: number, holds: (profile: Seen) => boolean): Promise<void> {
  const last = `${profilesPath(NAMESPACE)}/${nameOf(count - 1)}`;
  while (!holds((await plane.admin.request('GET', last)).body as Seen)) await sleep(50);
  while (!(await profilesOf(plane)).every(holds)) await sleep(Math.max(50, count / 5));
}

/**
 * Deletes all of them. The API server breaks a request off after a minute, with an answer or without one, and those
 * that it has not come to stay: it is asked again then.
 */
async function removeAll(plane: ControlPlane): Promise<void> {
  for (let tries = 0; tries < ASKED_TO_DELETE; tries += 1) {
    const status = await plane.admin.request('DELETE', profilesPath(NAMESPACE)).then(
      (answer) => answer.status,
      () => GATEWAY_TIMEOUT,
    );
    if (status === 200) return untilGone(plane);
    if (status !== GATEWAY_TIMEOUT) throw new Error(`DELETE of all profiles: status ${String(status)}`);
  }
  throw new Error(`DELETE of all profiles was broken off ${String(ASKED_TO_DELETE)} times`);
}

async function untilGone(plane: ControlPlane): Promise<void> {
  while ((await profilesOf(plane, '?limit=1')).length > 0) await sleep(50);
}

async function post(plane: ControlPlane, count: number): Promise<void> {
  const names = Array.from({ length: count }, (_, index) => nameOf(index)).values();
  const worker = async (): Promise<void> => {
    for (const name of names) await create(plane, profilesPath(NAMESPACE), profile(name));
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function burst({ plane, manager, nodes }: Installation, count: number): Promise<Cost> {
  const cpu = () => [cpuMs(nodes[0]?.daemon.pid), cpuMs(manager.pid)] as const;
  const before = cpu();
  const started = performance.now();
  await post(plane, count);
  await until(plane, count, ({ status }) => status?.status === 'Installed');
  const installed = performance.now() - started;
  // Users wait for statuses, so the metadata of the last ones are written after these.
  await until(plane, count, ({ metadata }) => (metadata.finalizers ?? []).length > 0);
  const after = cpu();
  const asked = performance.now();
  await removeAll(plane);
  const deleted = performance.now() - asked;
  return {
    installed: installed / count,
    deleted: deleted / count,
    daemon: (after[0] - before[0]) / count,
    manager: (after[1] - before[1]) / count,
  };
}

async function measure(bundle: string | undefined): Promise<readonly [few: Cost, many: Cost]> {
  const plane = await startBareControlPlane();
  await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  const options = { nodes: ['real'], ...(bundle === undefined ? {} : { bundle }) };
  const installation = await Installation.start(plane, options);
  try {
    await burst(installation, FEW);
    return [await burst(installation, FEW), await burst(installation, MANY)];
  } finally {
    await installation.stop();
    await plane.stop();
  }
}

/** Installs and deletes bursts of profiles. */
export async function measureBursts(): Promise<readonly Figure[]> {
  const other = process.env['BENCH_BASELINE'];
  const baseline = other === undefined ? undefined : await measure(other);
  const [few, many] = await measure(undefined);
  const cpu = (role: 'daemon' | 'manager'): Figure => {
    const value = baseline?.[1][role] ?? KNOWN[role];
    const floor = { what: baseline === undefined ? 'as it was once' : 'the baseline', value };
    return {
      what: `CPU of the ${role} for each of ${String(MANY)}`,
      value: many[role],
      unit: 'ms',
      floor,
      bar: CPU_SHARE * value,
    };
  };
  const growth = (what: 'installed' | 'deleted'): Figure => {
    const floor = { what: 'the baseline', value: baseline === undefined ? 1 : baseline[1][what] / baseline[0][what] };
    return {
      what: `${String(MANY)} ${what}, each against ${String(FEW)}`,
      value: many[what] / few[what],
      unit: 'x',
      floor,
      bar: GROWTH,
    };
  };
  return [cpu('daemon'), cpu('manager'), growth('installed'), growth('deleted')];
}
