// SPDX-License-Identifier: Apache-2.0
// The calls that a recording saw, and the gaps that it knows of. A pure fold of the recorder's events: the same ledger
// serves a command on this machine and containers on a node.
import type { RecorderEvent } from '../../gen/wire/recorder.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';

/** Everything that a recording has noted so far. */
export interface Ledger {
  /** Numbers of system calls, by architecture. */
  readonly calls: ReadonlyMap<KnownArchitecture, ReadonlySet<number>>;
  /** Processes that the kernel could not mark, so that they and their descendants were not recorded. */
  readonly lostProcesses: bigint;
  /** Calls with a number that no table holds; the kernel refuses those. */
  readonly strangeCalls: bigint;
  /** Calls that are in the profile, but not in the trace, which had no room. */
  readonly untraced: bigint;
  /** Audit records that did not come: of anything on the machine. */
  readonly lostRecords: bigint;
  /** Processes that ran before the recording began: what they did before is not in it. */
  readonly earlier: number;
  /** Processes that lived when the recording ended. */
  readonly running: number;
}

/** The ledger of a recording that has not begun. */
export const EMPTY_LEDGER: Ledger = {
  calls: new Map(),
  lostProcesses: 0n,
  strangeCalls: 0n,
  untraced: 0n,
  lostRecords: 0n,
  earlier: 0,
  running: 0,
};

function withCalls(ledger: Ledger, architecture: KnownArchitecture, numbers: readonly number[]): Ledger {
  const seen = new Set([...(ledger.calls.get(architecture) ?? []), ...numbers]);
  return { ...ledger, calls: new Map([...ledger.calls, [architecture, seen]]) };
}

/** The field that counts the losses of a reason. */
const LOST = {
  process: 'lostProcesses',
  number: 'strangeCalls',
  trace: 'untraced',
  record: 'lostRecords',
} as const;

/**
 * The ledger after one more event. Events about the helper's own state (hello, started, complete) change nothing, nor
 * do accesses, which are no calls.
 */
export function noteEvent(ledger: Ledger, event: RecorderEvent): Ledger {
  switch (event.type) {
    case 'syscalls':
      return withCalls(ledger, event.architecture, event.numbers);
    case 'lost':
      return { ...ledger, [LOST[event.reason]]: event.count };
    case 'watching':
      return { ...ledger, earlier: event.running };
    case 'left':
      return { ...ledger, running: event.count };
    case 'access':
    case 'complete':
    case 'exited':
    case 'failed':
    case 'hello':
    case 'interrupt':
    case 'orphans':
    case 'started':
    case 'traced':
      return ledger;
  }
}

/** The gaps of its trace beside those of the recording, likewise. */
export function traceGaps({ untraced }: Ledger): readonly string[] {
  return untraced === 0n
    ? []
    : [`${String(untraced)} calls had no room in the trace, which holds so many sorts of calls`];
}

/** The gaps in the recorded calls, a sentence without a full stop for each; empty when there are none. */
export function shortcomings(ledger: Ledger): readonly string[] {
  const { lostProcesses } = ledger;
  const lost =
    lostProcesses === 0n
      ? []
      : [
          `${String(lostProcesses)} processes could not be followed: their system calls and those of their children are missing`,
        ];
  return [...lost, ...timeShortcomings(ledger)];
}

/** The gaps before and after the recording, a sentence without a full stop for each; empty when there are none. */
export function timeShortcomings({ earlier, running }: Ledger): readonly string[] {
  const before =
    earlier === 0
      ? []
      : [`${String(earlier)} processes ran before the recording began: what they did before is missing`];
  const after =
    running === 0
      ? []
      : [`${String(running)} processes ran on when the recording ended: what they did then is missing`];
  return [...before, ...after];
}
