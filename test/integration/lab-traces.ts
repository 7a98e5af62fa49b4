// SPDX-License-Identifier: Apache-2.0
// The traces that a lab could leave on a machine: processes, mounts, namespaces, control groups, kernel settings,
// folders, interfaces, packet filters.
import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';
import path from 'node:path';
import { allPids, commandOf } from '../../tools/lab/processes.ts';

/** Traces of one kind, each as a text that stays the same as long as the trace does. */
export type Traces = ReadonlyMap<string, ReadonlySet<string>>;

/** Kernel settings that change by themselves: counters, random numbers, what is known of files and processes. */
const restless =
  /nr$|state$|uuid|ns_last_pid|random|quota|inode|dentry|_nr_|nr_|pty|conntrack_count|expire|boot_id|cad_pid|_limit_/;

/** Everything of the kinds above that the machine has now. */
export function tracesOf(): Traces {
  return new Map([
    ['mount', new Set(mounts())],
    ['control group', new Set(foldersBelow('/sys/fs/cgroup', 5))],
    ['kernel setting', new Set(settings())],
    [
      'folder',
      new Set(['/', '/etc', '/opt', '/run', '/var/lib', '/var/log', '/var/run/netns', '/tmp'].flatMap(entries)),
    ],
    ['network interface', new Set(output('ip', ['-o', 'link']).map((line) => line.split(':')[1] ?? ''))],
    ['packet filter', new Set(output('iptables-save', []).filter((line) => line.startsWith('-')))],
    ['network namespace', new Set(networks())],
  ]);
}

/** The new traces since `before`, in words. */
export function newTraces(before: Traces): readonly string[] {
  return [...tracesOf()].flatMap(([kind, now]) =>
    [...now].filter((trace) => before.get(kind)?.has(trace) !== true).map((trace) => `${kind} ${trace}`),
  );
}

/** Names of the running programs that name a folder in their command line. */
export function programs(folder: string): readonly string[] {
  return allPids()
    .map(commandOf)
    .filter((words) => words.some((word) => word.includes(folder)))
    .map(([program = '']) => path.basename(program));
}

function mounts(): readonly string[] {
  const lines = readFileSync('/proc/self/mountinfo', 'utf8').trimEnd().split('\n');
  return lines.map((line) => line.split(' ')[4] ?? '');
}

function foldersBelow(folder: string, depth: number): readonly string[] {
  if (depth === 0) return [];
  const children = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  return children.flatMap(({ name }) => [path.join(folder, name), ...foldersBelow(path.join(folder, name), depth - 1)]);
}

function settings(): readonly string[] {
  return output('sysctl', ['--all', '--ignore']).filter((line) => !restless.test(line.split(' = ')[0] ?? ''));
}

function entries(folder: string): readonly string[] {
  try {
    return readdirSync(folder).map((name) => path.join(folder, name));
  } catch {
    return [];
  }
}

function networks(): readonly string[] {
  return allPids().flatMap((pid) => {
    try {
      return [readlinkSync(`/proc/${pid}/ns/net`)];
    } catch {
      return [];
    }
  });
}

function output(command: string, args: readonly string[]): readonly string[] {
  return execFileSync(command, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] })
    .trimEnd()
    .split('\n');
}
