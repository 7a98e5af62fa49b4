// SPDX-License-Identifier: Apache-2.0
// Compiles the two small C programs that a cluster of the lab needs: the pause program of pods and the relay.
import path from 'node:path';
import { run } from '../image/command.ts';

/** Programs under tools/lab/native. */
export type NativeProgram = 'pause' | 'relay';

/**
 * Compiles a program, without any shared library, to a file.
 * @throws Error with the compiler's words when it fails
 */
export async function compile(name: NativeProgram, output: string): Promise<void> {
  const source = path.join(import.meta.dirname, 'native', `${name}.c`);
  await run('gcc', ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O2', '-s', '-static', '-o', output, source]);
}
