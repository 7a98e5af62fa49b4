// SPDX-License-Identifier: Apache-2.0
// The small C programs of these tests, compiled when they are first needed, and the programs that are tested.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '../..');

/** Path of a compiled program of native/bpf. */
export function nativeProgram(name: string, build: 'Release' | 'Debug' = 'Release'): string {
  return path.join(root, 'native/bpf/build', build, name);
}

/** Path of the compiled test/native/fixtures/NAME.c. Throws when the compiler refuses it. */
export function fixture(name: 'processes' | 'call' | 'nothing'): string {
  const source = path.join(import.meta.dirname, 'fixtures', `${name}.c`);
  const folder = path.join(root, 'build/test');
  const program = path.join(folder, name);
  const made = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (made > statSync(source).mtimeMs) return program;
  mkdirSync(folder, { recursive: true });
  const options = name === 'nothing' ? ['-nostdlib', '-static'] : ['-pthread', '-static'];
  execFileSync('gcc', ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1', ...options, source, '-o', program]);
  return program;
}

/** Builds the programs with AddressSanitizer and UBSan; quick when they are there. */
export function buildSanitized(): void {
  execFileSync('sh', [path.join(root, 'native/bpf/build.sh'), 'sanitized'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
