// Generated from schemas/wire/runner.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// Between spoc and the program that runs a command under a seccomp filter. Commands go down on file descriptor 3, events come up on 4, one JSON object a line.

import { parseLine, printLine, type Rules } from './frame.ts';

/** What the event hello must carry: the first 12 hexadecimal digits of the schema's hash. */
export const RUNNER_PROTOCOL = 'ac3cb0b0fa2d';

/** The first event: what the program speaks. */
export interface RunnerHello {
  readonly type: 'hello';
  /** The first 12 hexadecimal digits of the schema's hash. */
  readonly protocol: string;
}

/** The command is there. It waits for release, and then the filter is installed right before its execve. */
export interface RunnerStarted {
  readonly type: 'started';
  /** Process id of the command. */
  readonly pid: number;
}

/** The command has ended, and others still run under its AppArmor profile, which therefore stays in the kernel. Sent before exited. */
export interface RunnerKept {
  readonly type: 'kept';
}

/** The command has ended; nothing follows. */
export interface RunnerExited {
  readonly type: 'exited';
  /** Its exit code; 0 when a signal ended it. */
  readonly code: number;
  /** The signal that ended it; 0 when it exited. */
  readonly signal: number;
}

/** Numbers of a foreign architecture that libseccomp has no name for, so that no rule for them was added. Sent once for a rule, before started. */
export interface RunnerUnknown {
  readonly type: 'unknown';
  /** The architecture of the rule. */
  readonly architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** The numbers that were left out. */
  readonly numbers: readonly number[];
}

/** What the kernel does with one tried call (program try_syscalls). */
export interface RunnerOutcome {
  readonly type: 'outcome';
  /** The SECCOMP_RET value with its data. */
  readonly action: number;
}

/** The command cannot be run; nothing follows. */
export interface RunnerFailed {
  readonly type: 'failed';
  /** A sentence that names what is missing or wrong. */
  readonly reason: string;
}

/** Begin a filter: what happens to calls that no rule is about. */
export interface RunnerFilter {
  readonly type: 'filter';
  /** A SECCOMP_RET value with its data. */
  readonly defaultAction: number;
  /** SECCOMP_FILTER_FLAG_LOG: log every action but allow. */
  readonly log: boolean;
  /** SECCOMP_FILTER_FLAG_SPEC_ALLOW: no mitigation of speculative store bypass. */
  readonly specAllow: boolean;
}

/** An architecture that the filter is for; calls of others are killed. The rules of an architecture follow it. */
export interface RunnerArchitecture {
  readonly type: 'architecture';
  /** The architecture. */
  readonly name: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** Calls with larger numbers get ENOSYS, whatever the rules say; -1 when none does. That of x32 without the bit 0x40000000. */
  readonly newest: number;
}

/** A comparison that the next rule makes, on one argument. All conditions of a rule must hold. */
export interface RunnerCondition {
  readonly type: 'condition';
  /** Which argument. */
  readonly index: number;
  /** The comparison, in the words of the OCI runtime specification. */
  readonly op: 'SCMP_CMP_NE' | 'SCMP_CMP_LT' | 'SCMP_CMP_LE' | 'SCMP_CMP_EQ' | 'SCMP_CMP_GE' | 'SCMP_CMP_GT' | 'SCMP_CMP_MASKED_EQ';
  /** What is compared with; the mask for SCMP_CMP_MASKED_EQ. */
  readonly value: bigint;
  /** What the masked argument equals for SCMP_CMP_MASKED_EQ; else 0. */
  readonly valueTwo: bigint;
}

/** What happens to some calls of the last named architecture when the conditions sent since the rule before hold. */
export interface RunnerRule {
  readonly type: 'rule';
  /** Numbers of that architecture; those of x32 without the bit 0x40000000. */
  readonly numbers: readonly number[];
  /** A SECCOMP_RET value with its data. */
  readonly action: number;
}

/** A line that was logged about the profile, to be logged again when the kept filter is used without asking. */
export interface RunnerNote {
  readonly type: 'note';
  /** The line, without its time; empty for one that is too long, with which the filter is not kept. */
  readonly text: string;
}

/** Prepare the held command, to run it under the filter. */
export interface RunnerStart {
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
  /** Name of an AppArmor profile, which is in the kernel and the runner's from here on: the command gets it with its execve, and it is taken out when nothing runs under it any more at the end. Empty for none; without one there must be a filter. */
  readonly profile: string;
}

/** Let the command begin, which waits since started. The end of the commands without it ends the command. */
export interface RunnerRelease {
  readonly type: 'release';
}

/** Send a signal to the command, be it waiting or running. */
export interface RunnerSignal {
  readonly type: 'signal';
  /** The signal. */
  readonly number: number;
}

/** Ask the kernel what the filter does with a call that is never executed (program try_syscalls). Answered by outcome. */
export interface RunnerTry {
  readonly type: 'try';
  /** How the call is made. */
  readonly architecture: 'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM';
  /** The number, for x32 without the bit 0x40000000. */
  readonly number: number;
  /** Argument 0. */
  readonly first: bigint;
  /** Argument 1. */
  readonly second: bigint;
  /** Argument 2. */
  readonly third: bigint;
  /** Argument 3. */
  readonly fourth: bigint;
  /** Argument 4. */
  readonly fifth: bigint;
  /** Argument 5. */
  readonly sixth: bigint;
}

/** Everything that comes up from the runner. */
export type RunnerEvent =
  | RunnerHello
  | RunnerStarted
  | RunnerKept
  | RunnerExited
  | RunnerUnknown
  | RunnerOutcome
  | RunnerFailed;

/** Everything that goes down to the runner. */
export type RunnerCommand =
  | RunnerFilter
  | RunnerArchitecture
  | RunnerCondition
  | RunnerRule
  | RunnerNote
  | RunnerStart
  | RunnerRelease
  | RunnerSignal
  | RunnerTry;

const EVENTS: Rules = {
  hello: {
    protocol: { kind: 'string', maxLength: 12 },
  },
  started: {
    pid: { kind: 'integer', minimum: 1, maximum: 4194304 },
  },
  kept: {},
  exited: {
    code: { kind: 'integer', minimum: 0, maximum: 255 },
    signal: { kind: 'integer', minimum: 0, maximum: 64 },
  },
  unknown: {
    architecture: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    numbers: { kind: 'integers', minimum: 0, maximum: 2147483647, maxItems: 1024 },
  },
  outcome: {
    action: { kind: 'integer', minimum: 0, maximum: 4294967295 },
  },
  failed: {
    reason: { kind: 'string', maxLength: 5120 },
  },
};

const COMMANDS: Rules = {
  filter: {
    defaultAction: { kind: 'integer', minimum: 0, maximum: 4294967295 },
    log: { kind: 'boolean' },
    specAllow: { kind: 'boolean' },
  },
  architecture: {
    name: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    newest: { kind: 'integer', minimum: -1, maximum: 1073741823 },
  },
  condition: {
    index: { kind: 'integer', minimum: 0, maximum: 5 },
    op: { kind: 'choice', values: ['SCMP_CMP_NE', 'SCMP_CMP_LT', 'SCMP_CMP_LE', 'SCMP_CMP_EQ', 'SCMP_CMP_GE', 'SCMP_CMP_GT', 'SCMP_CMP_MASKED_EQ'] },
    value: { kind: 'uint64' },
    valueTwo: { kind: 'uint64' },
  },
  rule: {
    numbers: { kind: 'integers', minimum: 0, maximum: 2147483647, maxItems: 1024 },
    action: { kind: 'integer', minimum: 0, maximum: 4294967295 },
  },
  note: {
    text: { kind: 'string', maxLength: 4096 },
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
  try: {
    architecture: { kind: 'choice', values: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'] },
    number: { kind: 'integer', minimum: -1, maximum: 2147483647 },
    first: { kind: 'uint64' },
    second: { kind: 'uint64' },
    third: { kind: 'uint64' },
    fourth: { kind: 'uint64' },
    fifth: { kind: 'uint64' },
    sixth: { kind: 'uint64' },
  },
};

/**
 * The event of a line that came up from the runner.
 * @throws SyntaxError that names the message and the field, when the line is no event.
 */
export function parseRunnerEvent(line: string): RunnerEvent {
  return parseLine('runner', line, EVENTS) as unknown as RunnerEvent;
}

/**
 * The line, with its end, of a command that goes down to the runner.
 * @throws RangeError that names the message and the field, when a value is outside of its bounds.
 */
export function printRunnerCommand(command: RunnerCommand): string {
  return printLine('runner', { ...command }, COMMANDS);
}
