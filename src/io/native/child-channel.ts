// SPDX-License-Identifier: Apache-2.0
// The wire to a compiled program that this process starts and that runs beside it: commands go down on descriptor 3 of
// the program, events come up on 4. A program that this process does not read waits, so nothing piles up here.
import { spawn } from 'node:child_process';
import type { ChildProcess, SpawnOptions } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';
import type { Channel } from './channel.ts';

/**
 * Starts a program, with an empty environment and this process' standard error. It ends when the channel is closed,
 * which iterating its lines to the end or breaking it off does.
 */
export function startedChannel(program: string, args: readonly string[] = []): Channel {
  const options: SpawnOptions = { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'], env: {} };
  return channelTo(program, spawn(program, args, options));
}

/** The channel to a program that has just been started, with pipes at its descriptors 3 and 4. */
export function channelTo(program: string, child: ChildProcess): Channel {
  const end = endOf(child, program);
  const commands = child.stdio[3] as Writable;
  // A program that has ended reads no more; the end of its lines shows that it has ended.
  commands.on('error', () => undefined);
  return {
    program,
    lines: linesOf(child.stdio[4] as Readable),
    write: (text) => {
      if (commands.writable) commands.write(text, 'latin1');
    },
    close: (error) => {
      if (error !== undefined) child.kill('SIGTERM');
      commands.end();
    },
    end: () => end,
  };
}

/** Rejects where the program cannot be started. */
function endOf(child: ChildProcess, program: string): Promise<string> {
  const end = new Promise<string>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`start ${program}: ${cause.message}`, { cause })));
    child.once('exit', (status, signal) =>
      resolve(signal === null ? `ended with status ${String(status)}` : `was ended by ${signal}`),
    );
  });
  // The iteration of the lines gets the rejection; without one it would end this process.
  end.catch(() => undefined);
  return end;
}

async function* linesOf(stream: Readable): AsyncGenerator<string> {
  let rest = '';
  stream.setEncoding('latin1');
  for await (const chunk of stream as AsyncIterable<string>) {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    yield* parts;
  }
}
