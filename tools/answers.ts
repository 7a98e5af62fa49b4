// SPDX-License-Identifier: Apache-2.0
// Prints the answers of spoc that are always the same (help, completion, version) into files, so that the launcher
// gives them without starting Node.js. The file of an answer is called as its arguments, with a plus in between; see
// native/bpf/src/launcher/answers.c.
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Command } from 'commander';
import { commandLine, runCommandLine } from '../src/cli/command-line.ts';
import type { Machine } from '../src/cli/command-line.ts';
import { SHELLS } from '../src/cli/completion.ts';
import type { Terminal } from '../src/cli/terminal.ts';
import { nativeArchitecture } from '../src/core/seccomp/libseccomp/filter.ts';
import { factsOf } from '../src/core/seccomp/syscalls.ts';

/** Stands for the release of the kernel, which the launcher knows. */
const KERNEL_MARK = '@KERNEL@';

function unexpected(): never {
  throw new Error('an answer must not need the machine');
}

/** A machine of which only the version may be asked. */
function machineFor(arch: string): Machine {
  const architecture = nativeArchitecture(arch);
  if (architecture === undefined) throw new Error(`no answers for the architecture ${arch}`);
  const platform = `linux/${factsOf(architecture).goarch}`;
  return {
    architecture,
    build: { node: process.version, platform, kernel: KERNEL_MARK },
    env: {},
    sha256: unexpected,
    openSigner: unexpected,
    isInteractive: false,
    openKeylessSigner: unexpected,
    openVerifier: unexpected,
    pause: unexpected,
    openRegistry: unexpected,
    openPrograms: unexpected,
    openLayers: unexpected,
    filtersOf: unexpected,
    profileName: '',
    confine: unexpected,
    findProgram: unexpected,
    changePolicy: unexpected,
    now: unexpected,
    record: unexpected,
    watch: unexpected,
    examine: unexpected,
    hasKubeconfig: unexpected,
    openCluster: unexpected,
    validityOf: unexpected,
    time: unexpected,
    run: unexpected,
  };
}

/** A terminal that keeps what is printed. */
function capture(): Terminal & { readonly text: () => string } {
  const printed: string[] = [];
  return {
    files: { read: unexpected, readTrusted: unexpected, openOutput: unexpected },
    yaml: { parse: unexpected, locate: unexpected, print: unexpected },
    log: unexpected,
    print: (text) => printed.push(text),
    text: () => printed.join(''),
  };
}

/** The commands of spoc as they describe themselves, to be read and not to be run. */
export function describedCommands(): Command {
  return commandLine(machineFor(process.arch), capture(), () => undefined);
}

/** A build for several machines: each has its own Node.js, so that no version can be printed before. */
export const ANY_MACHINE = 'any';

/** The arguments that have a file, each a list of words. */
export function answeredArguments(): readonly (readonly string[])[] {
  const { commands } = describedCommands();
  const names = commands.flatMap((command) => [command.name(), ...command.aliases()]);
  const helps = ['help', 'h'];
  return [
    ...[...helps, '--help', '-h'].map((word) => [word]),
    ...names.flatMap((name) => [...helps.map((word) => [word, name]), [name, '--help'], [name, '-h']]),
    ...['version', 'v'].flatMap((name) => [[name], [name, '--json'], [name, '-j']]),
    ...SHELLS.map((shell) => ['completion', shell]),
  ];
}

/**
 * Writes all answers into FOLDER/answers.
 *
 * @param arch - Node.js's word for the processor of the machine that they are for, or `ANY_MACHINE`
 * @throws Error when an answer does not end with success
 */
export async function writeAnswers(folder: string, arch: string): Promise<void> {
  const answers = path.join(folder, 'answers');
  await mkdir(answers);
  const isVersion = ([name = '', ...options]: readonly string[]) =>
    ['version', 'v'].includes(name) && !options.some((option) => ['-h', '--help'].includes(option));
  const wanted = answeredArguments().filter((words) => arch !== ANY_MACHINE || !isVersion(words));
  for (const words of wanted) {
    const terminal = capture();
    const end = await runCommandLine(words, machineFor(arch === ANY_MACHINE ? process.arch : arch), terminal);
    if (end.type !== 'status' || end.status !== 0) throw new Error(`spoc ${words.join(' ')} has no answer`);
    await writeFile(path.join(answers, words.join('+')), terminal.text());
  }
}
