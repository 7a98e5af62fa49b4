// SPDX-License-Identifier: Apache-2.0
// The command line of spoc: the list of its commands. Each has its options beside what it does; words after the
// command that is to be recorded or run belong to that command, options too.
import { Command, CommanderError } from 'commander';
import { adaptCommand } from './adapt.ts';
import { ceilingCommand } from './ceiling.ts';
import type { CeilingMachine } from './ceiling.ts';
import type { Finish } from './command.ts';
import { completionCommand } from './completion.ts';
import { convertCommand } from './convert.ts';
import { diffCommand } from './diff-command.ts';
import type { DiffMachine } from './diff-sides.ts';
import { evidenceCommand } from './evidence.ts';
import type { DiagnosingMachine } from './diagnosis.ts';
import { doctorCommand } from './doctor.ts';
import { explainCommand } from './explain-command.ts';
import { installCommands } from './install.ts';
import type { InstallingMachine } from './install.ts';
import { mergeCommand } from './merge.ts';
import { pullCommand } from './pull-command.ts';
import { pushCommand } from './push.ts';
import { recordCommand } from './record.ts';
import type { RecordingMachine } from './record.ts';
import type { ArtifactMachine } from './registry-settings.ts';
import { runCommand } from './run-command.ts';
import type { RunMachine } from './run-command.ts';
import { reportCommand } from './report.ts';
import { scoreCommand } from './score-command.ts';
import { simulateCommand } from './simulate.ts';
import { supportDumpCommand } from './support-dump.ts';
import { SUCCESS } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';
import { examplesText } from './usage-examples.ts';
import { validateCommand } from './validate.ts';
import { versionCommand } from './version.ts';

/** Columns of help texts. */
const HELP_WIDTH = 80;

/** The machine that the commands run on. */
export type Machine = RecordingMachine &
  RunMachine &
  ArtifactMachine &
  InstallingMachine &
  DiagnosingMachine &
  DiffMachine &
  CeilingMachine;

/** Commander's parser of spoc; every command hands its ending to `finish`. */
export function commandLine(machine: Machine, terminal: Terminal, finish: Finish): Command {
  const program = new Command('spoc')
    .description(
      'Security Profiles Operator CLI: record, run, merge, convert, validate, compare, push and pull security profiles',
    )
    .enablePositionalOptions()
    .exitOverride()
    // The same width everywhere, so that the launcher can give what was printed when this was built.
    .configureOutput({ writeOut: (text) => terminal.print(text), getOutHelpWidth: () => HELP_WIDTH })
    .helpCommand('help [command]', 'show help for a command');
  const commands = [
    versionCommand(machine, terminal, finish),
    recordCommand(machine, terminal, finish),
    runCommand(machine, terminal, finish),
    mergeCommand(machine, terminal, finish),
    convertCommand(machine, terminal, finish),
    validateCommand(machine, terminal, finish),
    diffCommand(machine, terminal, finish),
    scoreCommand(machine, terminal, finish),
    explainCommand(machine, terminal, finish),
    adaptCommand(machine, terminal, finish),
    ceilingCommand(machine, terminal, finish),
    evidenceCommand(machine, terminal, finish),
    reportCommand(machine, terminal, finish),
    simulateCommand(machine, terminal, finish),
    ...installCommands(machine, terminal, finish),
    pushCommand(machine, terminal, finish),
    pullCommand(machine, terminal, finish),
    doctorCommand(machine, terminal, finish),
    supportDumpCommand(machine, terminal, finish),
    completionCommand(program, terminal, finish),
  ];
  for (const command of commands) {
    command.addHelpText('after', examplesText(command.name()));
    program.addCommand(command.copyInheritedSettings(program));
  }
  return program;
}

/** @throws CommanderError for `help` of a command that there is not, of which commander would print its whole help */
function requireTopic(program: Command, [first, topic]: readonly string[]): void {
  if (first !== 'help' || topic === undefined || topic === 'help' || topic.startsWith('-')) return;
  const isKnown = program.commands.some((command) => [command.name(), ...command.aliases()].includes(topic));
  if (!isKnown) program.error(`error: unknown command '${topic}'`);
}

/** Runs one command line. Help and usage errors end with the status that commander gives them; usage errors are 2. */
export async function runCommandLine(
  args: readonly string[],
  machine: Machine,
  terminal: Terminal,
): Promise<ExitResult> {
  let exit = SUCCESS;
  const program = commandLine(machine, terminal, (given) => {
    exit = given;
  });
  const words = args[0] === 'h' ? ['help', ...args.slice(1)] : args.length === 0 ? ['help'] : args;
  try {
    requireTopic(program, words);
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { type: 'status', status: error.exitCode === 0 ? 0 : 2 };
  }
  return exit;
}
