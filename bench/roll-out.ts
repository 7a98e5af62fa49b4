// SPDX-License-Identifier: Apache-2.0
// How long the daemon is away when an option of spod changes, and how fast it obeys SIGTERM. Needs the lab with the
// operator deployed. The floor is a DaemonSet of the lab's shell image that does nothing, replaced on the same node in
// the same way.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { BUSYBOX_IMAGE } from '../tools/lab/images.ts';
import { Api } from './api.ts';
import { loadBusybox } from './busybox.ts';
import { get, isRunning, SPOD_PATH, until } from './operator.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 5;
const FLOOR_PATH = '/apis/apps/v1/namespaces/default/daemonsets';

interface DaemonSet {
  readonly metadata: { readonly generation: number };
  readonly status: {
    readonly observedGeneration?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady: number;
  };
}

async function patch(api: Api, resource: string, body: object): Promise<void> {
  await api.send('PATCH', resource, body, 'application/merge-patch+json');
}

/** The daemon's process, which is one of this machine. */
function daemonPid(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const found = pids.find((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('/opt/spo/main.cjs\0daemon\0');
    } catch {
      // It has ended meanwhile.
      return false;
    }
  });
  if (found === undefined) throw new Error('no process of the daemon on this machine');
  return found;
}

/** From SIGTERM to the end of the process. The kubelet starts it again. */
async function stop(): Promise<number> {
  const pid = daemonPid();
  const started = performance.now();
  process.kill(Number(pid), 'SIGTERM');
  return (await until('the end of the daemon', async () => !existsSync(`/proc/${pid}`))) - started;
}

/** The same of a process that has nothing to end. */
async function stopFloor(): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const script = "process.once('SIGTERM', () => process.exit(0)); setInterval(() => {}, 1e9); console.log('up')";
    const child = spawn(process.execPath, ['-e', script], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    const ended = once(child, 'exit');
    const started = performance.now();
    child.kill('SIGTERM');
    await ended;
    times.push(performance.now() - started);
  }
  return Math.max(...times);
}

async function turn(api: Api, enableProfiling: boolean): Promise<{ readonly away: number; readonly stop: number }> {
  const started = performance.now();
  await patch(api, SPOD_PATH, { spec: { enableProfiling } });
  await until('UPDATING', async () => !(await isRunning(api)));
  const away = (await until('RUNNING', () => isRunning(api))) - started;
  const stopped = await stop();
  await until('UPDATING', async () => !(await isRunning(api)));
  await until('RUNNING', () => isRunning(api));
  return { away, stop: stopped };
}

function idleDaemonSet(): object {
  const labels = { app: 'floor' };
  const command = ['sh', '-c', 'trap "exit 0" TERM; sleep 3600 & wait'];
  const containers = [{ name: 'idle', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent', command }];
  const template = { metadata: { labels }, spec: { containers } };
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: { name: 'floor' },
    spec: { selector: { matchLabels: labels }, template },
  };
}

async function isReady(api: Api): Promise<boolean> {
  const { metadata, status } = await get<DaemonSet>(api, `${FLOOR_PATH}/floor`);
  const current = (status.observedGeneration ?? 0) >= metadata.generation;
  return current && status.updatedNumberScheduled === 1 && status.numberReady === 1;
}

async function measureFloor(api: Api): Promise<number> {
  await loadBusybox();
  await api.send('POST', FLOOR_PATH, idleDaemonSet());
  const times: number[] = [];
  try {
    await until('the idle DaemonSet', () => isReady(api));
    for (let round = 0; round < ROUNDS; round++) {
      const started = performance.now();
      await patch(api, `${FLOOR_PATH}/floor`, {
        spec: { template: { metadata: { annotations: { round: String(round) } } } },
      });
      times.push((await until('the idle DaemonSet', () => isReady(api))) - started);
    }
  } finally {
    await api.send('DELETE', `${FLOOR_PATH}/floor`);
  }
  return median(times);
}

/** Switches profiling on and off. */
export async function measureRollOut(): Promise<readonly Figure[]> {
  const api = await Api.connect();
  try {
    await until('RUNNING', () => isRunning(api));
    const floor = await measureFloor(api);
    const turns: { readonly away: number; readonly stop: number }[] = [];
    for (let round = 0; round < ROUNDS; round++) turns.push(await turn(api, round % 2 === 0));
    await patch(api, SPOD_PATH, { spec: { enableProfiling: null } });
    await until('RUNNING', () => isRunning(api));
    return [
      {
        what: 'roll-out after enableProfiling has changed: to RUNNING, slowest of 5',
        value: Math.max(...turns.map(({ away }) => away)),
        unit: 'ms',
        floor: { what: 'a DaemonSet that does nothing, median', value: floor },
        bar: 6000,
        peer: '35 s',
      },
      {
        what: 'SIGTERM to the end of the daemon, slowest of 5',
        value: Math.max(...turns.map(({ stop }) => stop)),
        unit: 'ms',
        floor: { what: 'a Node.js that ends at once, slowest of 5', value: await stopFloor() },
        bar: 1000,
      },
    ];
  } finally {
    api.close();
  }
}
