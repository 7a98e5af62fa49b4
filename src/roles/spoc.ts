// SPDX-License-Identifier: Apache-2.0
// spoc: gives the commands of src/cli the machine they run on, and their errors to the user in a sentence.
import { release } from 'node:os';
import { runCommandLine } from '../cli/command-line.ts';
import type { Machine } from '../cli/command-line.ts';
import { UserError } from '../cli/terminal.ts';
import type { ExitResult, Terminal } from '../cli/terminal.ts';
import { errorText } from '../core/errors.ts';
import { InvalidProfile } from '../core/seccomp/faults.ts';
import { nativeArchitecture } from '../core/seccomp/libseccomp/filter.ts';
import { factsOf } from '../core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { readInput } from '../io/input-file.ts';
import { inheritedChannel, leaveSignals, leaveStandardStreams } from '../io/native/channel.ts';
import type { Channel } from '../io/native/channel.ts';
import { Recorder } from '../io/native/recorder.ts';
import { Runner } from '../io/native/runner.ts';
import { commandUser, userBehindSudo } from '../io/native/user.ts';
import { writeAnswer, writeMessage } from '../io/terminal-output.ts';
import { exactArguments } from '../io/text-bytes.ts';
import { locateYaml, parseYaml, printYaml } from '../io/yaml.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The launcher's answers to questions about the world outside. */
export interface SpocSurroundings {
  /** SUDO_UID and SUDO_GID of it are looked at. */
  readonly env: Environment;
  /** Descriptors of the program's events and of commands for it; undefined without a program. */
  readonly wire: readonly [events: number, commands: number] | undefined;
  /** A descriptor that holds the profile of `spoc run` as the launcher has read it; undefined where it has not. */
  readonly profile: number | undefined;
}

function timestamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [String(now.getFullYear()), two(now.getMonth() + 1), two(now.getDate())].join('/');
  return `${date} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')}`;
}

function terminalOf({ env, profile }: SpocSurroundings): Terminal {
  const owner = userBehindSudo(env);
  return {
    files: {
      read: (file) => readInput(profile === undefined ? file : `/proc/self/fd/${String(profile)}`),
      // Loaded when there is one: spoc run has none, and the file system of promises costs it time.
      openOutput: async (file) => (await import('../io/output-file.ts')).openOutput(file, owner),
    },
    yaml: { parse: parseYaml, locate: locateYaml, print: printYaml },
    log: (message) => writeMessage(`${timestamp(new Date())} ${message}\n`),
    print: writeAnswer,
  };
}

function architectureHere(): KnownArchitecture {
  const found = nativeArchitecture(process.arch);
  if (found === undefined) throw new UserError(`the architecture ${process.arch} is not supported: x64 and arm64 are`);
  return found;
}

function machineOf({ env, wire }: SpocSurroundings): Machine {
  const architecture = architectureHere();
  const channel = (name: string): Channel => {
    leaveSignals();
    if (wire === undefined) throw new UserError(`the ${name} is not there: start spoc by its launcher, bin/spoc`);
    return inheritedChannel(name, ...wire);
  };
  return {
    architecture,
    build: { node: process.version, platform: `linux/${factsOf(architecture).goarch}`, kernel: release() },
    now: () => performance.now(),
    record: async (argv, privileged) => {
      const user = privileged ? undefined : commandUser(env);
      const command = { arguments: argv.length, ...(user === undefined ? {} : { user }) };
      return new Recorder(channel('recorder')).record(command);
    },
    watch: (name) => new Recorder(channel('recorder')).watch(name),
    run: async (filter, argv, notes) => {
      const program = channel('runner');
      leaveStandardStreams();
      return new Runner(program).run(filter, { arguments: argv.length }, notes);
    },
  };
}

/** A file of another format has a fault in each of its rules; so many are shown. */
const FAULTS_TOLD = 20;

function explain(error: unknown, terminal: Terminal): ExitResult {
  const sentences = error instanceof InvalidProfile ? error.sentences : [errorText(error)];
  for (const sentence of sentences.slice(0, FAULTS_TOLD)) terminal.log(`Error: ${sentence}`);
  const left = sentences.length - FAULTS_TOLD;
  if (left > 0) terminal.log(`Error: and ${String(left)} more of the kind`);
  return { type: 'status', status: 1 };
}

/** Runs one command line of spoc. Every error becomes a sentence on standard error. */
export async function spoc(args: readonly string[], surroundings: SpocSurroundings): Promise<ExitResult> {
  const terminal = terminalOf(surroundings);
  try {
    return await runCommandLine(exactArguments(args), machineOf(surroundings), terminal);
  } catch (error) {
    return explain(error, terminal);
  }
}
