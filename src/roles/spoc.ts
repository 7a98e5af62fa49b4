// SPDX-License-Identifier: Apache-2.0
// spoc: gives the commands of src/cli the machine they run on, and their errors to the user in a sentence.
import { constants, release } from 'node:os';
import path from 'node:path';
import { runCommandLine, type Machine } from '../cli/command-line.ts';
import { UserError, type ExitResult, type Terminal } from '../cli/terminal.ts';
import { errorText } from '../core/errors.ts';
import { InvalidProfile } from '../core/seccomp/faults.ts';
import { nativeArchitecture } from '../core/seccomp/libseccomp/filter.ts';
import { factsOf, type KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { readInput } from '../io/input-file.ts';
import { openOutput } from '../io/output-file.ts';
import { Recorder } from '../io/recorder.ts';
import { Runner } from '../io/runner.ts';
import { writeAnswer, writeMessage } from '../io/terminal-output.ts';
import { userBehindSudo, userCommand } from '../io/user-command.ts';
import { parseYaml, printYaml } from '../io/yaml.ts';

/** Signals that ask a program to end, and that we pass on. */
const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** What spoc is told by whoever starts it. */
export interface SpocSurroundings {
  readonly env: Environment;
  readonly cwd: string;
  /** Folder of the compiled programs. */
  readonly programs: string;
}

function timestamp(now: Date): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const date = [String(now.getFullYear()), two(now.getMonth() + 1), two(now.getDate())].join('/');
  return `${date} ${[now.getHours(), now.getMinutes(), now.getSeconds()].map(two).join(':')}`;
}

function terminalOf({ env }: SpocSurroundings): Terminal {
  const owner = userBehindSudo(env);
  return {
    files: { read: readInput, openOutput: (file) => openOutput(file, owner) },
    yaml: { parse: parseYaml, print: printYaml },
    log: (message) => writeMessage(`${timestamp(new Date())} ${message}\n`),
    print: writeAnswer,
  };
}

function onInterrupt(callback: (signal: number) => void): () => void {
  const listeners = INTERRUPTS.map((name) => [name, () => callback(constants.signals[name])] as const);
  for (const [name, listener] of listeners) process.on(name, listener);
  return () => {
    for (const [name, listener] of listeners) process.off(name, listener);
  };
}

function architectureHere(): KnownArchitecture {
  const found = nativeArchitecture(process.arch);
  if (found === undefined) throw new UserError(`the architecture ${process.arch} is not supported: x64 and arm64 are`);
  return found;
}

function machineOf({ env, cwd, programs }: SpocSurroundings): Machine {
  const architecture = architectureHere();
  const recorder = new Recorder(path.join(programs, 'recorder'));
  const runner = new Runner(path.join(programs, 'runner'));
  const never = new AbortController().signal;
  const terminalInterrupts = process.stdin.isTTY || process.stderr.isTTY;
  return {
    architecture,
    terminalInterrupts,
    build: { node: process.version, platform: `linux/${factsOf(architecture).goarch}`, kernel: release() },
    record: async (argv, privileged) => recorder.record(userCommand(argv, env, cwd, !privileged), never),
    watch: (name) => recorder.watch(name, never),
    run: async (filter, argv) => runner.run(filter, userCommand(argv, env, cwd, false), never),
    onInterrupt,
    forward: (pid, signal) => {
      const sent = signal === constants.signals.SIGINT || signal === constants.signals.SIGQUIT;
      if (!(terminalInterrupts && sent)) process.kill(pid, signal);
    },
  };
}

function explain(error: unknown, terminal: Terminal): ExitResult {
  const sentences = error instanceof InvalidProfile ? error.sentences : [errorText(error)];
  for (const sentence of sentences) terminal.log(`Error: ${sentence}`);
  return { type: 'status', status: 1 };
}

/** Runs one command line of spoc. Everything that goes wrong is told in a sentence on standard error. */
export async function spoc(args: readonly string[], surroundings: SpocSurroundings): Promise<ExitResult> {
  const terminal = terminalOf(surroundings);
  try {
    return await runCommandLine(args, machineOf(surroundings), terminal);
  } catch (error) {
    return explain(error, terminal);
  }
}
