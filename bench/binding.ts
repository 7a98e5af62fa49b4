// SPDX-License-Identifier: Apache-2.0
// How much later a pod starts because its profile comes together with it: profile and pod are created one after the
// other, the binding puts the one on the other, and the pod waits until the file is on its node. Beside it the same pod
// without a profile. Needs the lab with the operator deployed.
import { setTimeout as sleep } from 'node:timers/promises';
import { BUSYBOX_IMAGE } from '../tools/lab/images.ts';
import { Api, profilesPath } from './api.ts';
import { lenientProfile } from './profiles.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const BOUND = 'bench-bound';
const FREE = 'bench-free';
/** Pods one after the other, for the time; the rest of the 200 comes at once, for the errors. */
const ALONE = 40;
const TOGETHER = { rounds: 16, pods: 10 };
const ADDED_MS = 150;

interface Pod {
  readonly metadata: { readonly name: string };
  readonly status?: {
    readonly phase?: string;
    readonly containerStatuses?: readonly { readonly state?: { readonly waiting?: { readonly reason?: string } } }[];
  };
}

function pod(name: string): object {
  const shell = { name: 'shell', image: BUSYBOX_IMAGE, imagePullPolicy: 'IfNotPresent', command: ['sleep', '600'] };
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [shell] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: { name } }, spec };
}

function binding(name: string): object {
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileBinding',
    metadata: { name },
    spec: {
      profileRef: { kind: 'SeccompProfile', name },
      image: BUSYBOX_IMAGE,
      podSelector: { matchLabels: { name } },
    },
  };
}

const podsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;
const bindingsPath = (namespace: string): string =>
  profilesPath(namespace).replace('v1beta1', 'v1alpha1').replace('seccompprofiles', 'profilebindings');

/** Failed starts of containers that were seen. */
const failed = new Set<string>();

/** Resolves with the time at which all pods run. */
async function untilRunning(api: Api, namespace: string, names: ReadonlySet<string>): Promise<number> {
  const left = new Set(names);
  await api.watch(podsPath(namespace), ({ object }) => {
    const { metadata, status } = object as Pod;
    const isFailing = status?.containerStatuses?.some(({ state }) => /Error$/.test(state?.waiting?.reason ?? ''));
    if (isFailing === true) failed.add(`${namespace}/${metadata.name}`);
    if (status?.phase === 'Running') left.delete(metadata.name);
    return left.size === 0;
  });
  return performance.now();
}

/** Creates objects in order and returns milliseconds from the first request until the pods run. */
async function start(api: Api, namespace: string, names: readonly string[], bound: boolean): Promise<number> {
  const running = untilRunning(api, namespace, new Set(names));
  await sleep(20);
  const started = performance.now();
  for (const name of names) {
    if (bound) await api.send('POST', profilesPath(namespace), lenientProfile(name));
    await api.send('POST', podsPath(namespace), pod(name));
  }
  const took = (await running) - started;
  await Promise.all(names.map((name) => api.send('DELETE', `${podsPath(namespace)}/${name}?gracePeriodSeconds=0`)));
  return took;
}

async function bindAll(api: Api, names: readonly string[]): Promise<void> {
  for (const name of names) await api.send('POST', bindingsPath(BOUND), binding(name));
  // The webhook sees a binding a moment after it was made.
  await sleep(1000);
}

async function prepare(api: Api): Promise<void> {
  const label = { 'spo.x-k8s.io/enable-binding': '' };
  for (const [name, labels] of [[BOUND, label] as const, [FREE, {}] as const])
    await api.send('POST', '/api/v1/namespaces', { metadata: { name, labels } });
}

async function clear(api: Api): Promise<void> {
  for (const path of [bindingsPath(BOUND), profilesPath(BOUND)]) await api.send('DELETE', path);
  for (const name of [BOUND, FREE]) await api.send('DELETE', `/api/v1/namespaces/${name}`);
}

/** Starts pods with their profiles and without. */
export async function measureBinding(): Promise<readonly Figure[]> {
  const api = await Api.connect();
  try {
    await prepare(api);
    const alone = Array.from({ length: ALONE }, (_, index) => `alone-${String(index)}`);
    const rounds = Array.from({ length: TOGETHER.rounds }, (_, round) =>
      Array.from({ length: TOGETHER.pods }, (__, index) => `round-${String(round)}-${String(index)}`),
    );
    await bindAll(api, [...alone, ...rounds.flat()]);
    const bound: number[] = [];
    const free: number[] = [];
    for (const name of alone) {
      free.push(await start(api, FREE, [name], false));
      bound.push(await start(api, BOUND, [name], true));
    }
    for (const names of rounds) await start(api, BOUND, names, true);
    const floor = { what: 'the same pod without a profile', value: median(free) };
    const errors = [...failed].filter((name) => name.startsWith(BOUND)).length;
    return [
      {
        what: 'profile, then pod: first POST to Running, p50',
        value: median(bound),
        unit: 'ms',
        floor,
        bar: floor.value + ADDED_MS,
      },
      {
        what: 'containers of 200 that failed to start at first',
        value: errors,
        unit: 'names',
        floor: { what: 'none', value: 0 },
        bar: 0,
      },
    ];
  } finally {
    await clear(api);
    api.close();
  }
}
