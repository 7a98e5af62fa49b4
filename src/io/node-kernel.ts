// SPDX-License-Identifier: Apache-2.0
// This node's kernel, read from /proc: its seccomp features, and since when it runs. It changes only with a reboot.
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type { Kernel } from '../core/kernel.ts';
import { codeOf, fileError } from './file-error.ts';

/** Where the kernel lists the actions that its seccomp filters may take; absent without CONFIG_SECCOMP_FILTER. */
const ACTIONS_FILE = 'sys/kernel/seccomp/actions_avail';

/** The kernel's own name for this boot of the node, the same in all containers. Rejects where it cannot be read. */
export async function readBootId(proc = '/proc'): Promise<string> {
  return (await readFile(`${proc}/sys/kernel/random/boot_id`, 'utf8')).trim();
}

async function textIfThere(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return undefined;
    throw fileError('read', file, cause);
  }
}

/**
 * Reads what this node's kernel supports. Rejects where it cannot be asked: a kernel without seccomp would be something
 * else.
 *
 * @param proc - where the proc file system is mounted
 */
export async function readKernel(proc = '/proc'): Promise<Kernel> {
  const actions = await textIfThere(`${proc}/${ACTIONS_FILE}`);
  return {
    release: os.release(),
    machine: os.machine(),
    actions: actions?.split(/\s+/).filter((action) => action !== ''),
  };
}
