// SPDX-License-Identifier: Apache-2.0
// The program that reads the node's audit records, as a child of this process: native/bpf/src/auditor/report.h tells
// the lines that it prints. It waits for us where we are slow, so nothing piles up here.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import type { ProcessProgram } from '../../core/audit/process-activity.ts';

/** Takes the program's lines. */
export interface AuditListener {
  /**
   * The program of the process that the next records with this number are about, with the id of its container. Told
   * only where the program was started with `--programs`.
   */
  executed?(container: string, pid: number, program: ProcessProgram): void;
  /** A record of a container, by the container's id, as the line in which it was found. */
  record(container: string, line: string): void;
  dropped(reason: string, records: number): void;
  /** All records before this place of the log have been passed on: for a later start. */
  reached(position: string): void;
  /** From where records come, and what an administrator should know. */
  said(sentence: string): void;
}

/** The running program. */
export interface Auditor {
  /**
   * How it ended, as the end of a sentence. Rejects where it cannot be started, or says what we do not understand.
   */
  readonly ended: Promise<string>;
  /** Ends it. */
  stop(): void;
}

/** The version of the lines, which the first of them tells. */
const PROTOCOL = 'h 3';

/** Length of a container's id. */
const ID_LENGTH = 64;

/** A program: process, container, request, arguments. */
const EXECUTED = /^x (\d{1,10}) ([0-9a-f]{64}) (-|[0-9A-Za-z-]{1,2048}) ([0-9a-f]*)$/;

/** Longest piece of a line that is kept until its end comes: a record with its container, as the program bounds it. */
const LONGEST = 65_536;

/** Starts the program with its arguments. */
export function startAuditor(program: string, args: readonly string[], listener: AuditListener): Auditor {
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'], env: {} });
  const exit = new Promise<string>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`start ${program}: ${cause.message}`, { cause })));
    child.once('close', (status, signal) => resolve(`ended with ${signal ?? `status ${String(status)}`}`));
  });
  // A program that has ended takes no end of input.
  child.stdin.on('error', () => undefined);
  const reading = readLines(child.stdout, new Lines(program, listener)).catch((error: unknown) => {
    child.kill();
    throw error;
  });
  return {
    ended: Promise.all([exit, reading]).then(([end]) => end),
    stop: () => child.stdin.end(),
  };
}

async function readLines(stream: Readable, lines: Lines): Promise<void> {
  for await (const chunk of stream) lines.add((chunk as Buffer).toString('latin1'));
}

/** Takes the program's lines apart. */
export class Lines {
  private readonly program: string;
  private readonly listener: AuditListener;
  private rest = '';
  private begun = false;

  constructor(program: string, listener: AuditListener) {
    this.program = program;
    this.listener = listener;
  }

  /**
   * The next piece of text, which may end in a line.
   * @throws Error where the program speaks another protocol
   */
  add(piece: string): void {
    const text = this.rest + piece;
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      this.take(text, from, end);
      from = end + 1;
    }
    this.rest = text.slice(from);
    if (this.rest.length > LONGEST) throw new Error(`${this.program} printed a line without an end`);
  }

  private take(text: string, from: number, end: number): void {
    if (!this.begun) this.begin(text.slice(from, end));
    else if (text.startsWith('r ', from)) this.record(text, from + 2, end);
    else if (text.startsWith('x ', from)) this.executed(text.slice(from, end));
    else if (text.startsWith('s ', from)) this.listener.said(text.slice(from + 2, end));
    else if (text.startsWith('p ', from)) this.listener.reached(text.slice(from + 2, end));
    else this.drop(text.slice(from, end));
  }

  private begin(line: string): void {
    if (line !== PROTOCOL)
      throw new Error(`${this.program} says '${line}' and not '${PROTOCOL}': they are not of a kind`);
    this.begun = true;
  }

  private record(text: string, from: number, end: number): void {
    this.listener.record(text.slice(from, from + ID_LENGTH), text.slice(from + ID_LENGTH + 1, end));
  }

  private executed(line: string): void {
    const [, pid, container, request, hex = ''] = EXECUTED.exec(line) ?? [];
    if (container === undefined) throw this.meaningless(line);
    const words = Buffer.from(hex, 'hex').toString().split('\0');
    // There is a NUL behind the last one, unless it was cut off.
    if (words.at(-1) === '') words.pop();
    this.listener.executed?.(container, Number(pid), {
      arguments: words,
      request: request === '-' ? undefined : request,
    });
  }

  private drop(line: string): void {
    const [, reason, records] = /^d ([a-z-]+) (\d+)$/.exec(line) ?? [];
    if (reason === undefined) throw this.meaningless(line);
    this.listener.dropped(reason, Number(records));
  }

  private meaningless(line: string): Error {
    return new Error(`${this.program} says '${line.slice(0, 80)}', which means nothing to us`);
  }
}
