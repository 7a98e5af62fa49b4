// SPDX-License-Identifier: Apache-2.0
// More of busy processors for a guest: kubelets, probes and pods in it have limits of real time, and its processor is
// ten times slower than this machine's already.
import { writeFile } from 'node:fs/promises';
import { setPriority } from 'node:os';

/** Three shares where others have one (sched_prio_to_weight of Linux). */
const NICENESS = -5;

/**
 * Gives a program more of busy processors than others have. Must be called before it has many threads, which inherit
 * it. Needs root.
 */
export async function favour(pid: number): Promise<void> {
  setPriority(pid, NICENESS);
  try {
    // Where sessions share the processors, the niceness within one is of no use.
    await writeFile(`/proc/${pid}/autogroup`, String(NICENESS));
  } catch (error) {
    const isWithout = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isWithout) throw error;
  }
}
