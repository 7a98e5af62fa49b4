// SPDX-License-Identifier: Apache-2.0
// A program that gets its input, does one thing and ends: what it printed, and how it ended.
import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';

/** A program that has ended. */
export interface Ended {
  /** Undefined where a signal has ended it. */
  readonly status: number | undefined;
  readonly signal: string | undefined;
  /** It had its time, and was ended for that. */
  readonly late: boolean;
  /** Bytes of its standard output. */
  readonly output: Uint8Array;
  /** Text of its standard error. */
  readonly messages: string;
}

/** Most that is taken of each stream: no program of ours prints as much. */
const PRINTED_MAX = 32 << 20;

/**
 * Runs a program with an empty environment. Rejects where it cannot be started, or prints without an end.
 *
 * @param mostMilliseconds - after which it is ended by SIGKILL, whether it works or waits
 */
export async function runToEnd(
  program: string,
  args: readonly string[],
  input: string | Uint8Array,
  mostMilliseconds?: number,
): Promise<Ended> {
  const limit = { timeout: mostMilliseconds, killSignal: 'SIGKILL' } as const;
  const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'], env: {}, ...limit });
  const end = new Promise<Pick<Ended, 'status' | 'signal' | 'late'>>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`start ${program}: ${cause.message}`, { cause })));
    child.once('close', (status, signal) =>
      resolve({ status: status ?? undefined, signal: signal ?? undefined, late: child.killed }),
    );
  });
  // A program that has ended reads no more.
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const taken = [child.stdout, child.stderr].map((stream) => takeAll(stream, () => child.kill('SIGKILL')));
  const [how, output, messages] = await Promise.all([end, ...taken]);
  return { ...how, output: output ?? new Uint8Array(), messages: Buffer.from(messages ?? []).toString('utf8') };
}

async function takeAll(stream: Readable, stop: () => void): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > PRINTED_MAX) {
      stop();
      throw new Error('it prints without an end');
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
