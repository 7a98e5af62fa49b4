// SPDX-License-Identifier: Apache-2.0
// A trace: which calls a command has made, by which executables, with which of the arguments that are noted, how often,
// and when first and last. It is bounded by its sorts of calls, not by their number, so it stays small.
import type { RecorderEvent } from '../../gen/wire/recorder.ts';
import { syscallName } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { rfc3339 } from '../status/time.ts';

/** Calls of one sort. */
export interface TracedCall {
  readonly architecture: KnownArchitecture;
  readonly number: number;
  /** Undefined where no table has the number. */
  readonly name?: string;
  /** File name of the program that made them; empty for the execve with which the command began. */
  readonly executable: string;
  /** The noted arguments, by place from 0, as decimal numbers. */
  readonly arguments: Readonly<Record<string, string>>;
  readonly count: number;
  /** RFC 3339, like the last. */
  readonly first: string;
  readonly last: string;
}

/** The trace of one recording, as a file holds it. */
export interface Trace {
  readonly kind: 'CallTrace';
  readonly version: 'v1';
  /** The command, or the name of the programs that were watched. */
  readonly command: string;
  /** Of the machine. */
  readonly architecture: KnownArchitecture;
  /** Release of the kernel. */
  readonly kernel: string;
  /** Sentences on what is missing, without a full stop; none where nothing is. */
  readonly gaps: readonly string[];
  readonly calls: readonly TracedCall[];
}

/** The kind of a trace's document. */
export const TRACE_KIND = 'CallTrace';

type TracedEvent = Extract<RecorderEvent, { type: 'traced' }>;

/** The calls of an event of the recorder. */
export function tracedCall(event: TracedEvent): TracedCall {
  const { architecture, number, executable, noted, count, first, last } = event;
  const values = [event.argument0, event.argument1, event.argument2, event.argument3, event.argument4, event.argument5];
  const told = values.flatMap((value, place) => (noted & (1 << place) ? [[String(place), String(value)]] : []));
  const name = syscallName(architecture, number);
  return {
    architecture,
    number,
    ...(name === undefined ? {} : { name }),
    executable,
    arguments: Object.fromEntries(told) as Readonly<Record<string, string>>,
    count: Number(count),
    first: rfc3339(Number(first)),
    last: rfc3339(Number(last)),
  };
}

/** The text of a trace: JSON with a line for each sort of calls, in the order of their first ones. */
export function printTrace({ calls, ...head }: Trace): string {
  const sorted = [...calls].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  const opened = JSON.stringify(head, undefined, 2).slice(0, -2);
  const lines = sorted.map((call) => `    ${JSON.stringify(call)}`);
  return `${opened},\n  "calls": [\n${lines.join(',\n')}\n  ]\n}\n`;
}

function keyOf({ first, executable, architecture, number, arguments: values }: TracedCall): string {
  return [first, executable, architecture, String(number).padStart(10), JSON.stringify(values)].join(' ');
}
