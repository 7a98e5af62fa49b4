// SPDX-License-Identifier: Apache-2.0
// How long a pod takes to start whose profile is made in the same moment, beside the same pod without a profile. Needs
// the lab with the operator deployed: npm run lab -- up, then npm run lab -- deploy.
import { setTimeout as sleep } from 'node:timers/promises';
import { LABEL } from '../src/core/names.ts';
import { PAUSE_IMAGE } from '../tools/lab/containerd.ts';
import { Api, profilesPath } from './api.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 200;
const LONGEST_MS = 60_000;
const BOUND = 'bench-bound';
const PLAIN = 'bench-plain';

interface Started {
  readonly ms: number;
  /** Times that the container could not be created. */
  readonly errors: number;
}

interface PodStatus {
  readonly status?: {
    readonly containerStatuses?: readonly {
      readonly state?: { readonly running?: object; readonly waiting?: { readonly reason?: string } };
    }[];
  };
}

interface EventList {
  readonly items: readonly unknown[];
}

const podsPath = (namespace: string): string => `/api/v1/namespaces/${namespace}/pods`;

async function createProfile(api: Api, name: string): Promise<void> {
  const apiVersion = 'security-profiles-operator.x-k8s.io/v1beta1';
  const spec = { defaultAction: 'SCMP_ACT_ALLOW' };
  await api.send('POST', profilesPath(BOUND), { apiVersion, kind: 'SeccompProfile', metadata: { name }, spec });
}

function podOf(name: string, namespace: string): object {
  const localhostProfile = `operator/${namespace}/${name}.json`;
  const securityContext = { seccompProfile: { type: 'Localhost', localhostProfile } };
  return {
    metadata: { name },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      ...(namespace === BOUND ? { securityContext } : {}),
      containers: [{ name: 'c', image: PAUSE_IMAGE, imagePullPolicy: 'Never' }],
    },
  };
}

/** From the request that creates the pod until its container is seen running. */
async function startPod(api: Api, name: string, namespace: string): Promise<Started> {
  const path = `${podsPath(namespace)}/${name}`;
  const started = performance.now();
  await api.send('POST', podsPath(namespace), podOf(name, namespace));
  let errors = 0;
  for (;;) {
    const { status } = JSON.parse(await api.send('GET', path)) as PodStatus;
    const state = status?.containerStatuses?.[0]?.state;
    if (state?.waiting?.reason === 'CreateContainerError') errors += 1;
    if (state?.running !== undefined) break;
    if (performance.now() - started > LONGEST_MS) throw new Error(`${namespace}/${name} does not run`);
    await sleep(5);
  }
  const ms = performance.now() - started;
  const query = `fieldSelector=involvedObject.name=${name},reason=Failed`;
  const events = JSON.parse(await api.send('GET', `/api/v1/namespaces/${namespace}/events?${query}`)) as EventList;
  await api.send('DELETE', `${path}?gracePeriodSeconds=0`);
  return { ms, errors: errors + events.items.length };
}

/** Pods are taken from when a namespace has its account on. */
async function untilAccount(api: Api, namespace: string): Promise<void> {
  const account = (): Promise<boolean> =>
    api.send('GET', `/api/v1/namespaces/${namespace}/serviceaccounts/default`).then(
      () => true,
      () => false,
    );
  while (!(await account())) await sleep(50);
}

/** Starts pods of both kinds by turns. */
export async function measurePods(): Promise<readonly Figure[]> {
  const api = await Api.connect();
  try {
    for (const [name, labels] of [
      [BOUND, { [LABEL.enableBinding]: '' }],
      [PLAIN, {}],
    ] as const) {
      await api.send('POST', '/api/v1/namespaces', { metadata: { name, labels } });
      await untilAccount(api, name);
    }
    const plain: Started[] = [];
    const bound: Started[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const name = `pod-${String(round)}`;
      plain.push(await startPod(api, name, PLAIN));
      await createProfile(api, name);
      bound.push(await startPod(api, name, BOUND));
    }
    await api.send('DELETE', profilesPath(BOUND));
    for (const name of [BOUND, PLAIN]) await api.send('DELETE', `/api/v1/namespaces/${name}`);
    return figures(plain, bound);
  } finally {
    api.close();
  }
}

function figures(plain: readonly Started[], bound: readonly Started[]): readonly Figure[] {
  const floor = median(plain.map(({ ms }) => ms));
  const value = median(bound.map(({ ms }) => ms)) - floor;
  const errors = bound.reduce((sum, started) => sum + started.errors, 0);
  const what = 'profile and pod at once';
  return [
    {
      what: `${what}: CREATE to running, beyond a pod without a profile, p50`,
      value,
      unit: 'ms',
      floor: { what: 'a pod without a profile', value: floor },
      bar: 150,
    },
    {
      what: `${what}: containers that could not be created in ${String(ROUNDS)} tries`,
      value: errors,
      unit: 'errors',
      floor: { what: 'none', value: 0 },
      bar: 0,
    },
  ];
}
