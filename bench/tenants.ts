// SPDX-License-Identifier: Apache-2.0
// The share that one tenant can take from all others: 40 profiles of 1 MB in one namespace, with bindings, recordings
// and AppArmorProfiles of half a megabyte, 30 profiles of 100 KB in ten more, and small ones of another namespace
// meanwhile. The roles run as in the image, each under the memory limit of the manifests (128 MiB), against a control
// plane that the benchmark brings itself.
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { syscallName, syscallNumbers } from '../src/core/seccomp/syscalls.ts';
import type { ControlPlane } from '../tools/lab/control-plane.ts';
import { create, Installation, profilesPath, startBareControlPlane } from '../tools/lab/operator.ts';
import { PeakMemory, pssOf } from './peak-memory.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';
import { otherKinds } from './tenants-kinds.ts';
import type { Creation } from './tenants-kinds.ts';

const LIMIT_MIB = 128;
const LARGE = { namespace: 'large', count: 40, rules: 240 };
const MIDDLE = { namespaces: 10, count: 30, rules: 24 };
/** Bindings, recordings and AppArmorProfiles of the first of them, each. */
const OTHER_KINDS = 30;
const OTHERS = 'others';
const KIND = { apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1', kind: 'SeccompProfile' };
/** How long everything may take; a bar that is missed by far should not hang the benchmark. */
const PATIENCE_MS = 300_000;

/** Where memory groups are, and the file of their limit: cgroup v2 or v1. */
const GROUPS = existsSync('/sys/fs/cgroup/cgroup.controllers')
  ? { root: '/sys/fs/cgroup', file: 'memory.max' }
  : { root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' };

/** A program that starts Node.js in a memory group of its own, as a container runtime would. */
function limitedNode(folder: string): string {
  const node = path.join(folder, 'node');
  copyFileSync(process.execPath, node);
  const { root, file } = GROUPS;
  const program = path.join(folder, 'limited');
  const group = `${root}/${path.basename(folder)}-$$`;
  const lines = [
    '#!/bin/sh -e',
    `mkdir ${group}`,
    `echo ${String(LIMIT_MIB)}M > ${group}/${file}`,
    `echo $$ > ${group}/cgroup.procs`,
    `exec ${node} "$@"`,
  ];
  writeFileSync(program, `${lines.join('\n')}\n`);
  chmodSync(program, 0o755);
  return program;
}

/** All calls of the machine. */
const CALLS = syscallNumbers('SCMP_ARCH_X86_64').flatMap((number) => syscallName('SCMP_ARCH_X86_64', number) ?? []);

/**
 * A profile whose rules name nearly all calls, again and again: 4.5 KB a rule, and a filter that every kernel takes.
 */
function large(name: string, rules: number): object {
  const syscalls = Array.from({ length: rules }, (_, rule) => ({
    action: 'SCMP_ACT_ALLOW',
    names: CALLS.slice(rule % 50),
  }));
  return { ...KIND, metadata: { name }, spec: { defaultAction: 'SCMP_ACT_ERRNO', syscalls } };
}

function small(name: string): object {
  const names = ['read', 'write', 'close', 'execve', 'exit_group', 'futex', 'mmap', 'openat', 'brk', 'fstat'];
  const spec = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names }] };
  return { ...KIND, metadata: { name }, spec };
}

/** Removes the groups of processes that have ended. */
function removeGroups(folder: string): void {
  const ours = readdirSync(GROUPS.root).filter((name) => name.startsWith(`${path.basename(folder)}-`));
  for (const name of ours) rmdirSync(path.join(GROUPS.root, name));
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

/**
 * Validating a profile of 1 MB takes the API server seconds, and where others work beside it more than it gives itself.
 */
async function createWith(plane: ControlPlane, { path: resource, object }: Creation): Promise<void> {
  for (;;) {
    const { status, body } = await plane.admin.request('POST', resource, object);
    if (status < 300 || status === 409) return;
    if (status !== 504) throw new Error(`${resource} was not created: ${String(status)} ${JSON.stringify(body)}`);
  }
}

async function createAll(plane: ControlPlane): Promise<void> {
  const wanted = [
    ...Array.from(
      { length: LARGE.count },
      (_, i) => [LARGE.namespace, large(`large-${String(i)}`, LARGE.rules)] as const,
    ),
    ...Array.from({ length: MIDDLE.count }, (_, i) => {
      const namespace = `middle-${String(i % MIDDLE.namespaces)}`;
      return [namespace, large(`middle-${String(i)}`, MIDDLE.rules)] as const;
    }),
  ].values();
  for (const [namespace, object] of wanted) await createWith(plane, { path: profilesPath(namespace), object });
  for (const creation of otherKinds(LARGE.namespace, OTHER_KINDS)) await createWith(plane, creation);
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
  /** Of as many writes by a client alone as an installation takes: what the API server's load costs everybody. */
  readonly writes: number;
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

/** Installs small profiles, one after the other, as long as there should be another one. */
async function smallOnes(plane: ControlPlane, prefix: string, another: (made: number) => boolean): Promise<Times> {
  const [installed, writes]: [number[], number[]] = [[], []];
  while (another(installed.length)) {
    installed.push(await installSmall(plane, `${prefix}-${String(installed.length)}`));
    writes.push(await writesAlone(plane));
  }
  return { installed: median(installed), writes: median(writes) };
}

const some = (made: number): boolean => made < 15;

/** The same, again and again until the large ones have been created. */
async function smallOnesMeanwhile(plane: ControlPlane): Promise<Times> {
  const coming = { ended: false };
  const creating = createAll(plane).finally(() => (coming.ended = true));
  const times = await smallOnes(plane, 'during', () => !coming.ended);
  await creating;
  return times;
}

async function restart(installation: Installation): Promise<void> {
  for (const role of installation.roles) await role.end('SIGTERM');
  for (const role of installation.roles) await role.start();
}

/** Measures it, through a restart as well. */
export async function measureTenants(): Promise<readonly Figure[]> {
  const plane = await startBareControlPlane();
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  const namespaces = [
    LARGE.namespace,
    OTHERS,
    ...Array.from({ length: MIDDLE.namespaces }, (_, i) => `middle-${String(i)}`),
  ];
  for (const name of namespaces) await create(plane, '/api/v1/namespaces', { metadata: { name } });
  const installation = await Installation.start(plane, { nodes: ['real'], node: limitedNode(folder) });
  const memory = new PeakMemory(installation);
  try {
    const idle = Math.max(...installation.roles.map(({ pid }) => pssOf(pid)));
    const usual = await smallOnes(plane, 'usual', some);
    const during = await smallOnesMeanwhile(plane);
    await settled(plane);
    const beside = await smallOnes(plane, 'beside', some);
    await restart(installation);
    const restarted = await smallOnes(plane, 'restarted', some);
    const deleted = await deleteLarge(plane);
    await memory.stop();
    const deaths = installation.roles.flatMap((role) => role.deaths);
    for (const death of deaths) console.error(death);
    const small = (what: string, { installed, writes }: Times): Figure => {
      const usually = `in an empty cluster; three writes alone ${usual.writes.toFixed(0)} ms, now ${writes.toFixed(0)}`;
      const floor = { what: usually, value: usual.installed };
      return { what, value: installed, unit: 'ms', floor, bar: 2 * usual.installed };
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
      small('small profile of another namespace while they come', during),
      small('the same when they are there', beside),
      small('the same after a restart', restarted),
      { what: 'deletion of the large ones', value: deleted, unit: 'ms', floor: nothing, bar: PATIENCE_MS / 2 },
    ];
  } finally {
    await memory.stop();
    await installation.stop();
    await plane.stop();
    rmSync(folder, { recursive: true });
    removeGroups(folder);
  }
}
