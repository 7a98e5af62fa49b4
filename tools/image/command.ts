// SPDX-License-Identifier: Apache-2.0
// Runs the programs that do the work of a build (apt-get, npm, buildah, tar, strip). Their chatter is kept and shown
// only when one fails, so that a build that goes well prints its own few lines.
import { spawn } from 'node:child_process';

/** How a program is started, beside its arguments. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Variables in addition to those of this process. */
  readonly env?: Readonly<Record<string, string>>;
}

/** Lines of a failed program's output that go into the error. */
const SHOWN_LINES = 15;

/**
 * Runs a program to its end and returns what it wrote to stdout.
 * @throws Error with the end of the program's stderr when it can't be started or exits with another status than 0
 */
export async function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const output: Buffer[] = [];
  const complaints: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => complaints.push(chunk));
  const status = await new Promise<number | string>((resolve, reject) => {
    child.once('error', (cause) => reject(new Error(`start ${command}: ${cause.message}`, { cause })));
    child.once('close', (code, signal) => resolve(code ?? signal ?? 'unknown'));
  });
  if (status === 0) return Buffer.concat(output).toString();
  const tail = Buffer.concat([...output, ...complaints])
    .toString()
    .trim()
    .split('\n')
    .slice(-SHOWN_LINES)
    .join('\n');
  throw new Error(`${[command, ...args].join(' ')}: ended with ${status}\n${tail}`);
}
