// SPDX-License-Identifier: Apache-2.0
// Follows a recording from its start to its end: what the user is told meanwhile, and what becomes of interrupts.
import type { RecorderEvent } from '../gen/wire/recorder.ts';
import { parseAuditLine } from '../core/audit/parse.ts';
import { tracedCall } from '../core/evidence/trace.ts';
import type { TracedCall } from '../core/evidence/trace.ts';
import { Accesses } from '../core/recording/accesses.ts';
import type { SeenAccess } from '../core/recording/accesses.ts';
import { EMPTY_LEDGER, noteEvent } from '../core/recording/ledger.ts';
import type { Ledger } from '../core/recording/ledger.ts';
import type { KnownArchitecture } from '../core/seccomp/syscalls.ts';
import { SUCCESS, UserError } from './terminal.ts';
import type { ExitResult, Terminal } from './terminal.ts';

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

/** The functions of the machine that following needs. */
export interface FollowingMachine {
  readonly architecture: KnownArchitecture;
  /** Milliseconds of a clock that only goes forward. */
  now(): number;
}

/**
 * So many interrupts of a terminal within `HASTE_MS` end the recording of a command that goes on: for many programs
 * Ctrl-C is a key.
 */
const HASTY_INTERRUPTS = 3;
const HASTE_MS = 2000;

/** Different accesses of a command that are kept: each takes some 500 bytes. */
const MOST_ACCESSES = 100_000;

/** The result of a recording. */
export interface Followed {
  readonly ledger: Ledger;
  readonly exit: ExitResult;
  /** The calls of its trace; none without one. */
  readonly traced: readonly TracedCall[];
  /** Accesses that AppArmor told of, each once. */
  readonly accesses: readonly SeenAccess[];
  /** Accesses beyond those that are kept. */
  readonly beyond: number;
}

/**
 * Follows one recording to its end. An interrupt is the command's: from the terminal it has had it already, else it is
 * passed on. A second one that is no key of a terminal, or a hasty third one, ends the recording.
 */
export class Follower {
  private readonly machine: FollowingMachine;
  private readonly recording: RunningRecording;
  private readonly terminal: Terminal;
  private readonly accesses = new Accesses(MOST_ACCESSES);
  private beyond = 0;
  private pid: number | undefined;
  private readonly interrupts: { readonly signal: number; readonly atMs: number }[] = [];
  private stopped = false;
  private exit: ExitResult = SUCCESS;

  constructor(machine: FollowingMachine, recording: RunningRecording, terminal: Terminal) {
    this.machine = machine;
    this.recording = recording;
    this.terminal = terminal;
  }

  async follow(): Promise<Followed> {
    let ledger = EMPTY_LEDGER;
    const traced: TracedCall[] = [];
    for await (const event of this.recording.events) {
      ledger = noteEvent(ledger, event);
      if (event.type === 'traced') traced.push(tracedCall(event));
      this.handle(event);
    }
    return { ledger, traced, accesses: this.accesses.list(), beyond: this.beyond, exit: this.exit };
  }

  private handle(event: RecorderEvent): void {
    switch (event.type) {
      case 'started':
        this.begin(event.pid);
        return;
      case 'watching':
        this.terminal.log('Waiting for the program to run, end the recording with Ctrl-C');
        return;
      case 'access':
        this.noteAccess(event.text);
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
      case 'traced':
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

  /** The kernel's text has no type, which in a log is that of all records of access. */
  private noteAccess(text: string): void {
    const record = parseAuditLine(`type=AVC ${text}`, this.machine.architecture);
    if (record?.type !== 'apparmor') return;
    if (this.accesses.note(record, this.machine.now()) === 'full') this.beyond += 1;
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
