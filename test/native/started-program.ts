// SPDX-License-Identifier: Apache-2.0
// Starts one of the compiled programs as its parent, without the launcher: commands go down on descriptor 3 and events
// come up on 4, as lines, and the command stands behind "--" in the program's arguments.
import { spawn } from 'node:child_process';
import type { Channel } from '../../src/io/native/channel.ts';
import { channelTo } from '../../src/io/native/child-channel.ts';
import type { CommandRequest } from '../../src/io/native/user.ts';

/** A command that a program starts, and the circumstances of both. */
export interface NativeCommand {
  /** The argv of the command, its own name first; empty for none. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Working directory. */
  readonly cwd: string;
  readonly user?: { readonly uid: number; readonly gid: number; readonly groups: readonly number[] };
  /** File descriptors that become its standard input, output and error; left out: 0, 1, 2. */
  readonly streams?: readonly [number, number, number];
}

/** The command as the message start describes it. */
export function requestOf({ argv, user }: NativeCommand): CommandRequest {
  return { arguments: argv.length, ...(user === undefined ? {} : { user: { ...user, name: '', home: '' } }) };
}

/**
 * Starts a program. Aborting the signal ends it.
 * @throws Error for a command line that is too long, the signal's reason when it is aborted already
 */
export function startProgram(
  program: string,
  command: NativeCommand,
  signal: AbortSignal = new AbortController().signal,
): Channel {
  signal.throwIfAborted();
  const { argv, env, cwd, streams = [0, 1, 2] } = command;
  const options = argv.length === 0 ? [] : ['--', ...argv];
  const child = spawn(program, options, { cwd, env, stdio: [...streams, 'pipe', 'pipe'] });
  const channel = channelTo(program, child);
  const abort = () => child.kill('SIGTERM');
  signal.addEventListener('abort', abort, { once: true });
  return {
    ...channel,
    lines: untilAborted(channel.lines, signal),
    close: (error) => {
      signal.removeEventListener('abort', abort);
      channel.close(error);
    },
  };
}

async function* untilAborted(lines: AsyncIterable<string>, signal: AbortSignal): AsyncGenerator<string> {
  yield* lines;
  signal.throwIfAborted();
}
