// SPDX-License-Identifier: Apache-2.0
// Starts the programs of a cluster, each with a log of its own, and waits until they are ready. The pid is that of the
// program itself: nsenter and setpriv replace themselves by it.
import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessId } from './processes.ts';
import { identify } from './processes.ts';

/** How programs of one cluster are started. */
export interface Ground {
  /** Folder of the links that provide() makes. */
  readonly bin: string;
  /** Folder for a log per program. */
  readonly logs: string;
  /** File of the network namespace that they run in; none for the machine's own. */
  readonly network?: string;
  /** Programs end with this process, however that ends. Else they go on when it has ended. */
  readonly dieWithParent: boolean;
  /** Called with each program as soon as it runs, before anything else happens. */
  readonly note: (id: ProcessId) => void;
}

/** A program to start. */
export interface Launch {
  readonly name: string;
  /** Absolute path, or the name of a program in the ground's bin folder. */
  readonly program: string;
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

/** A program that was started by this process. */
export interface Running {
  readonly id: ProcessId;
  /** Resolves, with how it ended, when it ends. */
  readonly ended: Promise<string>;
  readonly log: string;
}

const POLL_MS = 25;
const SHOWN_LINES = 12;

/**
 * Starts a program.
 * @throws Error when it can't be started
 */
export async function launch(ground: Ground, { name, program, args, env = {} }: Launch): Promise<Running> {
  mkdirSync(ground.logs, { recursive: true });
  const log = path.join(ground.logs, `${name}.log`);
  const [command = '', ...words] = [...wrappers(ground), path.resolve(ground.bin, program), ...args];
  const output = openSync(log, 'a');
  const child = spawn(command, words, {
    // A session of its own, so that Ctrl-C in the terminal of `lab up` does not reach it.
    detached: true,
    cwd: '/',
    env: { ...process.env, PATH: `${ground.bin}:${process.env['PATH'] ?? ''}:/usr/sbin:/sbin`, ...env },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) =>
    child.once('exit', (code, signal) => resolve(signal ?? `status ${code ?? 0}`)),
  );
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (cause) => reject(new Error(`start ${name}: ${cause.message}`, { cause })));
  });
  child.unref();
  const id = identify(name, child.pid ?? 0);
  if (id === undefined) throw new Error(`start ${name}: it ended at once\n${tailOf(log)}`);
  ground.note(id);
  return { id, ended, log };
}

function wrappers(ground: Ground): readonly string[] {
  return [
    ...(ground.dieWithParent ? ['setpriv', '--pdeathsig', 'KILL', '--'] : []),
    ...(ground.network === undefined ? [] : ['nsenter', `--net=${ground.network}`, '--']),
  ];
}

/**
 * Waits until a program is ready.
 * @param probe - resolves to true when it is; that it throws means that it isn't
 * @throws Error with the last lines of the log when it ends instead, or after `seconds`
 */
export async function untilReady(running: Running, probe: () => Promise<boolean>, seconds: number): Promise<void> {
  const watch: { ended?: string } = {};
  void running.ended.then((how) => (watch.ended = how));
  await until(
    () => {
      if (watch.ended !== undefined)
        throw new Error(`${running.id.name} ended with ${watch.ended}\n${tailOf(running.log)}`);
      return probe().catch(() => false);
    },
    seconds,
    () => `${running.id.name} was not ready after ${seconds} s\n${tailOf(running.log)}`,
  );
}

/**
 * Waits until a condition holds.
 * @throws Error with `complaint` when it doesn't within `seconds`, and whatever `condition` throws
 */
export async function until(
  condition: () => Promise<boolean>,
  seconds: number,
  complaint: () => string,
): Promise<void> {
  const deadline = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() >= deadline) throw new Error(complaint());
    await sleep(POLL_MS);
  }
}

/** The last lines of a log. */
export function tailOf(file: string, lines = SHOWN_LINES): string {
  return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
}
