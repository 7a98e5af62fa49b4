// SPDX-License-Identifier: Apache-2.0
// Two terminals, or two test runs, must not build the same programs or start the same cluster at the same time. The
// lock is the kernel's (flock), so that it ends with the process that held it.
import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';

/**
 * Runs an action while no other process holds the lock of that file.
 * @param waiting - called once when another process holds the lock now
 */
export async function withLock<T>(file: string, action: () => Promise<T>, waiting: () => void): Promise<T> {
  const release = (await take(file, ['--nonblock'])) ?? (waiting(), await take(file, []));
  if (release === undefined) throw new Error(`lock ${file}: flock ended without taking it`);
  try {
    return await action();
  } finally {
    await release();
  }
}

/** The lock is held by a child that waits for the end of its input, which is also what our death is. */
async function take(file: string, options: readonly string[]): Promise<(() => Promise<void>) | undefined> {
  await mkdir(path.dirname(file), { recursive: true });
  const holder = spawn('flock', [...options, '--no-fork', file, 'sh', '-c', 'echo held; exec cat'], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const closed = new Promise<void>((resolve, reject) => {
    holder.once('error', (cause) => reject(new Error(`start flock (Debian: util-linux): ${cause.message}`, { cause })));
    holder.once('close', () => resolve());
  });
  const held = new Promise<boolean>((resolve) => holder.stdout.once('data', () => resolve(true)));
  if (!(await Promise.race([held, closed.then(() => false)]))) return undefined;
  return () => {
    holder.stdin.end();
    return closed;
  };
}
