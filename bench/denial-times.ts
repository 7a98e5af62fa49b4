// SPDX-License-Identifier: Apache-2.0
// How long it takes from the kernel's record of a denied call until the profile says so, by its condition and by an
// event. Needs the lab with the operator deployed; the chain is the real one, from the audit log of the node over log
// enricher, daemon and manager to the API server. The floor is how long that one takes to write a profile and show it.
import { readFileSync } from 'node:fs';
import { startAuditWriter, AUDIT_LOG } from '../test/e2e/audit-writer.ts';
import { BUSYBOX_IMAGE } from '../tools/lab/images.ts';
import { Api, profilesPath } from './api.ts';
import { loadBusybox } from './busybox.ts';
import { get, isRunning, SPOD_PATH, until } from './operator.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 30;
const NAMESPACE = 'bench-denial-times';
const PODS_PATH = `/api/v1/namespaces/${NAMESPACE}/pods`;
const EVENTS_PATH = `/api/v1/namespaces/${NAMESPACE}/events`;
const BAR_MS = { p50: 2000, p99: 10_000 };

/** A profile or an event, as far as it is read. */
interface Shown {
  readonly metadata: { readonly name: string; readonly annotations?: Readonly<Record<string, string>> };
  readonly status?: {
    readonly status?: string;
    readonly conditions?: readonly { readonly type: string; readonly status: string }[];
  };
  readonly reason?: string;
  readonly involvedObject?: { readonly name?: string };
}

function profile(name: string): object {
  const rule = { action: 'SCMP_ACT_KILL_PROCESS', names: ['mkdir', 'mkdirat'] };
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
    metadata: { name },
    spec: { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [rule] },
  };
}

/** Its container makes the denied call a second after it has started. */
function pod(name: string): object {
  const seccompProfile = { type: 'Localhost', localhostProfile: `operator/${NAMESPACE}/${name}.json` };
  const shell = {
    name: 'shell',
    image: BUSYBOX_IMAGE,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', '-c', 'sleep 1; mkdir /tmp/a; sleep 600'],
    securityContext: { seccompProfile },
  };
  const spec = { restartPolicy: 'Never', terminationGracePeriodSeconds: 0, containers: [shell] };
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name }, spec };
}

/** The time of the last record of the audit log, in milliseconds since 1970; 0 without any. */
function lastRecordMs(): number {
  const times = readFileSync(AUDIT_LOG, 'utf8').matchAll(/^type=SECCOMP .*?audit\((\d+\.\d+):/gm);
  return Math.round(Number([...times].at(-1)?.[1] ?? 0) * 1000);
}

const isDenied = ({ status }: Shown): boolean =>
  status?.conditions?.some(({ type, status: value }) => type === 'DenialsObserved' && value === 'True') === true;

/** Resolves with the time at which an object is seen of which something holds. */
async function seen(api: Api, resource: string, holds: (object: Shown) => boolean): Promise<number> {
  await api.watch(resource, ({ object }) => holds(object as Shown));
  return Date.now();
}

interface Times {
  readonly condition: number;
  readonly event: number;
  readonly floor: number;
}

/** Milliseconds of one denial, of a profile and a pod that nobody has heard of before. */
async function round(api: Api, name: string): Promise<Times> {
  await api.send('POST', profilesPath(NAMESPACE), profile(name));
  const installed = (object: Shown): boolean => object.metadata.name === name && object.status?.status === 'Installed';
  await seen(api, profilesPath(NAMESPACE), installed);
  const floor = await writtenAndShown(api, name);
  const condition = seen(api, profilesPath(NAMESPACE), (one) => one.metadata.name === name && isDenied(one));
  const isEvent = ({ reason, involvedObject }: Shown): boolean =>
    reason === 'DenialsObserved' && involvedObject?.name === name;
  const event = seen(api, EVENTS_PATH, isEvent);
  const before = lastRecordMs();
  await api.send('POST', PODS_PATH, pod(name));
  const [conditionAt, eventAt] = await Promise.all([condition, event]);
  const denied = lastRecordMs();
  if (denied === before) throw new Error(`${AUDIT_LOG} has no record of the denial in ${name}`);
  await api.send('DELETE', `${PODS_PATH}/${name}?gracePeriodSeconds=0`);
  return { condition: conditionAt - denied, event: eventAt - denied, floor };
}

async function writtenAndShown(api: Api, name: string): Promise<number> {
  const shown = seen(api, profilesPath(NAMESPACE), ({ metadata }) =>
    metadata.name === name ? metadata.annotations?.['bench'] === 'now' : false,
  );
  // The watch is there when its first answer could be.
  await get(api, profilesPath(NAMESPACE));
  const started = Date.now();
  const patch = { metadata: { annotations: { bench: 'now' } } };
  await api.send('PATCH', `${profilesPath(NAMESPACE)}/${name}`, patch, 'application/merge-patch+json');
  return (await shown) - started;
}

async function enable(api: Api, enableLogEnricher: boolean | null): Promise<void> {
  await api.send('PATCH', SPOD_PATH, { spec: { enableLogEnricher } }, 'application/merge-patch+json');
  await until('RUNNING', () => isRunning(api), 120);
}

function largest(values: readonly number[]): number {
  return Math.max(...values);
}

function figuresOf(times: readonly Times[]): readonly Figure[] {
  const floors = times.map(({ floor }) => floor);
  const what = 'a write of the profile, shown by a watch';
  return (['condition', 'event'] as const).flatMap((part): readonly Figure[] => {
    const values = times.map((one) => one[part]);
    const [middle, last] = [median(values), largest(values)];
    const name = `denied call -> ${part}`;
    return [
      { what: `${name}, p50`, value: middle, unit: 'ms', floor: { what, value: median(floors) }, bar: BAR_MS.p50 },
      {
        what: `${name}, slowest of ${String(times.length)}`,
        value: last,
        unit: 'ms',
        floor: { what, value: largest(floors) },
        bar: BAR_MS.p99,
      },
    ];
  });
}

/** Denies calls one after the other. */
export async function measureDenialTimes(): Promise<readonly Figure[]> {
  const api = await Api.connect();
  const endAudit = await startAuditWriter();
  try {
    await loadBusybox();
    await enable(api, true);
    await api.send('POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
    const times: Times[] = [];
    for (let at = 0; at < ROUNDS; at += 1) times.push(await round(api, `denied-${String(at)}`));
    return figuresOf(times);
  } finally {
    await api.send('DELETE', `/api/v1/namespaces/${NAMESPACE}`).catch(() => undefined);
    await enable(api, null);
    endAudit();
    api.close();
  }
}
