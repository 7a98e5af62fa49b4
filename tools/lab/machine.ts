// SPDX-License-Identifier: Apache-2.0
// The changes that a node makes on the machine outside of the lab's own folder, and their restoration: kernel settings
// that kubelet writes, folders at fixed places, mounts, control groups and the processes in them.
import { existsSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { run } from '../image/command.ts';
import type { ProcessId } from './processes.ts';
import { identify } from './processes.ts';

/** Written by kubelet for the whole machine: setupKernelTunables() in pkg/kubelet/cm/container_manager_linux.go. */
const KUBELET_SETTINGS = [
  'vm/overcommit_memory',
  'vm/panic_on_oom',
  'kernel/panic',
  'kernel/panic_on_oops',
  'kernel/keys/root_maxkeys',
  'kernel/keys/root_maxbytes',
];

/** Fixed in kubelet, in the CNI library, in containerd and in our own operator (node directory of its profiles). */
const FIXED_FOLDERS = [
  '/var/log/containers',
  '/var/lib/cni',
  '/run/containerd',
  '/var/lib/kubelet/device-plugins',
  '/var/lib/kubelet',
  '/var/lib/security-profiles-operator',
];

/** The control group that kubelet puts all pods under, in each hierarchy. */
const POD_GROUP = 'kubepods';
const GROUP_ROOT = '/sys/fs/cgroup';

/** Kernel settings by their path under /proc/sys. */
export type Settings = Readonly<Record<string, string>>;

/** The kernel settings as they are before a kubelet runs. */
export function saveSettings(): Settings {
  return Object.fromEntries(KUBELET_SETTINGS.map((name) => [name, readFileSync(`/proc/sys/${name}`, 'utf8').trim()]));
}

/** Puts kernel settings back. */
export function restoreSettings(settings: Settings): void {
  for (const [name, value] of Object.entries(settings)) {
    if (readFileSync(`/proc/sys/${name}`, 'utf8').trim() !== value) writeFileSync(`/proc/sys/${name}`, value);
  }
}

/** The folders at fixed places that do not exist yet: by whichever program they are made, they belong to the lab. */
export function absentFolders(): readonly string[] {
  return FIXED_FOLDERS.filter((folder) => !existsSync(folder));
}

/** The control groups of pods: in none, one or, with version 1, several hierarchies. */
export function podGroups(): readonly string[] {
  const hierarchies = readdirSync(GROUP_ROOT, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => path.join(GROUP_ROOT, name));
  return [GROUP_ROOT, ...hierarchies]
    .map((folder) => path.join(folder, POD_GROUP))
    .filter((folder) => existsSync(folder));
}

/** The processes of all pods. */
export function podProcesses(): readonly ProcessId[] {
  const pids = new Set(podGroups().flatMap(withDescendants).flatMap(pidsOf));
  return [...pids].flatMap((pid) => identify(`process ${pid} of a pod`, pid) ?? []);
}

/** Removes the control groups of pods, which must be empty. */
export function removePodGroups(): void {
  for (const group of podGroups().flatMap(withDescendants)) rmdirSync(group);
}

/** A control group and all below it, the deepest first. */
function withDescendants(group: string): readonly string[] {
  const children = readdirSync(group, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return [...children.flatMap(({ name }) => withDescendants(path.join(group, name))), group];
}

function pidsOf(group: string): readonly number[] {
  const lines = readFileSync(path.join(group, 'cgroup.procs'), 'utf8').split('\n');
  return lines.filter((line) => line !== '' && line !== '0').map(Number);
}

/** Where something is mounted at or under a folder, the latest first. */
export function mountsUnder(folder: string): readonly string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .map((line) => unescaped(line.split(' ')[4] ?? ''))
    .filter((point) => point === folder || point.startsWith(`${folder}/`))
    .reverse();
}

/**
 * Takes all mounts at or under a folder away.
 * @throws Error when one is left: what is under it must not be taken for the folder's own and be removed
 */
export async function unmountUnder(folder: string): Promise<void> {
  for (const point of mountsUnder(folder)) await run('umount', ['--lazy', '--no-canonicalize', point]);
  const left = mountsUnder(folder);
  if (left.length > 0) throw new Error(`still mounted: ${left.join(', ')}`);
}

/** mountinfo writes blanks and the like as a backslash and three octal digits, see proc(5). */
function unescaped(text: string): string {
  return text.replaceAll(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
