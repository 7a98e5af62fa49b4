// SPDX-License-Identifier: Apache-2.0
// The terminal of spoc's commands on this machine, and how their errors are told there.
import { Trouble } from '../../cli/judgement.ts';
import type { ExitResult, Terminal } from '../../cli/terminal.ts';
import { errorText } from '../../core/errors.ts';
import { InvalidProfile } from '../../core/faults.ts';
import { readInput, readTrusted } from '../../io/input-file.ts';
import { userBehindSudo } from '../../io/native/user.ts';
import { writeAnswer, writeMessage } from '../../io/terminal-output.ts';
import { locateYaml, parseYaml, printYaml } from '../../io/yaml.ts';

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

/** The terminal, with the files of this machine. */
export function terminalOf({ env, profile }: SpocSurroundings): Terminal {
  const owner = userBehindSudo(env);
  return {
    files: {
      read: (file) => readInput(file),
      // The launcher has trusted the file that it has read.
      readTrusted: (file) =>
        profile === undefined ? readTrusted(file, owner) : readInput(`/proc/self/fd/${String(profile)}`, file),
      // Loaded when there is one: spoc run has none, and the file system of promises costs it time.
      openOutput: async (file) => (await import('../../io/output-file.ts')).openOutput(file, owner),
    },
    yaml: { parse: parseYaml, locate: locateYaml, print: printYaml },
    log: (message) => writeMessage(`${timestamp(new Date())} ${message}\n`),
    print: writeAnswer,
  };
}

/** A file of another format has a fault in each of its rules; so many are shown. */
const FAULTS_TOLD = 20;

function explain(error: unknown, terminal: Terminal): ExitResult {
  if (error instanceof Trouble) {
    explain(error.cause, terminal);
    return { type: 'status', status: 2 };
  }
  const sentences = error instanceof InvalidProfile ? error.sentences : [errorText(error)];
  for (const sentence of sentences.slice(0, FAULTS_TOLD)) terminal.log(`Error: ${sentence}`);
  const left = sentences.length - FAULTS_TOLD;
  if (left > 0) terminal.log(`Error: and ${String(left)} more of the kind`);
  return { type: 'status', status: 1 };
}

/** Carries a command out. Every error becomes a sentence on standard error. */
export async function explained(terminal: Terminal, command: () => Promise<ExitResult>): Promise<ExitResult> {
  try {
    return await command();
  } catch (error) {
    return explain(error, terminal);
  }
}
