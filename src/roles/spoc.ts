// SPDX-License-Identifier: Apache-2.0
// spoc: gives the commands of src/cli the machine they run on, and their errors to the user in a sentence.
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommandLine } from '../cli/command-line.ts';
import type { Machine } from '../cli/command-line.ts';
import type { ExitResult } from '../cli/terminal.ts';
import { digest } from '../io/digest.ts';
import { Recorder } from '../io/native/recorder.ts';
import { commandUser } from '../io/native/user.ts';
import { exactArguments } from '../io/text-bytes.ts';
import { channelTo, runningMachine } from './spoc/machine.ts';
import { explained, terminalOf } from './spoc/terminal.ts';
import type { SpocSurroundings } from './spoc/terminal.ts';

/** The shortest wait, in milliseconds, where another process writes the same list of signatures. */
const PAUSE_MS = 100;

function machineOf(surroundings: SpocSurroundings): Machine {
  const { env, wire } = surroundings;
  return {
    ...runningMachine(surroundings),
    env,
    sha256: digest,
    openSigner: async (key) => (await import('./spoc/signatures.ts')).openSigner(key, env),
    openVerifier: async (keys) => (await import('./spoc/signatures.ts')).openVerifier(keys),
    pause: (attempt) => sleep(PAUSE_MS * 2 ** attempt),
    openRegistry: async (settings) => (await import('./spoc/registry.ts')).openRegistry(settings, env),
    now: () => performance.now(),
    record: async (argv, privileged) => {
      const user = privileged ? undefined : commandUser(env);
      const command = { arguments: argv.length, ...(user === undefined ? {} : { user }) };
      return new Recorder(channelTo('recorder', wire)).record(command);
    },
    watch: (name) => new Recorder(channelTo('recorder', wire)).watch(name),
  };
}

/** Runs one command line of spoc. Every error becomes a sentence on standard error. */
export async function spoc(args: readonly string[], surroundings: SpocSurroundings): Promise<ExitResult> {
  const terminal = terminalOf(surroundings);
  return explained(terminal, async () => runCommandLine(exactArguments(args), machineOf(surroundings), terminal));
}
