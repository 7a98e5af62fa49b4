// SPDX-License-Identifier: Apache-2.0
// strace as the judge of a recording: it follows the process of a container that was created and not yet started, so
// that its log has the runtime's last calls, the execve of the entry point, and all that the container does from there
// on.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { realpathSync } from 'node:fs';
import path from 'node:path';

/** Names of the calls behind the execve of the entry point, in a log of strace. */
export function namesIn(log: string, program: string): readonly string[] {
  const lines = log.split('\n');
  const started = lines.findIndex((line) => line.includes(`execve("${program}"`));
  // A call during which another thread is told of ends in a line of its own.
  const ended = lines.findIndex((line, index) => index >= started && /execve( resumed>)?\(?.* = 0$/.test(line));
  const names = lines.slice(ended + 1).map((line) => /^\d+\s+(?:<\.\.\. )?(\w+)(?:\(| resumed)/.exec(line)?.[1]);
  return [...new Set(names.filter((name) => name !== undefined))].toSorted();
}

/** Starts strace on a process and its threads, and waits until it is there. Returns its end. */
export async function traced(pid: number, log: string): Promise<{ readonly end: Promise<unknown> }> {
  const strace = spawn('strace', ['-f', '-p', String(pid), '-o', log], { stdio: ['ignore', 'ignore', 'pipe'] });
  const end = once(strace, 'close');
  // It ends by a signal when nobody reads what it says.
  await new Promise<void>((resolve, reject) => {
    strace.stderr.on('data', (chunk: Buffer) => {
      if (chunk.includes('attached')) resolve();
    });
    void end.then(() => reject(new Error('strace has ended')));
  });
  return { end };
}

/** Shows the programs of this machine in a container. */
export function showMachine(configuration: Record<string, unknown>): void {
  const folders = ['/usr', '/lib', '/lib64', '/bin', '/etc', path.dirname(process.execPath)];
  const mounts = folders.map((folder) => ({
    destination: folder,
    type: 'bind',
    source: realpathSync(folder),
    options: ['rbind', 'ro'],
  }));
  (configuration['mounts'] as unknown[]).push(...mounts);
  configuration['root'] = { path: 'rootfs', readonly: false };
}
