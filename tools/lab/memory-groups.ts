// SPDX-License-Identifier: Apache-2.0
// Node.js under a memory limit, in a control group of its own.
import { chmodSync, copyFileSync, existsSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/** Where memory groups are, and the file of their limit: cgroup v2 or v1. */
const GROUPS = existsSync('/sys/fs/cgroup/cgroup.controllers')
  ? { root: '/sys/fs/cgroup', file: 'memory.max' }
  : { root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' };

/** A program in the folder that starts Node.js in a memory group of its own, as a container runtime would. */
export function limitedNode(folder: string, limitMib: number): string {
  const node = path.join(folder, 'node');
  if (!existsSync(node)) copyFileSync(process.execPath, node);
  const { root, file } = GROUPS;
  const program = path.join(folder, `limited-${String(limitMib)}`);
  const group = `${root}/${path.basename(folder)}-$$`;
  const lines = [
    '#!/bin/sh -e',
    `mkdir ${group}`,
    `echo ${String(limitMib)}M > ${group}/${file}`,
    `echo $$ > ${group}/cgroup.procs`,
    `exec ${node} "$@"`,
  ];
  writeFileSync(program, `${lines.join('\n')}\n`);
  chmodSync(program, 0o755);
  return program;
}

/** Removes the groups of processes of such programs of the folder, which have ended. */
export function removeGroups(folder: string): void {
  const ours = readdirSync(GROUPS.root).filter((name) => name.startsWith(`${path.basename(folder)}-`));
  for (const name of ours) rmdirSync(path.join(GROUPS.root, name));
}
