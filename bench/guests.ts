// SPDX-License-Identifier: Apache-2.0
// How long SELinux and AppArmor profiles take until they are Installed on the nodes that have these modules, beside the
// tools of a node doing the same by themselves, and the policy commits that a restart costs. Needs the lab with guests:
// npm run lab -- up --apparmor --selinux, then npm run lab -- deploy --spod
// '{"enableAppArmor":true,"enableSelinux":true}'.
import { setTimeout as sleep } from 'node:timers/promises';
import { clusterInstance, openCluster } from '../tools/lab/cluster.ts';
import type { Cluster } from '../tools/lab/cluster.ts';
import { guestNodeName } from '../tools/lab/guest/node.ts';
import type { Guest } from '../tools/lab/guest/remote.ts';
import type { SecurityModule } from '../tools/lab/guest/security-module.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const NAMESPACE = 'bench';
const ROUNDS = 3;
const GROUP = '/apis/security-profiles-operator.x-k8s.io';

/** A kind of profile: its resource, and an object of it. */
interface Kind {
  readonly module: SecurityModule;
  readonly path: string;
  object(name: string): object;
}

const SELINUX: Kind = {
  module: 'selinux',
  path: `${GROUP}/v1alpha2/namespaces/${NAMESPACE}/selinuxprofiles`,
  object: (name) => ({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha2',
    kind: 'SelinuxProfile',
    metadata: { name },
    spec: {
      allow: { http_cache_port_t: { tcp_socket: ['name_bind'] }, node_t: { tcp_socket: ['node_bind'] } },
      inherit: [{ kind: 'System', name: 'container' }],
    },
  }),
};

const APPARMOR: Kind = {
  module: 'apparmor',
  path: `${GROUP}/v1alpha1/namespaces/${NAMESPACE}/apparmorprofiles`,
  object: (name) => ({
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'AppArmorProfile',
    metadata: { name },
    spec: { policy: policyOf(name) },
  }),
};

/** The manual's example. */
function policyOf(name: string): string {
  return `#include <tunables/global>

profile ${name} flags=(attach_disconnected) {
  #include <abstractions/base>

  file,

  # Deny all file writes.
  deny /** w,
}
`;
}

/** The guest and the API server. */
interface Place {
  readonly cluster: Cluster;
  readonly guest: Guest;
}

async function placeOf(module: SecurityModule): Promise<Place> {
  const cluster = await openCluster(clusterInstance());
  const guest = cluster.guests.find(({ name }) => name === guestNodeName(module));
  if (guest === undefined) throw new Error(`no node has ${module}: npm run lab -- up --${module}`);
  await send(cluster, 'POST', '/api/v1/namespaces', { metadata: { name: NAMESPACE } });
  return { cluster, guest };
}

/** Sends a request; an object that is there already is as good. */
async function send(cluster: Cluster, method: string, path: string, object?: object): Promise<unknown> {
  const { status, body } = await cluster.admin.request(method, path, object);
  if (status >= 300 && status !== 409) throw new Error(`${method} ${path}: ${String(status)} ${JSON.stringify(body)}`);
  return body;
}

interface Listed {
  readonly items: readonly { readonly status?: { readonly status?: string } }[];
}

/** Waits until so many profiles are there and all are Installed. */
async function untilInstalled({ cluster }: Place, { path }: Kind, count: number): Promise<void> {
  for (;;) {
    const { items } = (await send(cluster, 'GET', path)) as Listed;
    if (items.length === count && items.every(({ status }) => status?.status === 'Installed')) return;
    // Not to take more of the processors, which are the guest's, than what is measured.
    await sleep(200);
  }
}

async function removeAll(place: Place, { path }: Kind): Promise<void> {
  await send(place.cluster, 'DELETE', path);
  await untilInstalled(place, { ...SELINUX, path }, 0);
}

/** Milliseconds from the first POST until all are Installed. */
async function install(place: Place, kind: Kind, count: number): Promise<number> {
  const names = Array.from({ length: count }, (_, at) => `bench-${String(at)}`);
  const started = performance.now();
  await Promise.all(names.map((name) => send(place.cluster, 'POST', kind.path, kind.object(name))));
  await untilInstalled(place, kind, count);
  return performance.now() - started;
}

async function run({ guest }: Place, line: string): Promise<string> {
  const { status, stdout, stderr } = await guest.exec(['sh', '-c', line]);
  if (status !== 0) throw new Error(`${line}: ${stderr}`);
  return stdout;
}

async function timed(place: Place, line: string): Promise<number> {
  const started = performance.now();
  await run(place, line);
  return performance.now() - started;
}

/** Times of one profile and of the node's own tool, by turns. */
async function one(place: Place, kind: Kind, floor: () => Promise<number>): Promise<readonly [number, number]> {
  const rounds: [number, number][] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    const value = await install(place, kind, 1);
    await removeAll(place, kind);
    rounds.push([value, await floor()]);
  }
  return [median(rounds.map(([value]) => value)), median(rounds.map(([, least]) => least))];
}

/**
 * How often the kernel has taken a policy: the fourth number of its status page (struct selinux_kernel_status in
 * security/selinux/include/security.h).
 */
async function policyLoads(place: Place): Promise<number> {
  return Number(await run(place, 'od -A n -t u4 -j 12 -N 4 /sys/fs/selinux/status'));
}

/** Ends the operator's processes of a role on the guest; the kubelet starts them again. */
async function restart(place: Place, role: string): Promise<void> {
  const pods = `/api/v1/namespaces/security-profiles-operator/pods?labelSelector=name%3Dspod&fieldSelector=spec.nodeName%3D${place.guest.name}`;
  const restarts = async (): Promise<string> => {
    const { items } = (await send(place.cluster, 'GET', pods)) as { items: readonly RestartedPod[] };
    const all = items.flatMap(({ status }) => status.containerStatuses);
    return all.every(({ ready }) => ready) ? String(all.reduce((sum, { restartCount }) => sum + restartCount, 0)) : '';
  };
  const before = await restarts();
  await run(
    place,
    `for pid in $(grep -lzx ${role} /proc/[0-9]*/cmdline | tr -dc '0-9\\n'); do kill -KILL $pid; done; true`,
  );
  for (;;) {
    const now = await restarts();
    if (now !== '' && now !== before) return;
    await sleep(500);
  }
}

interface RestartedPod {
  readonly status: {
    readonly containerStatuses: readonly { readonly ready: boolean; readonly restartCount: number }[];
  };
}

/** SELinux profiles: one, fifty at once, and what a restart of daemon and selinuxd costs with these. */
export async function measureSelinuxNodes(): Promise<readonly Figure[]> {
  const place = await placeOf('selinux');
  await removeAll(place, SELINUX);
  const text =
    '(block bench_floor (blockinherit container) (allow process http_cache_port_t (tcp_socket (name_bind))))';
  const floor = async (): Promise<number> => {
    const took = await timed(place, `echo '${text}' >/run/bench_floor.cil && semodule -i /run/bench_floor.cil`);
    await run(place, 'semodule -r bench_floor');
    return took;
  };
  const [single, tool] = await one(place, SELINUX, floor);
  const fifty = await install(place, SELINUX, 50);
  const before = await policyLoads(place);
  for (const role of ['daemon', 'selinuxd']) await restart(place, role);
  await sleep(10_000);
  await untilInstalled(place, SELINUX, 50);
  const commits = (await policyLoads(place)) - before;
  await removeAll(place, SELINUX);
  const least = { what: 'one `semodule -i` there', value: tool };
  const nothing = { what: 'nothing', value: 0 };
  return [
    { what: 'one SELinux profile: POST to Installed, p50', value: single, unit: 'ms', floor: least, bar: tool * 1.3 },
    { what: '50 at once: to all Installed', value: fifty, unit: 'ms', floor: least, bar: tool * 2, peer: '50 x' },
    { what: 'policies loaded at restarts with 50', value: commits, unit: 'times', floor: nothing, bar: 0, peer: '50' },
  ];
}

/** AppArmor profiles: one, and a hundred at once. */
export async function measureAppArmorNodes(): Promise<readonly Figure[]> {
  const place = await placeOf('apparmor');
  await removeAll(place, APPARMOR);
  const floor = async (): Promise<number> => {
    await run(place, `cat >/run/bench-floor <<'END'\n${policyOf('bench-floor')}END\n`);
    return timed(place, 'apparmor_parser --replace --skip-cache /run/bench-floor');
  };
  const [single, tool] = await one(place, APPARMOR, floor);
  const hundred = await install(place, APPARMOR, 100);
  await removeAll(place, APPARMOR);
  await run(place, 'apparmor_parser --remove /run/bench-floor');
  const least = { what: 'one `apparmor_parser -r` there', value: tool };
  return [
    { what: 'one AppArmor profile: POST to Installed, p50', value: single, unit: 'ms', floor: least, bar: tool * 1.5 },
    { what: '100 at once: to all Installed', value: hundred, unit: 'ms', floor: least, bar: tool * 15 },
  ];
}
