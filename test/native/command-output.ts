// SPDX-License-Identifier: Apache-2.0
// A command's output and its end, without blocking this process meanwhile.
import { spawn } from 'node:child_process';
import type { Command } from '../../tools/oci-bundle.ts';

/** The end of a command. */
export interface CommandOutput {
  readonly status: number | null;
  /** Both of its streams. */
  readonly text: string;
}

/** Runs a command to its end, which comes after 30 s at the latest. */
export async function output([file, ...rest]: Command): Promise<CommandOutput> {
  const child = spawn(file, rest, { stdio: ['ignore', 'pipe', 'pipe'], timeout: 120_000 });
  const text: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => text.push(chunk.toString()));
  const status = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  return { status, text: text.join('') };
}
