// SPDX-License-Identifier: Apache-2.0
// The wire to a compiled program. The launcher starts the program and this process, and leaves both their ends of two
// pipes. A process of spoc waits for nothing else, as the program hears the signals too: so it reads where it waits,
// and loads no stream and no event loop.
import { closeSync, openSync, readSync, writeSync } from 'node:fs';

/** Lines in both directions. */
export interface Channel {
  /** Path or name of the program, for sentences about it. */
  readonly program: string;
  /** Lines that come up, without their ends. Iterate it once. Ends when the program closes its end. */
  readonly lines: AsyncIterable<string>;
  /** Sends text down; void when the program reads no more. */
  readonly write: (text: string) => void;
  /** Nothing more will be sent. `error` is set where the conversation has failed. */
  readonly close: (error?: unknown) => void;
  /** How the program has ended, as the end of a sentence. */
  readonly end: () => Promise<string>;
}

const CHUNK_BYTES = 65_536;

async function* linesOf(file: number): AsyncGenerator<string> {
  const chunk = Buffer.alloc(CHUNK_BYTES);
  let rest = '';
  for (;;) {
    const count = readSync(file, chunk);
    if (count === 0) return;
    const parts = (rest + chunk.toString('latin1', 0, count)).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}

function isBrokenPipe(cause: unknown): boolean {
  return cause instanceof Error && 'code' in cause && cause.code === 'EPIPE';
}

/**
 * The channel of two descriptors that this process has inherited.
 *
 * @param events - where the program's lines come up
 * @param commands - where lines go down
 */
export function inheritedChannel(program: string, events: number, commands: number): Channel {
  return {
    program,
    lines: linesOf(events),
    write: (text) => {
      try {
        const bytes = Buffer.from(text, 'latin1');
        for (let at = 0; at < bytes.length;) at += writeSync(commands, bytes, at);
      } catch (cause) {
        // A program that has ended reads no more; the end of its lines shows that it has ended.
        if (!isBrokenPipe(cause)) throw cause;
      }
    },
    // The ends close with this process, which has nothing else to do.
    close: () => undefined,
    end: async () => 'ended',
  };
}

/** Signals that a terminal, or a supervisor of all processes of a service, sends to this process as well. */
const PROGRAM_SIGNALS = ['SIGINT', 'SIGQUIT', 'SIGHUP', 'SIGTERM', 'SIGUSR2'] as const;

/**
 * Leaves signals to the program at the other end, which reports those that matter. Node.js resets the dispositions and
 * the mask that it is started with, so only a handler keeps a signal from ending it.
 */
export function leaveSignals(): void {
  for (const name of PROGRAM_SIGNALS) process.on(name, () => undefined);
}

/**
 * Leaves standard input and output to the command alone: a pipe that this process kept open would not end for its
 * reader when the command has closed it.
 */
export function leaveStandardStreams(): void {
  for (const file of [0, 1]) {
    closeSync(file);
    // The lowest number that is free is the one that was closed.
    openSync('/dev/null', 'r+');
  }
}
