// SPDX-License-Identifier: Apache-2.0
// Where the measured programs are, and the small C programs of the benchmarks, compiled when they are first needed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.join(import.meta.dirname, '..');

/** The command line tool as users start it. */
export const spoc = path.join(root, 'bin', 'spoc');

/** The Node.js that the project pins, which is also what runs this file. */
export const node = process.execPath;

function isNewer(made: string, source: string): boolean {
  const madeAt = statSync(made, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  return madeAt > statSync(source).mtimeMs;
}

/**
 * Path of the compiled program that attaches an empty eBPF program to the recorder's hook. Throws when a compiler
 * refuses it.
 */
export function hookFloor(): string {
  const sources = ['hook_floor.bpf.c', 'hook_floor.c'].map((name) => path.join(import.meta.dirname, 'programs', name));
  const folder = path.join(root, 'build', 'bench');
  const program = path.join(folder, 'hook_floor');
  if (sources.every((source) => isNewer(program, source))) return program;
  const [bpf = '', source = ''] = sources;
  execFileSync('sh', [path.join(root, 'native', 'bpf', 'compile-bpf.sh'), bpf, process.arch, folder]);
  const warnings = ['-std=c11', '-Wall', '-Wextra', '-Werror', '-O2'];
  const libraries = ['-l:libbpf.a', '-l:libelf.a', '-l:libz.a'];
  execFileSync('gcc', [...warnings, `-I${folder}`, source, ...libraries, '-static', '-o', program]);
  return program;
}

/** Path of the compiled `bench/programs/NAME.c`. Throws when the compiler refuses it. */
export function compiled(name: string): string {
  const source = path.join(import.meta.dirname, 'programs', `${name}.c`);
  const folder = path.join(root, 'build', 'bench');
  const program = path.join(folder, name);
  if (isNewer(program, source)) return program;
  mkdirSync(folder, { recursive: true });
  execFileSync('gcc', ['-std=c11', '-Wall', '-Wextra', '-Werror', '-O2', '-pthread', '-static', source, '-o', program]);
  return program;
}
