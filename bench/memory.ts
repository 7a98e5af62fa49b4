// SPDX-License-Identifier: Apache-2.0
// The memory of manager and daemon: idle, with a thousand profiles, and with ten thousand pods on other nodes. The
// roles run as in the image, against a control plane that the benchmark brings itself.
import { spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import {
  AS_IN_THE_IMAGE,
  create,
  Installation,
  profilesPath,
  REPORTS_PATH,
  startBareControlPlane,
} from '../tools/lab/operator.ts';
import type { Figure } from './report.ts';

const NAMESPACE = 'bench';
const PROFILES = 1000;
const PODS = 10_000;
/** V8 gives memory back some seconds after work has ended. */
const REST_MS = 20_000;
const PARALLEL = 16;

interface Memory {
  readonly pss: number;
  readonly rss: number;
}

/** MiB of a process. */
function memoryOf(pid: number | undefined): Memory {
  const text = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  const read = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1]) / 1024;
  return { pss: read('Pss'), rss: read('Rss') };
}

async function floor(node: string): Promise<Memory> {
  const argv = [...AS_IN_THE_IMAGE.args, '-e', 'setInterval(() => {}, 1e9)'];
  const child = spawn(node, argv, { env: { ...process.env, ...AS_IN_THE_IMAGE.env }, stdio: 'ignore' });
  try {
    await sleep(3000);
    return memoryOf(child.pid);
  } finally {
    child.kill();
  }
}

async function inParallel(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const left = Array.from({ length: count }, (_, index) => index).values();
  const worker = async (): Promise<void> => {
    for (const index of left) await work(index);
  };
  await Promise.all(Array.from({ length: PARALLEL }, worker));
}

async function installProfiles(plane: ControlPlane): Promise<void> {
  const kind = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
  const names = ['read', 'write', 'close', 'execve', 'exit_group', 'futex', 'mmap', 'openat', 'brk', 'fstat'];
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] };
  await inParallel(PROFILES, async (index) => {
    await create(plane, profilesPath(NAMESPACE), { ...kind, metadata: { name: `p-${String(index)}` }, spec });
  });
  for (;;) {
    const { body } = await plane.admin.request('GET', `${REPORTS_PATH}/real`);
    if ((body as { status?: { installed?: number } }).status?.installed === PROFILES) return;
    await sleep(200);
  }
}

async function startPods(plane: ControlPlane): Promise<void> {
  await inParallel(PODS, async (index) => {
    const spec = { nodeName: `elsewhere-${String(index % 100)}`, containers: [{ name: 'main', image: 'none' }] };
    await create(plane, `/api/v1/namespaces/${NAMESPACE}/pods`, { metadata: { name: `pod-${String(index)}` }, spec });
  });
}

interface Moment {
  readonly daemon: Memory;
  readonly manager: Memory;
}

async function look({ manager, nodes }: Installation): Promise<Moment> {
  await sleep(REST_MS);
  return { daemon: memoryOf(nodes[0]?.daemon.pid), manager: memoryOf(manager.pid) };
}

function figuresOf(bare: Memory, idle: Moment, profiles: Moment, pods: Moment): readonly Figure[] {
  const of = (what: string, value: number, bar: number, floorValue: number, peer?: string): Figure => ({
    what,
    value,
    unit: 'MiB',
    floor: { what: 'Node.js that does nothing', value: floorValue },
    bar,
    ...(peer === undefined ? {} : { peer }),
  });
  return [
    of('daemon, idle, PSS', idle.daemon.pss, 45, bare.pss, '39'),
    of('daemon, idle, RSS', idle.daemon.rss, 80, bare.rss, '78'),
    of(`daemon, more with ${String(PROFILES)} profiles, PSS`, profiles.daemon.pss - idle.daemon.pss, 10, 0),
    of(
      `daemon, more with ${String(PODS)} pods elsewhere, PSS`,
      pods.daemon.pss - profiles.daemon.pss,
      0.5,
      0,
      '4 GiB in a large cluster',
    ),
    of('manager, idle, PSS', idle.manager.pss, 90, bare.pss, '43, and 40 for each of 3 webhooks'),
    of(`manager, with ${String(PROFILES)} profiles, PSS`, profiles.manager.pss, 90, bare.pss),
    of(`manager, with ${String(PODS)} pods besides, PSS`, pods.manager.pss, 90, bare.pss),
  ];
}

/** Looks at the processes three times. */
export async function measureMemory(): Promise<readonly Figure[]> {
  const plane = await startBareControlPlane();
  await create(plane, '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  // A copy: pages of the program are shared by manager and daemon, as on a node of one, and not with this process.
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const node = path.join(folder, 'node');
  copyFileSync(process.execPath, node);
  const installation = await Installation.start(plane, { nodes: ['real'], node });
  try {
    const bare = await floor(node);
    const idle = await look(installation);
    await installProfiles(plane);
    const profiles = await look(installation);
    await startPods(plane);
    return figuresOf(bare, idle, profiles, await look(installation));
  } finally {
    await installation.stop();
    await plane.stop();
    rmSync(folder, { recursive: true });
  }
}
