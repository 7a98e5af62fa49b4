// SPDX-License-Identifier: Apache-2.0
// The seccomp filters that a process of this machine really has, read by native/bpf/src/filter_reader, which stops it
// for that moment.
import { readFile } from 'node:fs/promises';
import { parseFilters } from '../../core/seccomp/kernel-filter/program.ts';
import type { KernelFilter } from '../../core/seccomp/kernel-filter/program.ts';
import { codeOf, fileError } from '../file-error.ts';
import { runToEnd } from './run-to-end.ts';

/** After which a process that does not stop is given up; the program gives up sooner, and says so. */
const MOST_MS = 20_000;

/** Values of Seccomp in /proc/PID/status: proc(5). */
const MODE = { none: '0', strict: '1' } as const;

async function modeOf(pid: number): Promise<string> {
  const file = `/proc/${String(pid)}/status`;
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    // The process may have ended while its file was read.
    const hasGone = ['ENOENT', 'ESRCH'].includes(codeOf(cause));
    throw hasGone ? new Error(`pid ${String(pid)}: there is no such process`) : fileError('read', file, cause);
  }
  const [, mode] = /^Seccomp:\t(\d)$/m.exec(text) ?? [];
  if (mode === undefined) throw new Error(`read ${file}: this kernel has no seccomp`);
  return mode;
}

/**
 * The filters of a process, the one that was installed last first; none where it has none. Filters belong to threads:
 * these are those of the first one.
 *
 * @param program - path of filter_reader
 * @throws Error with the reason where they cannot be read
 */
export async function readFilters(program: string, pid: number): Promise<readonly KernelFilter[]> {
  const mode = await modeOf(pid);
  if (mode === MODE.none) return [];
  if (mode === MODE.strict) throw new Error(`pid ${String(pid)}: is in seccomp's strict mode, which has no filter`);
  const { status, output, messages, signal } = await runToEnd(program, [String(pid)], '', MOST_MS);
  if (status !== 0) {
    throw new Error(`pid ${String(pid)}: ${messages.trim() || `its filters cannot be read: ${signal ?? 'no reason'}`}`);
  }
  return parseFilters(Buffer.from(output).toString('latin1'));
}
