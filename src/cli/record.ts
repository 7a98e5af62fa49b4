// SPDX-License-Identifier: Apache-2.0
// spoc record: runs a command, notes what it and its children do, and writes a profile that allows just that.
import { Command, Option } from 'commander';
import { BASE_SYSCALLS } from '../gen/base-syscalls.ts';
import { notedWords } from '../core/evidence/noted-arguments.ts';
import { printTrace, TRACE_KIND } from '../core/evidence/trace.ts';
import { traceGaps } from '../core/recording/ledger.ts';
import { profileOf } from '../core/recording/profile.ts';
import { isSyscall } from '../core/seccomp/syscalls.ts';
import { CommandArgument, listOption, plainSwitch } from './command.ts';
import type { Finish } from './command.ts';
import { DEFAULT_PROFILE } from './profile-document.ts';
import { Follower } from './record-follower.ts';
import type { Followed, FollowingMachine, RunningRecording } from './record-follower.ts';
import { modulesOf, PROFILE_TYPES, recordedText } from './recorded-text.ts';
import type { ProfileType } from './recorded-text.ts';
import { UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';
import { loadTracePolicy } from './trace-policy.ts';
import type { TracePolicy, TracingMachine } from './trace-policy.ts';

/** The user's request. */
export interface RecordRequest {
  readonly argv: readonly [string, ...string[]];
  readonly outputFile: string | undefined;
  /** Where the trace is written; undefined for none. */
  readonly traceFile: string | undefined;
  readonly type: ProfileType;
  /** Names to add for the container runtime; undefined for the measured ones. */
  readonly baseSyscalls: readonly string[] | undefined;
  readonly noBaseSyscalls: boolean;
  /** Record what the program of this name does, without starting it. */
  readonly noProcStart: boolean;
  /** Run the command as root although sudo was used. */
  readonly privileged: boolean;
}

/** Things that are noted beside the calls. */
interface RecordingExtras {
  /** The arguments that a trace notes, as `notedWords` gives them; undefined for no trace. */
  readonly traced: readonly number[] | undefined;
  /** An AppArmor profile in the kernel that the command gets, and that is taken out at the end; undefined for none. */
  readonly profile: string | undefined;
}

/** The functions of the machine that recording needs. */
export interface RecordingMachine extends FollowingMachine, TracingMachine {
  readonly build: { readonly kernel: string };
  /** Starts the command, as the user behind sudo unless `privileged`. Throws when there is no such command. */
  record(argv: readonly [string, ...string[]], privileged: boolean, extras: RecordingExtras): Promise<RunningRecording>;
  /** Records what programs of the name do, until it is stopped. */
  watch(name: string, extras: RecordingExtras): RunningRecording;
}

const DEFAULT_OUTPUT: Readonly<Record<ProfileType, string>> = {
  seccomp: DEFAULT_PROFILE,
  'raw-seccomp': '/tmp/profile.json',
  apparmor: DEFAULT_PROFILE,
  'raw-apparmor': '/tmp/profile.apparmor',
  all: DEFAULT_PROFILE,
};

function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

function chosenBase(request: RecordRequest): readonly string[] {
  if (request.noBaseSyscalls) return [];
  const names = request.baseSyscalls ?? BASE_SYSCALLS;
  const unknown = names.filter((name) => !isSyscall(name));
  if (unknown.length > 0) throw new UserError(`--base-syscalls: no such system call: ${unknown.join(', ')}`);
  return names;
}

/** Starts the recording, under a profile that logs accesses where these are to be learnt. */
async function begin(request: RecordRequest, machine: RecordingMachine, terminal: Terminal): Promise<RunningRecording> {
  const { argv, noProcStart, privileged, traceFile, type } = request;
  const trace = modulesOf(type).includes('apparmor')
    ? await loadTracePolicy(machine, noProcStart ? argv[0] : undefined)
    : undefined;
  const traced = traceFile === undefined ? undefined : notedWords(machine.architecture);
  const extras = { traced, profile: trace?.name };
  terminal.log('Loading bpf module');
  try {
    return noProcStart ? machine.watch(baseName(argv[0]), extras) : await machine.record(argv, privileged, extras);
  } catch (error) {
    await removeTrace(machine, trace);
    throw error;
  }
}

/** The recorder, which takes it out otherwise, has not got it. */
async function removeTrace(machine: RecordingMachine, trace: TracePolicy | undefined): Promise<void> {
  if (trace !== undefined) await machine.changePolicy(trace.text, 'remove');
}

function traceText(request: RecordRequest, machine: RecordingMachine, { ledger, traced: calls }: Followed): string {
  const { architecture, build } = machine;
  const { warnings } = profileOf(ledger, architecture, chosenBase(request));
  const facts = { command: request.argv.join(' '), architecture, kernel: build.kernel };
  return printTrace({ kind: TRACE_KIND, version: 'v1', ...facts, gaps: [...warnings, ...traceGaps(ledger)], calls });
}

/**
 * Records and writes the profile. Ends as the command ended; a command that Ctrl-C ended counts as a success.
 * @throws UserError when recording is not possible, with what is missing
 */
export async function record(
  request: RecordRequest,
  machine: RecordingMachine,
  terminal: Terminal,
): Promise<ExitResult> {
  const program = baseName(request.argv[0]);
  if (program === '') throw new UserError(`'${request.argv[0]}' names no command`);
  const { traceFile, type } = request;
  // The original's command line takes both, so it is not refused.
  if (request.noBaseSyscalls && request.baseSyscalls !== undefined)
    terminal.log('--base-syscalls: has no effect beside --no-base-syscalls');
  const base = chosenBase(request);
  const outputFile = request.outputFile ?? DEFAULT_OUTPUT[type];
  const output = await terminal.files.openOutput(outputFile);
  const traceOutput = traceFile === undefined ? undefined : await terminal.files.openOutput(traceFile);
  const recording = await begin(request, machine, terminal);
  const followed = await new Follower(machine, recording, terminal).follow();
  const { architecture } = machine;
  await output.write(await recordedText({ type, program, architecture, base, followed }, terminal));
  await traceOutput?.write(traceText(request, machine, followed));
  if (traceFile !== undefined) terminal.log(`Wrote trace to: ${traceFile}`);
  const modules = modulesOf(type);
  terminal.log(`Wrote ${modules.join(' and ')} profile${modules.length === 1 ? '' : 's'} to: ${outputFile}`);
  terminal.log('Unloading bpf module');
  return followed.exit;
}

interface RecordOptions {
  readonly outputFile?: string;
  readonly trace?: string;
  readonly type: ProfileType;
  readonly baseSyscalls?: readonly string[];
  /** Commander turns --no-base-syscalls into false; the list is undefined then. */
  readonly noBase?: boolean;
  readonly noStart?: boolean;
  readonly privileged?: boolean;
}

/** The command and its options. */
export function recordCommand(machine: RecordingMachine, terminal: Terminal, finish: Finish): Command {
  return new Command('record')
    .alias('r')
    .summary('run a command and record the security profile')
    .description(
      'Runs a command, follows it and all its children with eBPF, and writes a profile that allows what they did. Ends with ' +
        'the exit status of the command. Ctrl-C ends the command and still writes the profile; three in a row end the ' +
        'recording of a command that goes on. Accesses to files, networks and capabilities are learnt on a kernel with ' +
        'AppArmor, under a profile that refuses nothing.',
    )
    .addArgument(new CommandArgument('<command>', 'the command, or with --no-proc-start the name of a program'))
    .argument('[arguments...]', 'its arguments')
    .option(
      '-o, --output-file <file>',
      `the profile to write (default: ${DEFAULT_PROFILE}, raw-seccomp: ${DEFAULT_OUTPUT['raw-seccomp']}, raw-apparmor: ${DEFAULT_OUTPUT['raw-apparmor']})`,
    )
    .addOption(
      new Option('-t, --type <type>', 'the form of the profile; all is an AppArmorProfile and a SeccompProfile')
        .choices(PROFILE_TYPES)
        .default('seccomp'),
    )
    .addOption(
      listOption(
        '-b, --base-syscalls <names>',
        'system calls to add instead of those that container runtimes need; repeatable',
      ),
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
    .option('--trace <file>', 'where to write who made which calls, how often and when, for spoc simulate')
    .option('--privileged', 'run the command as root although spoc was started by sudo')
    .passThroughOptions()
    .action(async (first: string, rest: readonly string[], options: RecordOptions) => {
      const request = {
        argv: [first, ...rest] as const,
        outputFile: options.outputFile,
        traceFile: options.trace,
        type: options.type,
        baseSyscalls: options.baseSyscalls,
        noBaseSyscalls: options.noBase ?? false,
        noProcStart: options.noStart ?? false,
        privileged: options.privileged ?? false,
      };
      finish(await record(request, machine, terminal));
    });
}
