// SPDX-License-Identifier: Apache-2.0
// The command line of spoc: which commands there are, their options and help. Words after the command that is to be recorded
// or run belong to that command, options too.
import { Command, CommanderError, Option } from 'commander';
import { SHELLS, completionScript, type CommandShape, type OptionShape, type Shell } from './completion.ts';
import { convert } from './convert.ts';
import { merge } from './merge.ts';
import { record, type ProfileType, type RecordingMachine } from './record.ts';
import { run, type RunningMachine } from './run.ts';
import { SUCCESS, type ExitResult, type Terminal } from './terminal.ts';
import { version, type Build } from './version.ts';

/** Columns of help texts. */
const HELP_WIDTH = 80;

const DEFAULT_PROFILE = '/tmp/profile.yaml';

/** What the commands need of the machine they run on. */
export type Machine = RecordingMachine & RunningMachine & { readonly build: Build };

interface RecordOptions {
  readonly outputFile?: string;
  readonly type: ProfileType;
  readonly baseSyscalls?: readonly string[];
  /** Commander turns --no-base-syscalls into false; the list is undefined then. */
  readonly noBase?: boolean;
  readonly noStart?: boolean;
  readonly privileged?: boolean;
}

type Words = readonly [string, ...string[]];

function argvOf(first: string, rest: readonly string[]): Words {
  return [first, ...rest];
}

function gather(value: string, before: readonly string[] | undefined): readonly string[] {
  return [...(before ?? []), ...value.split(',').filter((name) => name !== '')];
}

/** Commander keeps `--no-x` as the negation of `--x`; these two are options of their own, so their names are given by hand. */
function plainSwitch(flags: string, description: string, name: string): Option {
  const option = new Option(flags, description);
  option.negate = false;
  option.attributeName = () => name;
  return option;
}

function addRecord(program: Command, machine: Machine, terminal: Terminal, finish: (exit: ExitResult) => void): void {
  program
    .command('record')
    .alias('r')
    .summary('run a command and record the security profile')
    .description(
      'Runs a command, follows it and all its children with eBPF, and writes a profile that allows what they did. Ends with ' +
        'the exit status of the command. Ctrl-C ends the command and still writes the profile; three in a row end the ' +
        'recording of a command that goes on.',
    )
    .argument('<command>', 'the command, or with --no-proc-start the name of a program')
    .argument('[arguments...]', 'its arguments')
    .option(
      '-o, --output-file <file>',
      `the profile to write (default: ${DEFAULT_PROFILE}, raw-seccomp: /tmp/profile.json)`,
    )
    .addOption(
      new Option('-t, --type <type>', 'the form of the profile').choices(['seccomp', 'raw-seccomp']).default('seccomp'),
    )
    .option(
      '-b, --base-syscalls <names>',
      'system calls to add instead of those that container runtimes need; repeatable',
      gather,
    )
    .addOption(
      plainSwitch(
        '-n, --no-base-syscalls',
        'add no system calls for container runtimes; those that the kernel makes a process make stay',
        'noBase',
      ),
    )
    .addOption(
      plainSwitch('--no-proc-start', 'start nothing: record what programs of that name do until Ctrl-C', 'noStart'),
    )
    .option('--privileged', 'run the command as root although spoc was started by sudo')
    .passThroughOptions()
    .action(async (first: string, rest: readonly string[], options: RecordOptions) => {
      const request = {
        argv: argvOf(first, rest),
        outputFile: options.outputFile,
        type: options.type,
        baseSyscalls: options.baseSyscalls,
        noBaseSyscalls: options.noBase ?? false,
        noProcStart: options.noStart ?? false,
        privileged: options.privileged ?? false,
      };
      finish(await record(request, machine, terminal));
    });
}

function addRun(program: Command, machine: Machine, terminal: Terminal, finish: (exit: ExitResult) => void): void {
  program
    .command('run')
    .alias('x')
    .summary('run a command using a security profile')
    .description(
      'Runs a command under a profile, a SeccompProfile or the JSON of container runtimes. Ends as the command ends.',
    )
    .argument('<command>', 'the command')
    .argument('[arguments...]', 'its arguments')
    .option('-p, --profile <file>', 'the profile', DEFAULT_PROFILE)
    .addOption(new Option('-t, --type <type>', 'the kind of profile').choices(['seccomp']).default('seccomp'))
    .passThroughOptions()
    .action(async (first: string, rest: readonly string[], options: { readonly profile: string }) => {
      finish(await run({ argv: argvOf(first, rest), profile: options.profile }, machine, terminal));
    });
}

function addMerge(program: Command, terminal: Terminal, finish: (exit: ExitResult) => void): void {
  program
    .command('merge')
    .alias('m')
    .summary('merge security profiles')
    .description(
      'Writes one profile that permits what any of the given ones permits. The first gives the name and the form.',
    )
    .argument('<files...>', 'two profiles or more')
    .option('-o, --output-file <file>', 'the profile to write', DEFAULT_PROFILE)
    .option('-c, --check', 'write nothing; end with 0 if the first profile permits all that the others do, else with 1')
    .action(async (files: readonly string[], options: { readonly outputFile: string; readonly check?: boolean }) => {
      finish(await merge({ files, outputFile: options.outputFile, check: options.check ?? false }, terminal));
    });
}

function addConvert(program: Command, terminal: Terminal, finish: (exit: ExitResult) => void): void {
  program
    .command('convert')
    .alias('c')
    .summary('convert a security profile to the JSON that container runtimes read')
    .argument('<profile>', 'a SeccompProfile')
    .option('-o, --output-file <file>', 'where to write it', '/dev/stdout')
    .action(async (profile: string, options: { readonly outputFile: string }) => {
      finish(await convert({ profile, outputFile: options.outputFile }, terminal));
    });
}

function optionShape(option: Option): OptionShape {
  const names = [option.short, option.long].flatMap((name) => name ?? []);
  const values = option.required ? (option.argChoices ?? []) : undefined;
  return { names, description: option.description, values };
}

const WORDS: Readonly<Record<string, CommandShape['words']>> = {
  record: 'command',
  run: 'command',
  merge: 'files',
  convert: 'files',
  completion: SHELLS,
};

/** The commands as completion needs them. */
export function shapesOf(program: Command): readonly CommandShape[] {
  const shapes = program.commands.map((command): CommandShape => {
    const names = [command.name(), ...command.aliases()];
    const options = [
      ...command.options.map(optionShape),
      { names: ['-h', '--help'], description: 'show help', values: undefined },
    ];
    return {
      names,
      description: command.summary() || command.description(),
      options,
      words: WORDS[command.name()] ?? 'none',
    };
  });
  const all = shapes.map(({ names: [name = ''] }) => name);
  return [...shapes, { names: ['help', 'h'], description: 'show help for a command', options: [], words: all }];
}

function addCompletion(program: Command, terminal: Terminal, finish: (exit: ExitResult) => void): void {
  program
    .command('completion')
    .summary('print a completion script for a shell')
    .addArgument(program.createArgument('<shell>', 'the shell').choices([...SHELLS]))
    .action((shell: Shell) => {
      terminal.print(completionScript(shell, shapesOf(program)));
      finish(SUCCESS);
    });
}

function addVersion(program: Command, machine: Machine, terminal: Terminal, finish: (exit: ExitResult) => void): void {
  program
    .command('version')
    .alias('v')
    .summary('display detailed version information')
    .option('-j, --json', 'print JSON')
    .action((options: { readonly json?: boolean }) => finish(version(options.json ?? false, machine.build, terminal)));
}

/** Commander's parser of spoc; every command hands its ending to `finish`. */
export function commandLine(machine: Machine, terminal: Terminal, finish: (exit: ExitResult) => void): Command {
  const program = new Command('spoc')
    .description('Security Profiles Operator CLI: record, run, merge and convert seccomp profiles')
    .enablePositionalOptions()
    .exitOverride()
    // The same width everywhere, so that the launcher can give what was printed when this was built.
    .configureOutput({ writeOut: (text) => terminal.print(text), getOutHelpWidth: () => HELP_WIDTH })
    .helpCommand('help [command]', 'show help for a command');
  addVersion(program, machine, terminal, finish);
  addRecord(program, machine, terminal, finish);
  addRun(program, machine, terminal, finish);
  addMerge(program, terminal, finish);
  addConvert(program, terminal, finish);
  addCompletion(program, terminal, finish);
  return program;
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
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return { type: 'status', status: error.exitCode === 0 ? 0 : 2 };
  }
  return exit;
}
