// SPDX-License-Identifier: Apache-2.0
// spoc record: runs a command, notes what it and its children do, and writes a profile that allows just that.
import { Command, Option } from 'commander';
import type { RecorderEvent } from '../gen/wire/recorder.ts';
import { BASE_SYSCALLS } from '../gen/base-syscalls.ts';
import { EMPTY_LEDGER, noteEvent } from '../core/recording/ledger.ts';
import type { Ledger } from '../core/recording/ledger.ts';
import { addedCalls, objectName, profileObject, profileOf } from '../core/recording/profile.ts';
import type { RecordedProfile } from '../core/recording/profile.ts';
import { renderOciText } from '../core/seccomp/render.ts';
import { isSyscall } from '../core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { CommandArgument, listOption, plainSwitch } from './command.ts';
import type { Finish } from './command.ts';
import { DEFAULT_PROFILE, printObject } from './profile-document.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

/** In which form the profile is written. */
export type ProfileType = 'seccomp' | 'raw-seccomp';

/** The user's request. */
export interface RecordRequest {
  readonly argv: readonly [string, ...string[]];
  readonly outputFile: string | undefined;
  readonly type: ProfileType;
  /** Names to add for the container runtime; undefined for the measured ones. */
  readonly baseSyscalls: readonly string[] | undefined;
  readonly noBaseSyscalls: boolean;
  /** Record what the program of this name does, without starting it. */
  readonly noProcStart: boolean;
  /** Run the command as root although sudo was used. */
  readonly privileged: boolean;
}

/** A recording that goes on, as the rim gives it. */
export interface RunningRecording {
  readonly events: AsyncIterable<RecorderEvent>;
  /** Lets the command begin, which waits since `started`. */
  release(): void;
  /** Sends a signal, by its number, to the command. */
  signal(number: number): void;
  /** Ends the recording; the command goes on. */
  stop(): void;
}

/** The functions of the machine that recording needs. */
export interface RecordingMachine {
  readonly architecture: KnownArchitecture;
  /** Starts the command, as the user behind sudo unless `privileged`. Throws when there is no such command. */
  record(argv: readonly [string, ...string[]], privileged: boolean): Promise<RunningRecording>;
  /** Records what programs of the name do, until it is stopped. */
  watch(name: string): RunningRecording;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/**
 * So many interrupts of a terminal within `HASTE_MS` end the recording of a command that goes on: for many programs
 * Ctrl-C is a key.
 */
const HASTY_INTERRUPTS = 3;
const HASTE_MS = 2000;

const DEFAULT_OUTPUT: Readonly<Record<ProfileType, string>> = {
  seccomp: DEFAULT_PROFILE,
  'raw-seccomp': '/tmp/profile.json',
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

interface Followed {
  readonly ledger: Ledger;
  readonly exit: ExitResult;
}

/**
 * Follows one recording to its end. An interrupt is the command's: from the terminal it has had it already, else it is
 * passed on. A second one that is no key of a terminal, or a hasty third one, ends the recording.
 */
class Follower {
  private readonly machine: RecordingMachine;
  private readonly recording: RunningRecording;
  private readonly terminal: Terminal;
  private pid: number | undefined;
  private readonly interrupts: { readonly signal: number; readonly atMs: number }[] = [];
  private stopped = false;
  private exit: ExitResult = SUCCESS;

  constructor(machine: RecordingMachine, recording: RunningRecording, terminal: Terminal) {
    this.machine = machine;
    this.recording = recording;
    this.terminal = terminal;
  }

  async follow(): Promise<Followed> {
    let ledger = EMPTY_LEDGER;
    for await (const event of this.recording.events) {
      ledger = noteEvent(ledger, event);
      this.handle(event);
    }
    return { ledger, exit: this.exit };
  }

  private handle(event: RecorderEvent): void {
    switch (event.type) {
      case 'started':
        this.begin(event.pid);
        return;
      case 'watching':
        this.terminal.log('Waiting for the program to run, end the recording with Ctrl-C');
        return;
      case 'exited':
        this.pid = undefined;
        this.noteExit(event.code, event.signal);
        return;
      case 'orphans':
        this.terminal.log(
          `${String(event.count)} processes of the command still run, recording until they end or Ctrl-C`,
        );
        return;
      case 'interrupt':
        this.interrupt(event.signal, event.terminal);
        return;
      case 'left':
        if (this.pid !== undefined) this.terminal.log(`The command goes on unrecorded, PID ${String(this.pid)}`);
        return;
      case 'failed':
        throw new UserError(event.reason);
      case 'complete':
      case 'hello':
      case 'lost':
      case 'syscalls':
        return;
    }
  }

  private begin(pid: number): void {
    // Stopped before it was there: it will not begin.
    if (this.stopped) return;
    this.pid = pid;
    // Before the release, so that nothing which the command writes can come first.
    this.terminal.log(`Running command with PID: ${String(pid)}`);
    this.recording.release();
  }

  private noteExit(code: number, signal: number): void {
    if (signal === 0 && code === 0) return;
    const how = signal !== 0 ? `signal ${String(signal)}` : `exit status ${String(code)}`;
    this.terminal.log(`Command did not exit successfully: ${how}`);
    // By convention a program that ends itself because of a signal gives 128 + its number.
    const isInterrupted = this.interrupts.some(({ signal: sent }) => sent === signal || 128 + sent === code);
    if (isInterrupted) return;
    this.exit = signal !== 0 ? { type: 'signal', number: signal } : { type: 'status', status: code };
  }

  private interrupt(signal: number, fromTerminal: boolean): void {
    const atMs = this.machine.now();
    this.interrupts.push({ signal, atMs });
    const isKey = fromTerminal && !this.isHasty(atMs);
    const isFirst = this.interrupts.length === 1;
    if (this.pid === undefined || !(isKey || isFirst)) this.stop();
    else if (!fromTerminal) this.recording.signal(signal);
  }

  private isHasty(nowMs: number): boolean {
    return this.interrupts.filter(({ atMs }) => nowMs - atMs < HASTE_MS).length >= HASTY_INTERRUPTS;
  }

  private stop(): void {
    this.stopped = true;
    this.recording.stop();
  }
}

async function render(request: RecordRequest, recorded: RecordedProfile, terminal: Terminal): Promise<string> {
  if (request.type === 'raw-seccomp') return renderOciText(recorded.profile);
  return printObject(profileObject(objectName(baseName(request.argv[0])), recorded), terminal);
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
  if (baseName(request.argv[0]) === '') throw new UserError(`'${request.argv[0]}' names no command`);
  const base = chosenBase(request);
  const outputFile = request.outputFile ?? DEFAULT_OUTPUT[request.type];
  const output = await terminal.files.openOutput(outputFile);
  terminal.log('Loading bpf module');
  const recording = request.noProcStart
    ? machine.watch(baseName(request.argv[0]))
    : await machine.record(request.argv, request.privileged);
  const { ledger, exit } = await new Follower(machine, recording, terminal).follow();
  const recorded = profileOf(ledger, machine.architecture, base);
  for (const group of addedCalls(recorded)) terminal.log(`Adding ${group}`);
  for (const warning of recorded.warnings) terminal.log(`Warning: ${warning}`);
  await output.write(await render(request, recorded, terminal));
  terminal.log(`Wrote seccomp profile to: ${outputFile}`);
  terminal.log('Unloading bpf module');
  return exit;
}

interface RecordOptions {
  readonly outputFile?: string;
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
        'recording of a command that goes on.',
    )
    .addArgument(new CommandArgument('<command>', 'the command, or with --no-proc-start the name of a program'))
    .argument('[arguments...]', 'its arguments')
    .option(
      '-o, --output-file <file>',
      `the profile to write (default: ${DEFAULT_PROFILE}, raw-seccomp: /tmp/profile.json)`,
    )
    .addOption(
      new Option('-t, --type <type>', 'the form of the profile').choices(['seccomp', 'raw-seccomp']).default('seccomp'),
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
    .option('--privileged', 'run the command as root although spoc was started by sudo')
    .passThroughOptions()
    .action(async (first: string, rest: readonly string[], options: RecordOptions) => {
      const request = {
        argv: [first, ...rest] as const,
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
