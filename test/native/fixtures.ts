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

/** Compiles sources to build/test/NAME where it is older than one of them. Throws when the compiler refuses them. */
function compiled(name: string, sources: readonly string[], options: readonly string[]): string {
  const folder = path.join(root, 'build/test');
  const program = path.join(folder, name);
  const made = statSync(program, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  if (sources.every((source) => made > statSync(source).mtimeMs)) return program;
  mkdirSync(folder, { recursive: true });
  const warnings = ['-std=gnu11', '-Wall', '-Wextra', '-Werror', '-O1'];
  execFileSync('gcc', [...warnings, ...sources, ...options, '-static', '-o', program]);
  return program;
}

/** Path of the compiled test/native/fixtures/NAME.c. Throws when the compiler refuses it. */
export function fixture(
  name: 'processes' | 'call' | 'nothing' | 'world' | 'container' | 'waiting' | 'audit_log' | 'runtime' | 'kill_process',
): string {
  const source = path.join(import.meta.dirname, 'fixtures', `${name}.c`);
  const alone = name === 'nothing' || name === 'container';
  return compiled(name, [source], alone ? ['-nostdlib'] : ['-pthread']);
}

/** Sources of native/bpf that try_syscalls is made of, besides its own. */
const TRIED = [
  ...['runner/filter.c', 'runner/filter_join.c', 'program/wire.c', 'program/wire_parse.c'],
  ...['program/program.c', 'program/command.c', 'program/held_child.c', 'program/own_profile.c'],
];

/** Path of the compiled try_syscalls: the runner's filters, asked without a call being made. */
export function trySyscalls(): string {
  const native = path.join(root, 'native/bpf');
  const sources = [
    path.join(import.meta.dirname, 'try_syscalls.c'),
    ...TRIED.map((file) => path.join(native, 'src', file)),
  ];
  const include = ['src', 'gen'].map((folder) => `-I${path.join(native, folder)}`);
  return compiled('try_syscalls', sources, ['-D_GNU_SOURCE', ...include, '-l:libseccomp.a']);
}

/** Builds the programs with AddressSanitizer and UBSan; quick when they are there. */
export function buildSanitized(): void {
  execFileSync('sh', [path.join(root, 'native/bpf/build.sh'), 'sanitized'], { stdio: ['ignore', 'ignore', 'inherit'] });
}
