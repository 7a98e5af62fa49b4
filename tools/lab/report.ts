// SPDX-License-Identifier: Apache-2.0
// The lab's output about a running instance: the environment to work with it, its state, and its logs.
import { spawn } from 'node:child_process';
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { socketOf } from './containerd.ts';
import type { InstanceRecord } from './instance.ts';
import { isRunning, liveProcesses } from './instance.ts';
import type { Instance } from './instance.ts';
import type { ProcessId } from './processes.ts';

/** The lines that a shell evaluates to work with an instance: kubectl, ctr where there is a node, or the registry. */
export function environmentOf(instance: Instance, record: InstanceRecord): readonly string[] {
  const variables = {
    ...(record.type === 'registry'
      ? { REGISTRY: new URL(record.url).host }
      : { KUBECONFIG: instance.file('kubeconfig') }),
    ...(record.type === 'cluster' ? nodeVariables(instance, record) : {}),
  };
  const lines = Object.entries(variables).map(([name, value]) => `export ${name}=${quoted(value)}`);
  return [...lines, `export PATH=${quoted(instance.file('bin'))}:"$PATH"`];
}

function nodeVariables(instance: Instance, record: InstanceRecord): Readonly<Record<string, string>> {
  return {
    // For `nsenter --net="$LAB_NETWORK" PROGRAM`: pods and Services can be reached from there.
    LAB_NETWORK: instance.file('network'),
    KUBELET_DIR: record.kubelet ?? '',
    CONTAINERD_ADDRESS: socketOf(instance.file('containerd')),
    CONTAINERD_NAMESPACE: 'k8s.io',
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** The state of an instance in lines for people. */
export function describe(instance: Instance, record: InstanceRecord): readonly string[] {
  const live = new Set(liveProcesses(record).map(({ pid }) => pid));
  const sizes = record.processes.map((id) => (live.has(id.pid) ? residentBytes(id) : 0));
  const state = isRunning(record) ? 'is up' : record.ready ? 'has lost programs' : 'is half made';
  return [
    `${instance.name}: a ${record.type} that ${state}, ${record.url}, in ${instance.folder}`,
    ...record.processes.map(({ name, pid }, index) => {
      const memory = live.has(pid) ? mebibytes(sizes[index] ?? 0) : 'has ended';
      return `  ${name.padEnd(24)} pid ${String(pid).padEnd(8)} ${memory}`;
    }),
    `  ${'together'.padEnd(37)} ${mebibytes(sizes.reduce((sum, size) => sum + size, 0))}`,
  ];
}

/** Memory of a process that is its own or its share of what several use (PSS), see proc_pid_smaps(5). */
function residentBytes({ pid }: ProcessId): number {
  try {
    return Number(/^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) * 1024;
  } catch {
    // It ended between the look and this one.
    return 0;
  }
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MiB`;
}

/** Names of the programs of an instance that have written a log, each with its size. */
export function logParts(instance: Instance): readonly string[] {
  return readdirSync(instance.file('log'))
    .toSorted()
    .map((file) => `${file.replace(/\.log$/, '').padEnd(24)} ${statSync(instance.file('log', file)).size} bytes`);
}

/**
 * Prints the log of a program, and what is added to it if `follow`.
 * @throws RangeError when there is none of that name
 */
export async function printLog(instance: Instance, part: string, follow: boolean): Promise<void> {
  const files = readdirSync(instance.file('log'));
  if (!files.includes(`${part}.log`)) {
    throw new RangeError(
      `no log of '${part}'; there are: ${files.map((file) => file.replace(/\.log$/, '')).join(', ')}`,
    );
  }
  const args = ['-n', '+1', ...(follow ? ['-F'] : []), instance.file('log', `${part}.log`)];
  const child = spawn('tail', args, { stdio: ['ignore', 'inherit', 'inherit'] });
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
}
