// SPDX-License-Identifier: Apache-2.0
// The log of our processes, in the text form of klog that the manual shows and people's parsers know,
//   I1111 15:13:16.942837       1 main.ts:182] setup "msg"="starting"  "version"="0.1.0"
// or as JSON, a line per entry. Lines go to the stream at once: a library's formats, levels and transports would stand
// between as streams of their own, and take a third of a daemon's code and a twentieth of its time for a profile.
import path from 'node:path';
import { errorText } from '../core/errors.ts';
import type { Log, LogFields } from '../core/log.ts';

/** Where lines go: a stream, or as much of one as a log needs. */
export interface LogTarget {
  write(line: string, done: (error?: Error | null) => void): unknown;
  on(event: 'error', listener: () => void): unknown;
}

/** How and where a log is written. */
export interface LogOptions {
  readonly stream: LogTarget;
  /** JSON instead of klog's text. */
  readonly json?: boolean;
  /** 0: no debug lines; 1: all. */
  readonly verbosity?: number;
  /** Shown in each line; default this process. */
  readonly pid?: number;
  readonly now?: () => Date;
}

type Level = 'debug' | 'info' | 'warn' | 'error';

interface Entry {
  readonly level: Level;
  readonly message: string;
  readonly logger: string;
  readonly fields: LogFields;
  readonly caller: string;
}

const LETTERS: Readonly<Record<Level, string>> = { debug: 'I', info: 'I', warn: 'W', error: 'E' };

/** A value as JSON. An error is its message with those of its causes. */
function render(value: unknown): string {
  if (value instanceof Error) return JSON.stringify(errorText(value));
  if (typeof value === 'bigint' || typeof value === 'number') return String(value);
  return JSON.stringify(value, (_name, member: unknown) => (typeof member === 'bigint' ? Number(member) : member));
}

function pad(value: number, length: number): string {
  return String(value).padStart(length, '0');
}

/**
 * klog's head: severity and date, time in microseconds, process, place in the source. Times are UTC, as in containers.
 */
function head(level: Level, time: Date, pid: number, caller: string): string {
  const day = pad(time.getUTCMonth() + 1, 2) + pad(time.getUTCDate(), 2);
  const clock = `${time.toISOString().slice(11, 23)}000`;
  return `${LETTERS[level]}${day} ${clock} ${String(pid).padStart(7)} ${caller}]`;
}

/** One line as klog prints it: two blanks between the message and its values. */
export function klogLine(entry: Entry, time: Date, pid: number): string {
  const { level, message, logger, fields, caller } = entry;
  const values = Object.entries(fields).filter(([, value]) => value !== undefined);
  const pairs = values.map(([name, value]) => `${JSON.stringify(name)}=${render(value)}`).join(' ');
  const text = `${head(level, time, pid, caller)} ${logger} "msg"=${JSON.stringify(message)}`;
  return pairs === '' ? text : `${text}  ${pairs}`;
}

function jsonLine({ level, message, logger, fields, caller }: Entry, time: Date): string {
  const values = Object.entries(fields).filter(([, value]) => value !== undefined);
  const parts = Object.entries({ time: time.toISOString(), level, caller, logger, msg: message })
    .filter(([, value]) => value !== '')
    .map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`);
  return `{${[...parts, ...values.map(([name, value]) => `${JSON.stringify(name)}:${render(value)}`)].join(',')}}`;
}

/** The file and line that called the log, from the stack: the frame above those of this file. */
function callerOf(): string {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 4;
  const stack = new Error().stack?.split('\n') ?? [];
  Error.stackTraceLimit = limit;
  const found = /\(?([^\s()]+?):(\d+):\d+\)?$/.exec(stack[4] ?? '');
  return found === null ? '???:1' : `${path.basename(found[1] ?? '')}:${found[2] ?? ''}`;
}

/**
 * Writes lines and never fails. A reader of our output may go away (a pipe to `head`, a log collector that is
 * restarted): a process of the operator goes on without it. Lines are not kept for later, as there is no limit to their
 * number.
 *
 * @param lost - called once lines are taken again, with the number of those that were not
 */
function enduring(target: LogTarget, lost: (lines: number) => void): (line: string) => void {
  let missing = 0;
  const written = (error?: Error | null): void => {
    if (error !== undefined && error !== null) {
      missing += 1;
    } else if (missing > 0) {
      const lines = missing;
      missing = 0;
      lost(lines);
    }
  };
  // Each failure is counted above; without a listener it would end the process.
  target.on('error', () => undefined);
  return (line) => {
    target.write(`${line}\n`, written);
  };
}

/** Takes the entries of a log and of its named children. */
type Sink = (entry: Entry) => void;

/** A log; all of its named children write to the same place. */
export function createLog(options: LogOptions): Log {
  const { stream, json = false, verbosity = 0, pid = process.pid, now = () => new Date() } = options;
  const writeLine = enduring(stream, (count) => log.warn('log lines were lost: nobody read them', { lines: count }));
  const sink: Sink = (entry) => writeLine(json ? jsonLine(entry, now()) : klogLine(entry, now(), pid));
  const log = logNamed(sink, verbosity > 0, '');
  return log;
}

function logNamed(sink: Sink, talkative: boolean, logger: string): Log {
  const write = (level: Level, message: string, fields: LogFields = {}) => {
    if (level !== 'debug' || talkative) sink({ level, message, logger, fields, caller: callerOf() });
  };
  return {
    debug: (message, fields) => write('debug', message, fields),
    info: (message, fields) => write('info', message, fields),
    warn: (message, fields) => write('warn', message, fields),
    error: (message, fields) => write('error', message, fields),
    named: (name) => logNamed(sink, talkative, logger === '' ? name : `${logger}.${name}`),
  };
}
