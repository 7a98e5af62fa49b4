// SPDX-License-Identifier: Apache-2.0
// spoc record: runs a command, notes what it and its children do, and writes a profile that allows just that.
import type { RecorderEvent } from '../gen/wire/recorder.ts';
import { BASE_SYSCALLS } from '../gen/base-syscalls.ts';
import { allEnded, EMPTY_LEDGER, noteEvent, type Ledger } from '../core/recording/ledger.ts';
import { addedCalls, objectName, profileObject, profileOf, type RecordedProfile } from '../core/recording/profile.ts';
import { renderOciText } from '../core/seccomp/render.ts';
import { isSyscall, type KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { printObject } from './profile-document.ts';
import { SUCCESS, UserError, type ExitResult, type Terminal } from './terminal.ts';

/** In which form the profile is written. */
export type ProfileType = 'seccomp' | 'raw-seccomp';

/** What the user asked for. */
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
  stop(): void;
}

/** What recording needs of the machine. */
export interface RecordingMachine {
  readonly architecture: KnownArchitecture;
  /** Starts the command, as the user behind sudo unless `privileged`. Throws when there is no such command. */
  record(argv: readonly [string, ...string[]], privileged: boolean): Promise<RunningRecording>;
  /** Records what programs of the name do, until it is stopped. */
  watch(name: string): RunningRecording;
  /** Calls back at each signal that asks us to end, until released. */
  onInterrupt(callback: (signal: number) => void): () => void;
  /** Sends a signal to a process, unless the terminal has sent it already. */
  forward(pid: number, signal: number): void;
}

const DEFAULT_OUTPUT: Readonly<Record<ProfileType, string>> = {
  seccomp: '/tmp/profile.yaml',
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

/** Follows one recording to its end. The first interrupt goes to the command, the next one ends the recording. */
class Follower {
  readonly #machine: RecordingMachine;
  readonly #recording: RunningRecording;
  readonly #terminal: Terminal;
  #pid: number | undefined;
  #interrupted = false;
  #exit: ExitResult = SUCCESS;

  constructor(machine: RecordingMachine, recording: RunningRecording, terminal: Terminal) {
    this.#machine = machine;
    this.#recording = recording;
    this.#terminal = terminal;
  }

  async follow(): Promise<Followed> {
    const release = this.#machine.onInterrupt((signal) => this.#interrupt(signal));
    try {
      return await this.#fold();
    } finally {
      release();
    }
  }

  async #fold(): Promise<Followed> {
    let ledger = EMPTY_LEDGER;
    let stopped = true;
    for await (const event of this.#recording.events) {
      ledger = noteEvent(ledger, event);
      this.#tell(event);
      if (event.type === 'complete' && event.final) stopped = this.#interrupted;
    }
    return { ledger: stopped ? ledger : allEnded(ledger), exit: this.#exit };
  }

  #tell(event: RecorderEvent): void {
    switch (event.type) {
      case 'started':
        this.#begin(event.pid);
        return;
      case 'watching':
        this.#terminal.log('Waiting for the program to run, end the recording with Ctrl-C');
        return;
      case 'exited':
        this.#pid = undefined;
        this.#noteExit(event.code, event.signal);
        return;
      case 'orphans':
        this.#terminal.log(
          `${String(event.count)} processes of the command still run, recording until they end or Ctrl-C`,
        );
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

  #begin(pid: number): void {
    // Stopped before it was there: it will not begin.
    if (this.#interrupted) return;
    this.#pid = pid;
    // Before the release, so that nothing which the command writes can come first.
    this.#terminal.log(`Running command with PID: ${String(pid)}`);
    this.#recording.release();
  }

  #noteExit(code: number, signal: number): void {
    if (signal !== 0) {
      this.#terminal.log(`Command did not exit successfully: signal ${String(signal)}`);
      this.#exit = this.#interrupted ? SUCCESS : { type: 'signal', number: signal };
    } else if (code !== 0) {
      this.#terminal.log(`Command did not exit successfully: exit status ${String(code)}`);
      this.#exit = this.#interrupted ? SUCCESS : { type: 'status', status: code };
    }
  }

  #interrupt(signal: number): void {
    if (this.#pid !== undefined && !this.#interrupted) this.#machine.forward(this.#pid, signal);
    else this.#recording.stop();
    this.#interrupted = true;
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
