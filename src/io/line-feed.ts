// SPDX-License-Identifier: Apache-2.0
// Lines that one container of a pod tells another one as they come: over a socket in a directory that they share, which
// nobody else can reach. A listener gets first all that still counts, so nothing is lost by a restart of either.
import { rm } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/** A listener that takes nothing keeps so many bytes here; then its connection ends, and it begins anew. */
const MOST_WAITING = 1 << 20;

/** A line that is longer is none. */
const LONGEST = 1 << 16;

/** Until a teller that is not there, or has gone, is looked for again, in milliseconds. */
const PAUSE_MS = 1000;

/**
 * Nobody tells who has been silent for so long since the beginning or since a connection has ended, in milliseconds:
 * longer than a restart takes, of which nothing needs to be told.
 */
const PATIENCE_MS = 30_000;

/** The side that tells. */
export interface LineFeed {
  /** Tells a line to all who listen. */
  say(line: string): void;
  close(): Promise<void>;
}

/**
 * Offers lines at a socket. A socket of that name which a process of before has left is replaced.
 *
 * @param current - the lines that a new listener gets first
 */
export async function tellLines(
  socket: string,
  current: () => readonly string[],
  onError: (error: unknown) => void,
): Promise<LineFeed> {
  await rm(socket, { force: true });
  const listeners = new Set<Socket>();
  const server = createServer((connection) => {
    connection.on('error', onError);
    connection.on('close', () => listeners.delete(connection));
    connection.resume();
    listeners.add(connection);
    for (const line of current()) connection.write(`${line}\n`);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(socket, resolve);
  });
  server.on('error', onError);
  return {
    say: (line) => {
      for (const connection of listeners) {
        if (connection.writableLength > MOST_WAITING) connection.destroy();
        else connection.write(`${line}\n`);
      }
    },
    close: () => {
      for (const connection of listeners) connection.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** The side that listens. */
export interface LineListener {
  line(line: string): void;
  /** Nobody tells any more, or has ever told. May be called again. */
  lost(): void;
}

/** Listens until the signal aborts, and comes again to a teller that has gone. */
export async function hearLines(
  socket: string,
  listener: LineListener,
  signal: AbortSignal,
  patienceMs = PATIENCE_MS,
): Promise<void> {
  let silence: NodeJS.Timeout | undefined;
  const endSilence = (): void => {
    clearTimeout(silence);
    silence = undefined;
  };
  const lost = (): void => {
    silence = undefined;
    listener.lost();
  };
  const take = (line: string): void => {
    endSilence();
    listener.line(line);
  };
  while (!signal.aborted) {
    silence ??= setTimeout(lost, patienceMs).unref();
    await hearOnce(socket, take, signal);
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
  endSilence();
}

/** Hears one connection to its end. */
async function hearOnce(socket: string, take: (line: string) => void, signal: AbortSignal): Promise<void> {
  const connection = connect({ path: socket, signal });
  connection.setEncoding('utf8');
  let rest = '';
  connection.on('error', () => undefined);
  connection.on('data', (piece: string) => {
    const lines = `${rest}${piece}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(line);
    if (rest.length > LONGEST) connection.destroy();
  });
  await new Promise<void>((resolve) => connection.once('close', () => resolve()));
}
