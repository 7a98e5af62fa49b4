// Generated from schemas/wire/selinux-policy.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0
// Between the process selinuxd and the program that changes the SELinux policy of its node. Commands go down on file descriptor 3, events come up on 4, one JSON object a line.

import { parseLine, printLine, type Rules } from './frame.ts';

/** What the event hello must carry: the first 12 hexadecimal digits of the schema's hash. */
export const SELINUX_POLICY_PROTOCOL = '4266f7b1609d';

/** The first event: what the program speaks. */
export interface SelinuxPolicyHello {
  readonly type: 'hello';
  /** The first 12 hexadecimal digits of the schema's hash. */
  readonly protocol: string;
}

/** A module of the node's store. Several may have one name: the one with the highest priority is in effect. */
export interface SelinuxPolicyModule {
  readonly type: 'module';
  /** Name of the module. */
  readonly name: string;
  /** Its priority, 400 for those that this program installs. */
  readonly priority: number;
  /** Whether no administrator has disabled modules of this name. */
  readonly enabled: boolean;
  /** SHA-256 of its CIL text, in hexadecimal digits; empty for modules of other priorities and languages. */
  readonly checksum: string;
  /** The last line of its CIL text, where that is a comment; empty where it is none, and where the checksum is. */
  readonly lastLine: string;
}

/** There are no more modules. */
export interface SelinuxPolicyListed {
  readonly type: 'listed';
}

/** A line that libsemanage or libsepol has said of the transaction. Sent before committed and refused. */
export interface SelinuxPolicyWords {
  readonly type: 'words';
  /** The line. */
  readonly text: string;
}

/** All of the transaction is in the store, and in the kernel's policy where SELinux is on. */
export interface SelinuxPolicyCommitted {
  readonly type: 'committed';
}

/** The policy cannot be built with the transaction: the store is as it was before. */
export interface SelinuxPolicyRefused {
  readonly type: 'refused';
}

/** The store cannot be read or changed, whatever the transaction holds; nothing follows. */
export interface SelinuxPolicyFailed {
  readonly type: 'failed';
  /** A sentence that names what is missing or wrong. */
  readonly reason: string;
}

/** Answer to stop; nothing follows. */
export interface SelinuxPolicyStopped {
  readonly type: 'stopped';
}

/** Send all modules, closed by listed. */
export interface SelinuxPolicyList {
  readonly type: 'list';
}

/** A piece of the CIL text of the module that the next install names. */
export interface SelinuxPolicyCil {
  readonly type: 'cil';
  /** Its bytes. */
  readonly text: string;
}

/** Add to the transaction: this module, with the pieces of text that came before. */
export interface SelinuxPolicyInstall {
  readonly type: 'install';
  /** Name of the module. */
  readonly name: string;
}

/** Add to the transaction: the module of this name is not there any more. */
export interface SelinuxPolicyRemove {
  readonly type: 'remove';
  /** Name of the module. */
  readonly name: string;
}

/** Do all of the transaction, or nothing of it. Answered by committed or refused; the next transaction is empty. */
export interface SelinuxPolicyCommit {
  readonly type: 'commit';
}

/** End the program. Answered by stopped. */
export interface SelinuxPolicyStop {
  readonly type: 'stop';
}

/** Everything that comes up from the selinux-policy. */
export type SelinuxPolicyEvent =
  | SelinuxPolicyHello
  | SelinuxPolicyModule
  | SelinuxPolicyListed
  | SelinuxPolicyWords
  | SelinuxPolicyCommitted
  | SelinuxPolicyRefused
  | SelinuxPolicyFailed
  | SelinuxPolicyStopped;

/** Everything that goes down to the selinux-policy. */
export type SelinuxPolicyCommand =
  | SelinuxPolicyList
  | SelinuxPolicyCil
  | SelinuxPolicyInstall
  | SelinuxPolicyRemove
  | SelinuxPolicyCommit
  | SelinuxPolicyStop;

const EVENTS: Rules = {
  hello: {
    protocol: { kind: 'string', maxLength: 12 },
  },
  module: {
    name: { kind: 'string', maxLength: 255 },
    priority: { kind: 'integer', minimum: 1, maximum: 999 },
    enabled: { kind: 'boolean' },
    checksum: { kind: 'string', maxLength: 64 },
    lastLine: { kind: 'string', maxLength: 1024 },
  },
  listed: {},
  words: {
    text: { kind: 'string', maxLength: 2048 },
  },
  committed: {},
  refused: {},
  failed: {
    reason: { kind: 'string', maxLength: 5120 },
  },
  stopped: {},
};

const COMMANDS: Rules = {
  list: {},
  cil: {
    text: { kind: 'string', maxLength: 8192 },
  },
  install: {
    name: { kind: 'string', maxLength: 255 },
  },
  remove: {
    name: { kind: 'string', maxLength: 255 },
  },
  commit: {},
  stop: {},
};

/**
 * The event of a line that came up from the selinux-policy.
 * @throws SyntaxError that names the message and the field, when the line is no event.
 */
export function parseSelinuxPolicyEvent(line: string): SelinuxPolicyEvent {
  return parseLine('selinux-policy', line, EVENTS) as unknown as SelinuxPolicyEvent;
}

/**
 * The line, with its end, of a command that goes down to the selinux-policy.
 * @throws RangeError that names the message and the field, when a value is outside of its bounds.
 */
export function printSelinuxPolicyCommand(command: SelinuxPolicyCommand): string {
  return printLine('selinux-policy', { ...command }, COMMANDS);
}
