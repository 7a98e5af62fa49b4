// SPDX-License-Identifier: Apache-2.0
// Whole recordings as values, for tests that compare them.
import { closeSync, openSync } from 'node:fs';
import { syscallName } from '../../src/core/seccomp/syscalls.ts';
import type { RecorderEvent } from '../../src/gen/wire/recorder.ts';
import { Recorder } from '../../src/io/native/recorder.ts';
import type { Recording } from '../../src/io/native/recorder.ts';
import { nativeProgram } from './fixtures.ts';
import { requestOf, startProgram } from './started-program.ts';
import type { NativeCommand } from './started-program.ts';

/** The result of a recording. */
export interface Recorded {
  /** Types of the events, in order. */
  readonly types: readonly string[];
  /** Names of the calls of the machine's own architecture, sorted; a number that has no name as such. */
  readonly names: readonly string[];
  /** Numbers by architecture. */
  readonly numbers: Readonly<Record<string, readonly number[]>>;
  readonly events: readonly RecorderEvent[];
}

/** How a command is recorded, where it matters. */
export interface RecordOptions {
  readonly program?: string;
  readonly user?: NonNullable<NativeCommand['user']>;
  readonly env?: NativeCommand['env'];
  /** The arguments that a trace notes; left out for no trace. */
  readonly traced?: readonly number[];
}

/** A user without any right of root. */
export const NOBODY = { uid: 65534, gid: 65534, groups: [] };

/** Records a command with a program that is driven by this process. */
export function recordCommand(
  program: string,
  command: NativeCommand,
  signal?: AbortSignal,
  traced?: readonly number[],
): Recording {
  return new Recorder(startProgram(program, command, signal)).record(requestOf(command), { traced });
}

/** Records what processes of a name do, with the recorder driven by this process. */
export function watchName(name: string): Recording {
  return new Recorder(startProgram(nativeProgram('recorder'), { argv: [], env: {}, cwd: '/' })).watch(name);
}

/** A recording whose command is released as soon as it is there. */
function releasing(recording: Recording): Recording {
  async function* events(): AsyncGenerator<RecorderEvent> {
    for await (const event of recording.events) {
      if (event.type === 'started') recording.release();
      yield event;
    }
  }
  return { ...recording, events: events() };
}

/** Starts to record a command whose output nobody wants. */
export function startRecording(argv: readonly [string, ...string[]], options: RecordOptions = {}): Recording {
  const nowhere = openSync('/dev/null', 'r+');
  try {
    const { program = nativeProgram('recorder'), user, env = process.env, traced } = options;
    const streams = [nowhere, nowhere, nowhere] as const;
    const command = { argv, env, cwd: '/', streams, ...(user === undefined ? {} : { user }) };
    return releasing(recordCommand(program, command, undefined, traced));
  } finally {
    closeSync(nowhere);
  }
}

/** Follows a recording to its end. */
export async function followed(recording: Recording): Promise<Recorded> {
  const events: RecorderEvent[] = [];
  for await (const event of recording.events) events.push(event);
  return summary(events);
}

/** Records a command to its end. */
export async function recorded(argv: readonly [string, ...string[]], options?: RecordOptions): Promise<Recorded> {
  return followed(startRecording(argv, options));
}

/** The sum of the events. */
export function summary(events: readonly RecorderEvent[]): Recorded {
  const seen = events.filter((event) => event.type === 'syscalls');
  const own = process.arch === 'arm64' ? 'SCMP_ARCH_AARCH64' : 'SCMP_ARCH_X86_64';
  const names = seen
    .filter(({ architecture }) => architecture === own)
    .flatMap(({ numbers }) => numbers.map((number) => syscallName(own, number) ?? String(number)));
  return {
    types: events.map(({ type }) => type),
    names: names.sort(),
    numbers: Object.fromEntries(seen.map(({ architecture, numbers }) => [architecture, numbers])),
    events,
  };
}

/**
 * Waits for the next event of a type, from an iteration that goes on afterwards. Throws when the recording ends before.
 */
export async function awaited<T extends RecorderEvent['type']>(
  events: AsyncIterator<RecorderEvent>,
  type: T,
): Promise<Extract<RecorderEvent, { type: T }>> {
  for (;;) {
    const next = await events.next();
    if (next.done === true) throw new Error(`the recording ended without ${type}`);
    if (isOf(next.value, type)) return next.value;
  }
}

/** Follows an iteration to its end. */
export async function rest(events: AsyncIterator<RecorderEvent>): Promise<Recorded> {
  const found: RecorderEvent[] = [];
  for (;;) {
    const next = await events.next();
    if (next.done === true) return summary(found);
    found.push(next.value);
  }
}

function isOf<T extends RecorderEvent['type']>(
  event: RecorderEvent,
  type: T,
): event is Extract<RecorderEvent, { type: T }> {
  return event.type === type;
}
