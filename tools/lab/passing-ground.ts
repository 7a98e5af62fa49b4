// SPDX-License-Identifier: Apache-2.0
// Ground for programs that end with this process at the latest, in a temporary folder that goes with them: what tests
// start, and may forget to stop.
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Ground } from './launch.ts';
import type { ProcessId } from './processes.ts';
import { endAll, signal } from './processes.ts';

/** Such ground. */
export interface PassingGround {
  readonly folder: string;
  readonly ground: Ground;
  /** Ends the programs, and removes the folder. */
  readonly dispose: () => Promise<void>;
}

/**
 * Starts something on passing ground; when that fails, nothing is left.
 *
 * @param prefix - of the folder's name
 */
export async function onPassingGround<T>(prefix: string, start: (on: PassingGround) => Promise<T>): Promise<T> {
  const on = await layGround(prefix);
  try {
    return await start(on);
  } catch (error) {
    await on.dispose();
    throw error;
  }
}

async function layGround(prefix: string): Promise<PassingGround> {
  const folder = await mkdtemp(path.join(tmpdir(), prefix));
  const started: ProcessId[] = [];
  // A test that forgets to stop it, or throws, leaves nothing behind either.
  const abandon = (): void => {
    for (const id of started) signal(id, 'SIGKILL');
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  };
  process.once('exit', abandon);
  return {
    folder,
    ground: {
      bin: path.join(folder, 'bin'),
      logs: path.join(folder, 'log'),
      dieWithParent: true,
      note: (id) => started.push(id),
    },
    dispose: async () => {
      await endAll(started, 0);
      rmSync(folder, { recursive: true, force: true });
      process.removeListener('exit', abandon);
    },
  };
}
