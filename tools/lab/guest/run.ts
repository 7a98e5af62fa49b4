// SPDX-License-Identifier: Apache-2.0
// One command on a kernel with AppArmor or SELinux: a guest starts, runs it and ends, in some 11 s on a quiet machine.
// The command sees the files of this machine under their usual paths; what it changes of them is gone with the guest.
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import path from 'node:path';
import { buildCache } from '../build.ts';
import type { Say } from '../build.ts';
import { onPath } from '../debian.ts';
import { launch, tailOf } from '../launch.ts';
import { withLock } from '../lock.ts';
import type { PassingGround } from '../passing-ground.ts';
import { onPassingGround } from '../passing-ground.ts';
import type { GuestAnswer } from './answer.ts';
import { shellCommand } from './answer.ts';
import { QEMU, qemuArguments } from './qemu.ts';
import type { SecurityModule } from './security-module.ts';
import type { GuestSystem } from './system.ts';
import { guestSystem, script } from './system.ts';

/** A command for a guest. */
export interface GuestCommand {
  readonly module: SecurityModule;
  /** Program and arguments. It runs as root, with an empty standard input. */
  readonly command: readonly string[];
  /** Its working directory; that of this process if not given. */
  readonly cwd?: string;
  /** For the guest from start to end. The default is meant for a busy machine. */
  readonly timeoutSeconds?: number;
  /** Where words about preparations go, which take a minute the first time. */
  readonly say?: Say;
}

const DEFAULT_TIMEOUT_SECONDS = 300;
const MEMORY_MIB = 1024;

/**
 * Runs a command in a guest of its own; one at a time on this machine, others wait.
 * @throws Error with the end of the guest's console when it doesn't start, or the command doesn't end in time
 */
export async function runInGuest(wanted: GuestCommand): Promise<GuestAnswer> {
  const say = wanted.say ?? ((line: string) => console.error(line));
  const lock = path.join(buildCache(), 'guest.lock');
  return withLock(
    lock,
    async () => {
      const system = await guestSystem(wanted.module, say);
      return onPassingGround('guest-', async (on) => {
        try {
          return await runOn(on, system, wanted);
        } finally {
          await on.dispose();
        }
      });
    },
    () => say('another guest runs, waiting for it'),
  );
}

async function runOn(on: PassingGround, system: GuestSystem, wanted: GuestCommand): Promise<GuestAnswer> {
  const exchange = path.join(on.folder, 'exchange');
  const console = path.join(on.folder, 'console');
  await writeExchange(exchange, wanted);
  await writeFile(console, '');
  const machine = { module: wanted.module, system, exchange, console, memoryMiB: MEMORY_MIB };
  const program = onPath(QEMU) ?? QEMU;
  const { ended, log } = await launch(on.ground, { name: 'qemu', program, args: qemuArguments(machine) });
  const seconds = wanted.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  const timer = new AbortController();
  const late = sleep(seconds * 1000, 'late' as const, { signal: timer.signal, ref: true }).catch(() => 'late' as const);
  const end = await Promise.race([ended, late]);
  timer.abort();
  const answer = end === 'late' ? undefined : await readAnswer(exchange);
  if (answer !== undefined) return answer;
  const reason = end === 'late' ? `has not ended after ${seconds} s` : `ended (${end}) before the command did`;
  throw new Error(`the guest with ${wanted.module} ${reason}\n${tailOf(log)}\n${tailOf(console, 40)}`);
}

async function writeExchange(exchange: string, { command, cwd }: GuestCommand): Promise<void> {
  await mkdir(exchange);
  await copyFile(script('start.sh'), path.join(exchange, 'start.sh'));
  await copyFile(script('command.sh'), path.join(exchange, 'role.sh'));
  await writeFile(path.join(exchange, 'command.sh'), `exec ${shellCommand(command)}\n`);
  await writeFile(path.join(exchange, 'cwd'), cwd ?? process.cwd());
}

/** The answer that the command left; undefined when the guest ended before it. */
async function readAnswer(exchange: string): Promise<GuestAnswer | undefined> {
  const read = (name: string): Promise<string> => readFile(path.join(exchange, name), 'utf8');
  try {
    const status = Number(await read('status'));
    return { status, stdout: await read('stdout'), stderr: await read('stderr') };
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
