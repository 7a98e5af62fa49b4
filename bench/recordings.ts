// SPDX-License-Identifier: Apache-2.0
// The eBPF recorder on a node: from the end of a container to its finished profile in the API, however it ended, and
// the memory of the two processes. Needs the lab with the operator deployed. The floor is how long the API server takes
// to write a profile and to show it.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ANNOTATION, LABEL } from '../src/core/names.ts';
import { BUSYBOX_IMAGE } from '../tools/lab/images.ts';
import { Api, profilesPath } from './api.ts';
import { loadBusybox } from './busybox.ts';
import type { Figure } from './report.ts';

const ROUNDS = 5;
const NAMESPACE = 'bench-recordings';
const GROUP = '/apis/security-profiles-operator.x-k8s.io/v1alpha1/namespaces';
const SPOD_PATH = `${GROUP}/security-profiles-operator/securityprofilesoperatordaemons/spod`;
const PODS_PATH = `/api/v1/namespaces/${NAMESPACE}/pods`;

/** A sleep of so many seconds is a process that the benchmark finds: nothing else sleeps so long. */
const SECONDS = 86_317;

interface Spod {
  readonly metadata: { readonly generation: number };
  readonly status?: { readonly state?: string; readonly observedGeneration?: number };
}

interface Pod {
  readonly status?: { readonly containerStatuses?: readonly { readonly containerID?: string }[] };
}

interface Profile {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
  };
}

async function find<T>(api: Api, resource: string): Promise<T | undefined> {
  return api.send('GET', resource).then(
    (text) => JSON.parse(text) as T,
    () => undefined,
  );
}

async function until(what: string, holds: () => Promise<boolean> | boolean): Promise<number> {
  const end = performance.now() + 90_000;
  while (!(await holds())) {
    if (performance.now() > end) throw new Error(`${what}: not within 90 s`);
    await sleep(5);
  }
  return performance.now();
}

/** Pids of processes of this machine whose command line holds these words. */
function pidsOf(words: string): readonly number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').includes(words);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

/**
 * The child of a shell that was told to sleep; 0 while there is none. A shell that has the sleep in it forks without an
 * exec, so that the child has the command line of the shell.
 */
function sleeperOf(words: string): number {
  const pids = pidsOf(words);
  return pids.find((pid) => pids.includes(parentOf(pid))) ?? 0;
}

function pssOf(pid: number | undefined): number {
  const text = readFileSync(`/proc/${String(pid)}/smaps_rollup`, 'utf8');
  return Number(/^Pss: +(\d+) kB/m.exec(text)?.[1]) / 1024;
}

/** Milliseconds of processor time that a process has used. */
function usedMs(pid: number | undefined): number {
  const fields =
    readFileSync(`/proc/${String(pid)}/stat`, 'utf8')
      .split(') ')[1]
      ?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
}

async function enable(api: Api, enableBpfRecorder: boolean | null): Promise<void> {
  await api.send('PATCH', SPOD_PATH, { spec: { enableBpfRecorder } }, 'application/merge-patch+json');
  await until('RUNNING', async () => {
    const spod = await find<Spod>(api, SPOD_PATH);
    const isCurrent = (spod?.status?.observedGeneration ?? 0) >= (spod?.metadata.generation ?? Infinity);
    return isCurrent && spod?.status?.state === 'RUNNING';
  });
}

function recording(): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileRecording',
    metadata: { name: 'bench' },
    spec: { kind: 'SeccompProfile', recorder: 'bpf', podSelector: { matchLabels: { app: 'bench' } } },
  };
}

function pod(name: string, seconds: number, status: number): object {
  // The sleep is its only child ever: one more before it would be taken for it.
  const command = ['sh', '-c', `cd /tmp; sleep ${String(seconds)}; exit ${String(status)}`];
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { app: 'bench' } },
    spec: {
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 0,
      containers: [{ name: 'shell', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent', command }],
    },
  };
}

/** How a container ends. */
const ENDS: Readonly<Record<string, (api: Api, name: string, sleeper: number) => Promise<unknown>>> = {
  Succeeded: async (_, __, sleeper) => process.kill(sleeper, 'SIGTERM'),
  Failed: async (_, __, sleeper) => process.kill(sleeper, 'SIGTERM'),
  killed: async (_, __, sleeper) => process.kill(parentOf(sleeper), 'SIGKILL'),
  deleted: (api, name) => api.send('DELETE', `${PODS_PATH}/${name}?gracePeriodSeconds=0`),
};

function parentOf(pid: number): number {
  try {
    return Number(/^PPid:\t(\d+)/m.exec(readFileSync(`/proc/${String(pid)}/status`, 'utf8'))?.[1]);
  } catch {
    // It has ended meanwhile.
    return 0;
  }
}

/** From the end of the container's first process to the profile that says so. */
async function timeOfEnd(api: Api, how: string, round: number): Promise<number> {
  const name = `${how.toLowerCase()}-${String(round)}`;
  await api.send('POST', PODS_PATH, pod(name, SECONDS, how === 'Failed' ? 3 : 0));
  let sleeper = 0;
  await until('the sleep', () => (sleeper = sleeperOf(`sleep ${String(SECONDS)}`)) !== 0);
  const first = parentOf(sleeper);
  // Of a pod that is deleted before its kubelet has told the container's id, nobody learns the container's name.
  await until('the id of the container', async () => {
    const { status } = (await find<Pod>(api, `${PODS_PATH}/${name}`)) ?? {};
    return status?.containerStatuses?.[0]?.containerID !== undefined;
  });
  await ENDS[how]?.(api, name, sleeper);
  const ended = await until('the end of the container', () => !existsSync(`/proc/${String(first)}`));
  const written = await until(`the profile of ${name}`, () => isFinished(api, `bench-shell`));
  await api.send('DELETE', `${PODS_PATH}/${name}?gracePeriodSeconds=0`).catch(() => undefined);
  await until('the end of the pod', async () => (await find(api, `${PODS_PATH}/${name}`)) === undefined);
  await api.send('DELETE', `${profilesPath(NAMESPACE)}/bench-shell`);
  await until('no profile', async () => (await find(api, `${profilesPath(NAMESPACE)}/bench-shell`)) === undefined);
  return written - ended;
}

async function isFinished(api: Api, name: string): Promise<boolean> {
  const profile = await find<Profile>(api, `${profilesPath(NAMESPACE)}/${name}`);
  if (profile === undefined || profile.metadata.labels?.[LABEL.partial] !== undefined) return false;
  return profile.metadata.annotations?.[ANNOTATION.recordingEvidence]?.includes('"state":"ended"') === true;
}

/** How long a profile takes to be written and shown. */
async function measureFloor(api: Api): Promise<number> {
  const profile = {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name: 'floor' },
    spec: { defaultAction: 'SCMP_ACT_ERRNO' },
  };
  const started = performance.now();
  await api.send('POST', profilesPath(NAMESPACE), profile);
  const shown = await until(
    'the profile',
    async () => (await find(api, `${profilesPath(NAMESPACE)}/floor`)) !== undefined,
  );
  await api.send('DELETE', `${profilesPath(NAMESPACE)}/floor`);
  return shown - started;
}

/** Ends containers in every way, and looks at the processes when nothing is recorded any more. */
export async function measureRecordings(): Promise<readonly Figure[]> {
  await loadBusybox();
  const api = await Api.connect();
  const labels = { [LABEL.enableRecording]: '' };
  try {
    await api.send('POST', '/api/v1/namespaces', {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: NAMESPACE, labels },
    });
    await enable(api, true);
    const recordings = `${GROUP}/${NAMESPACE}/profilerecordings`;
    await api.send('POST', recordings, recording());
    await sleep(2000);
    const floor = await measureFloor(api);
    const figures: Figure[] = [];
    for (const how of Object.keys(ENDS)) {
      const times: number[] = [];
      for (let round = 0; round < ROUNDS; round++) times.push(await timeOfEnd(api, how, round));
      figures.push({
        what: `end of a container, ${how}, to the profile in the API, slowest of ${String(ROUNDS)}`,
        value: Math.max(...times),
        unit: 'ms',
        floor: { what: 'a profile that is written and read', value: floor },
        bar: 500,
        peer: how === 'Succeeded' ? '200 ms' : 'never',
      });
    }
    await api.send('DELETE', `${recordings}/bench`);
    return [...figures, ...(await measureProcesses())];
  } finally {
    await enable(api, null);
    await api.send('DELETE', `/api/v1/namespaces/${NAMESPACE}`);
    api.close();
  }
}

/** Memory and processor time while nothing is recorded. */
async function measureProcesses(): Promise<readonly Figure[]> {
  await sleep(20_000);
  const [node] = pidsOf('main.cjs bpf-recorder');
  const [program] = pidsOf('/opt/spo/container_recorder');
  const before = usedMs(node) + usedMs(program);
  await sleep(10_000);
  const used = usedMs(node) + usedMs(program) - before;
  const none = { what: 'nothing', value: 0 };
  return [
    { what: 'PSS of the recorder', value: pssOf(node), unit: 'MiB', floor: none, bar: 40 },
    { what: 'PSS of its program, detached', value: pssOf(program), unit: 'MiB', floor: none, bar: 6 },
    { what: 'processor time of both in 10 s, detached', value: used, unit: 'ms', floor: none, bar: 20 },
  ];
}
