// SPDX-License-Identifier: Apache-2.0
// Processes that outlive the command which started them: who they are, whether they still run, and how they are ended.
// A pid alone is not enough, because the kernel gives it to another process later.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, distinguished from a later one with the same pid by its start time. */
export interface ProcessId {
  /** Its name in messages and of its log. */
  readonly name: string;
  readonly pid: number;
  /** Clock ticks after the machine's start: field 22 of /proc/PID/stat, see proc(5). */
  readonly started: string;
}

const POLL_MS = 10;

/** The identity of a running process; undefined when it has ended, also when it only waits for its parent to notice. */
export function identify(name: string, pid: number): ProcessId | undefined {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may itself hold brackets and blanks.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    const [state] = fields;
    const started = fields[19];
    return started === undefined || (isOver(state) && !hasThreads(pid)) ? undefined : { name, pid, started };
  } catch {
    return undefined;
  }
}

function isOver(state: string | undefined): boolean {
  return state === 'Z' || state === 'X';
}

/**
 * A killed program of many threads can be a zombie by its first thread, while others still hold its files and ports.
 */
function hasThreads(pid: number): boolean {
  return readdirSync(`/proc/${pid}/task`).length > 1;
}

/** Whether that very process runs. */
export function isAlive(id: ProcessId): boolean {
  return identify(id.name, id.pid)?.started === id.started;
}

/** The processes started from a folder of programs, recorded or not. */
export function processesFrom(folder: string): readonly ProcessId[] {
  return allPids().flatMap((pid) => {
    const [program = ''] = commandOf(pid);
    return program.startsWith(`${folder}/`) ? (identify(path.basename(program), pid) ?? []) : [];
  });
}

/** The pids of all processes. */
export function allPids(): readonly number[] {
  return readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map(Number);
}

/** The command line of a process; empty when it has ended. */
export function commandOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').slice(0, -1);
  } catch {
    return [];
  }
}

/** Sends a signal, unless the process has gone. */
export function signal(id: ProcessId, name: NodeJS.Signals): void {
  if (!isAlive(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if (isAlive(id)) throw new Error(`send ${name} to ${id.name} (pid ${id.pid})`, { cause: error });
  }
}

/**
 * Ends processes: SIGTERM, and SIGKILL for what still runs after `graceMs`. Returns when all have gone.
 * @throws Error naming those that survive even that for a minute
 */
export async function endAll(ids: readonly ProcessId[], graceMs: number): Promise<void> {
  if (graceMs > 0) for (const id of ids) signal(id, 'SIGTERM');
  await gone(ids, graceMs);
  for (const id of ids) signal(id, 'SIGKILL');
  const left = await gone(ids, 60_000);
  if (left.length > 0) {
    throw new Error(`still running after SIGKILL: ${left.map(({ name, pid }) => `${name} (pid ${pid})`).join(', ')}`);
  }
}

async function gone(ids: readonly ProcessId[], timeoutMs: number): Promise<readonly ProcessId[]> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const left = ids.filter(isAlive);
    if (left.length === 0 || Date.now() >= deadline) return left;
    await sleep(POLL_MS);
  }
}
