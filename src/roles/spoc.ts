// SPDX-License-Identifier: Apache-2.0
// spoc: gives the commands of src/cli the machine they run on, and their errors to the user in a sentence.
import { existsSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { runCommandLine } from '../cli/command-line.ts';
import type { Machine } from '../cli/command-line.ts';
import type { PolicyAction } from '../cli/install.ts';
import { UserError } from '../cli/terminal.ts';
import type { ExitResult } from '../cli/terminal.ts';
import { errorText } from '../core/errors.ts';
import { digest } from '../io/digest.ts';
import { leaveStandardStreams } from '../io/native/channel.ts';
import { Recorder } from '../io/native/recorder.ts';
import { Runner } from '../io/native/runner.ts';
import { commandUser } from '../io/native/user.ts';
import { exactArguments } from '../io/text-bytes.ts';
import { diagnosingMachine } from './spoc/cluster.ts';
import { channelTo, runningMachine } from './spoc/machine.ts';
import { explained, terminalOf } from './spoc/terminal.ts';
import type { SpocSurroundings } from './spoc/terminal.ts';

/** The shortest wait, in milliseconds, where another process writes the same list of signatures. */
const PAUSE_MS = 100;

/** Folders of the compiled programs: in a clone, and beside the bundle in an image or a release. */
const PROGRAM_FOLDERS = ['../../native/bpf/build/Release', '..'].map((folder) =>
  path.join(import.meta.dirname, folder),
);

function programPath(name: string): string {
  const found = PROGRAM_FOLDERS.map((folder) => path.join(folder, name)).find((file) => existsSync(file));
  if (found === undefined) throw new UserError(`the program ${name} is not there: npm run build:native makes it`);
  return found;
}

async function changePolicy(text: string, action: PolicyAction): Promise<void> {
  const { changeHostPolicy } = await import('../io/host-policy.ts');
  try {
    await changeHostPolicy(text, action);
  } catch (cause) {
    throw new UserError(errorText(cause), { cause });
  }
}

function machineOf(surroundings: SpocSurroundings): Machine {
  const { env, wire } = surroundings;
  return {
    ...runningMachine(surroundings),
    ...diagnosingMachine(env),
    env,
    sha256: digest,
    openSigner: async (key) => (await import('./spoc/signatures.ts')).openSigner(key, env),
    // Asked when it is needed: making streams of both costs every command a millisecond.
    get isInteractive() {
      return process.stdin.isTTY && process.stderr.isTTY;
    },
    openKeylessSigner: async (request, say) => (await import('./spoc/keyless.ts')).openKeylessSigner(request, env, say),
    openVerifier: async (keys) => (await import('./spoc/signatures.ts')).openVerifier(keys),
    pause: (attempt) => sleep(PAUSE_MS * 2 ** attempt),
    openRegistry: async (settings, signal) => (await import('./spoc/registry.ts')).openRegistry(settings, env, signal),
    findProgram: async (name) => (await import('../io/host-policy.ts')).findProgram(name, env['PATH']),
    changePolicy: (text, action) => changePolicy(text, action),
    openPrograms: async (place, platform) =>
      (await import('../io/program-source.ts')).openProgramSource(place, platform),
    openLayers: async (layers) => (await import('../io/program-source.ts')).openLayers(layers),
    filtersOf: async (pid) =>
      (await import('../io/native/filter-reader.ts')).readFilters(programPath('filter_reader'), pid),
    now: () => performance.now(),
    profileName: `spoc-${String(process.pid)}`,
    record: async (argv, privileged, extras) => {
      const user = privileged ? undefined : commandUser(env);
      const command = { arguments: argv.length, ...(user === undefined ? {} : { user }) };
      return new Recorder(channelTo('recorder', wire)).record(command, extras);
    },
    watch: (name, extras) => new Recorder(channelTo('recorder', wire)).watch(name, extras),
    confine: async (profile, argv) => {
      const program = channelTo('runner', wire);
      leaveStandardStreams();
      return new Runner(program).confine(profile, { arguments: argv.length });
    },
  };
}

/** Runs one command line of spoc. Every error becomes a sentence on standard error. */
export async function spoc(args: readonly string[], surroundings: SpocSurroundings): Promise<ExitResult> {
  const terminal = terminalOf(surroundings);
  return explained(terminal, async () => runCommandLine(exactArguments(args), machineOf(surroundings), terminal));
}
