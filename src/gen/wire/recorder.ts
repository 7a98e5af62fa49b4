// Generated from schemas/wire/recorder.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// Between spoc and the program that records system calls. Commands go down on file descriptor 3, events come up on 4, one JSON object a line.

import { parseLine, printLine, type Rules } from './frame.ts';

/** What the event hello must carry: the first 12 hexadecimal digits of the schema's hash. */
export const RECORDER_PROTOCOL = 'be98f2bb57a1';

/** The first event: what the program speaks. */
export interface RecorderHello {
  readonly type: 'hello';
  /** The first 12 hexadecimal digits of the schema's hash. */
  readonly protocol: string;
}

/** The command is there. It waits for release right before its execve, from which on it is recorded. */
export interface RecorderStarted {
  readonly type: 'started';
  /** Process id of the command. */
  readonly pid: number;
}

/** Processes of the watched name are recorded from here on. */
export interface RecorderWatching {
  readonly type: 'watching';
  /** How many processes of the name were running already: what they did before is in no profile. */
  readonly running: number;
}

/** The system calls that were seen since the start, for one architecture. Sent for each architecture that made any, when the recording ends and at each read. */
export interface RecorderSyscalls {
  readonly type: 'syscalls';
  /** The calling convention, in the words of the OCI runtime specification. */
  readonly architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** Ascending numbers of that architecture; those of x32 without the bit 0x40000000. */
  readonly numbers: readonly number[];
}

/** Calls of one sort: of one number, by one executable, with the same of those arguments that are noted. Sent after syscalls, and only when a trace was asked for. */
export interface RecorderTraced {
  readonly type: 'traced';
  /** The calling convention. */
  readonly architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** The number of that architecture; of x32 without the bit 0x40000000. */
  readonly number: number;
  /** Name of the file that the caller executes, cut off behind 63 bytes; empty for the execve with which the command begins. */
  readonly executable: string;
  /** A bit for each argument that is noted, the lowest for the first. */
  readonly noted: number;
  /** The first argument; 0 where it is not noted, like the others. */
  readonly argument0: bigint;
  /** The second. */
  readonly argument1: bigint;
  /** The third. */
  readonly argument2: bigint;
  /** The fourth. */
  readonly argument3: bigint;
  /** The fifth. */
  readonly argument4: bigint;
  /** The sixth. */
  readonly argument5: bigint;
  /** How many such calls. */
  readonly count: bigint;
  /** When the first was made, in milliseconds since 1970. */
  readonly first: bigint;
  /** When the last was made. */
  readonly last: bigint;
}

/** The kernel's audit record of an access that the profile of start or watch does not allow, or of a program that ran within it. */
export interface RecorderAccess {
  readonly type: 'access';
  /** The record without its type: audit(TIME:SERIAL): apparmor=... The kernel writes no longer ones (MAX_AUDIT_MESSAGE_LENGTH of include/linux/audit.h). */
  readonly text: string;
}

/** What the recording lacks. Sent after syscalls, and only when there is any. */
export interface RecorderLost {
  readonly type: 'lost';
  /** process: the kernel could not mark a child, so that it and its descendants were not recorded. number: a call had a number that no table holds. trace: calls for which the trace had no room. record: the kernel or the socket had no room for an audit record, or the last ones did not come. */
  readonly reason: 'process' | 'number' | 'trace' | 'record';
  /** How many children or calls. */
  readonly count: bigint;
}

/** The command has ended, and others of its tree still run. The recording goes on until they end or until stop. */
export interface RecorderOrphans {
  readonly type: 'orphans';
  /** How many processes. */
  readonly count: number;
}

/** Processes of the tree, or of the watched name, that live when the hooks are taken away: what they do from then on is not recorded. Sent before the last complete, and only when there are any. */
export interface RecorderLeft {
  readonly type: 'left';
  /** How many processes. */
  readonly count: number;
}

/** The command has ended. */
export interface RecorderExited {
  readonly type: 'exited';
  /** Its exit code; 0 when a signal ended it. */
  readonly code: number;
  /** The signal that ended it; 0 when it exited. */
  readonly signal: number;
}

/** A signal has asked the program to end (only where the launcher has started it). */
export interface RecorderInterrupt {
  readonly type: 'interrupt';
  /** The signal. */
  readonly signal: number;
  /** Whether the terminal sent it, to the command as well. */
  readonly terminal: boolean;
}

/** The answer to a read or a stop, or the end of the tree, has been sent in full. */
export interface RecorderComplete {
  readonly type: 'complete';
  /** Whether nothing is attached any more and the program ends. */
  readonly final: boolean;
}

/** The recording is not possible; nothing follows. */
export interface RecorderFailed {
  readonly type: 'failed';
  /** A sentence that names what is missing or wrong. */
  readonly reason: string;
}

/** Note who makes which calls how often, too. Sent before start or watch. */
export interface RecorderTrace {
  readonly type: 'trace';
  /** Calls of the machine's own architecture whose arguments are noted besides: 64 times the number, and the mask of the arguments. */
  readonly arguments: readonly number[];
}

/** Prepare the held command, to record it and its descendants. */
export interface RecorderStart {
  readonly type: 'start';
  /** How many of the last arguments are the command. */
  readonly arguments: number;
  /** User of the command; -1 to stay. */
  readonly uid: number;
  /** Group of the command; -1 to stay. */
  readonly gid: number;
  /** Supplementary groups of the command; not looked at when the user stays. */
  readonly groups: readonly number[];
  /** Value of the variables USER and LOGNAME of the command; empty to leave them and HOME as they are. */
  readonly user: string;
  /** Value of the variable HOME of the command; not looked at when the user is empty. */
  readonly home: string;
  /** Name of an AppArmor profile in complain mode, which is in the kernel and the recorder's from here on: the command gets it with its execve, its records are told, and it is taken out at the end. Empty for none. */
  readonly profile: string;
}

/** Let the command begin, which waits since started. The end of the commands without it ends the command. */
export interface RecorderRelease {
  readonly type: 'release';
}

/** Send a signal to the command, be it waiting or running. */
export interface RecorderSignal {
  readonly type: 'signal';
  /** The signal. */
  readonly number: number;
}

/** Start nothing; record the processes of a name, running or to come, and their descendants, until stop. */
export interface RecorderWatch {
  readonly type: 'watch';
  /** The name as in /proc/PID/comm, of which the kernel keeps 15 bytes, or of the executable file. */
  readonly name: string;
  /** Name of an AppArmor profile in complain mode, which is in the kernel and the recorder's from here on: its records are told, and it is taken out at the end. Empty for none. */
  readonly profile: string;
}

/** Send what was seen so far; the recording goes on. */
export interface RecorderRead {
  readonly type: 'read';
}

/** Send what was seen and end at once; the command and its descendants go on unrecorded, and a command that still waits is ended. */
export interface RecorderStop {
  readonly type: 'stop';
}

/** Everything that comes up from the recorder. */
export type RecorderEvent =
  | RecorderHello
  | RecorderStarted
  | RecorderWatching
  | RecorderSyscalls
  | RecorderTraced
  | RecorderAccess
  | RecorderLost
  | RecorderOrphans
  | RecorderLeft
  | RecorderExited
  | RecorderInterrupt
  | RecorderComplete
  | RecorderFailed;

/** Everything that goes down to the recorder. */
export type RecorderCommand =
  | RecorderTrace
  | RecorderStart
  | RecorderRelease
  | RecorderSignal
  | RecorderWatch
  | RecorderRead
  | RecorderStop;

const EVENTS: Rules = {
  hello: {
    protocol: { kind: 'string', maxLength: 12 },
  },
  started: {
    pid: { kind: 'integer', minimum: 1, maximum: 4194304 },
  },
  watching: {
    running: { kind: 'integer', minimum: 0, maximum: 4194304 },
  },
  syscalls: {
    architecture: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    numbers: { kind: 'integers', minimum: 0, maximum: 2147483647, maxItems: 1024 },
  },
  traced: {
    architecture: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    number: { kind: 'integer', minimum: 0, maximum: 2147483647 },
    executable: { kind: 'string', maxLength: 63 },
    noted: { kind: 'integer', minimum: 0, maximum: 63 },
    argument0: { kind: 'uint64' },
    argument1: { kind: 'uint64' },
    argument2: { kind: 'uint64' },
    argument3: { kind: 'uint64' },
    argument4: { kind: 'uint64' },
    argument5: { kind: 'uint64' },
    count: { kind: 'uint64' },
    first: { kind: 'uint64' },
    last: { kind: 'uint64' },
  },
  access: {
    text: { kind: 'string', maxLength: 8970 },
  },
  lost: {
    reason: { kind: 'choice', values: ['process', 'number', 'trace', 'record'] },
    count: { kind: 'uint64' },
  },
  orphans: {
    count: { kind: 'integer', minimum: 1, maximum: 4194304 },
  },
  left: {
    count: { kind: 'integer', minimum: 1, maximum: 4194304 },
  },
  exited: {
    code: { kind: 'integer', minimum: 0, maximum: 255 },
    signal: { kind: 'integer', minimum: 0, maximum: 64 },
  },
  interrupt: {
    signal: { kind: 'integer', minimum: 1, maximum: 64 },
    terminal: { kind: 'boolean' },
  },
  complete: {
    final: { kind: 'boolean' },
  },
  failed: {
    reason: { kind: 'string', maxLength: 5120 },
  },
};

const COMMANDS: Rules = {
  trace: {
    arguments: { kind: 'integers', minimum: 0, maximum: 65535, maxItems: 256 },
  },
  start: {
    arguments: { kind: 'integer', minimum: 1, maximum: 4194304 },
    uid: { kind: 'integer', minimum: -1, maximum: 4294967294 },
    gid: { kind: 'integer', minimum: -1, maximum: 4294967294 },
    groups: { kind: 'integers', minimum: 0, maximum: 4294967294, maxItems: 1024 },
    user: { kind: 'string', maxLength: 256 },
    home: { kind: 'string', maxLength: 4095 },
    profile: { kind: 'string', maxLength: 4095 },
  },
  release: {},
  signal: {
    number: { kind: 'integer', minimum: 1, maximum: 64 },
  },
  watch: {
    name: { kind: 'string', maxLength: 255 },
    profile: { kind: 'string', maxLength: 4095 },
  },
  read: {},
  stop: {},
};

/**
 * The event of a line that came up from the recorder.
 * @throws SyntaxError that names the message and the field, when the line is no event.
 */
export function parseRecorderEvent(line: string): RecorderEvent {
  return parseLine('recorder', line, EVENTS) as unknown as RecorderEvent;
}

/**
 * The line, with its end, of a command that goes down to the recorder.
 * @throws RangeError that names the message and the field, when a value is outside of its bounds.
 */
export function printRecorderCommand(command: RecorderCommand): string {
  return printLine('recorder', { ...command }, COMMANDS);
}
