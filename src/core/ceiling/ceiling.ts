// SPDX-License-Identifier: Apache-2.0
// The ceiling of programs: system calls that their code can make, and what cannot be told from code.
import { knownArchitectures } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { Binary } from './binary.ts';
import type { Collected, Gap } from './collect.ts';
import { Exploration } from './explore.ts';

/** A system call that is possible. */
export interface PossibleCall {
  readonly name: string;
  /** The files whose code makes it, or asks for it by its number. */
  readonly files: readonly string[];
}

/** Something that the ceiling does not hold. */
export type Unseen =
  | Gap
  /** Calls whose number is computed. */
  | { readonly type: 'computed'; readonly path: string; readonly addresses: readonly string[] }
  /** It loads libraries that it names while it runs. */
  | { readonly type: 'loads'; readonly path: string }
  /** It starts programs, of which each has its own ceiling. */
  | { readonly type: 'starts'; readonly path: string };

/** The ceiling of programs. */
export interface Ceiling {
  readonly binaries: readonly string[];
  readonly architectures: readonly KnownArchitecture[];
  /** Sorted by name. */
  readonly calls: readonly PossibleCall[];
  readonly unseen: readonly Unseen[];
}

/** C libraries, by the name that the loader has for them; of those only what others call counts. */
const C_LIBRARY =
  /^(?:lib(?:c|m|dl|rt|util|anl|resolv|pthread|nss_\w+)\.so\.\d+|(?:libc\.musl-\w+|ld-musl-\w+)\.so\.1|libc\.so)$/;

/**
 * Names that loaders look up in a C library and call: of glibc its start and malloc (elf/dl-minimal.c and
 * elf/dl-early_init.c), of musl the stages of its loader (ldso/dynlink.c).
 */
const LOADER_CALLS = [
  '__libc_early_init',
  'malloc',
  'calloc',
  'realloc',
  'free',
  '__dls2',
  '__dls2b',
  '__dls3',
  '_dlstart',
  '__libc_start_main',
];

const LOADING = ['dlopen', 'dlmopen', '__libc_dlopen_mode'];
const STARTING = ['execve', 'execveat'];

function isCLibrary({ path, dynamic }: Binary): boolean {
  return C_LIBRARY.test(dynamic.soname ?? path.slice(path.lastIndexOf('/') + 1));
}

function computedIn(computed: readonly { readonly path: string; readonly address: number }[]): readonly Unseen[] {
  const byPath = new Map<string, string[]>();
  for (const { path, address } of computed) {
    byPath.set(path, [...(byPath.get(path) ?? []), `0x${address.toString(16)}`]);
  }
  return [...byPath].map(([path, addresses]) => ({ type: 'computed', path, addresses: addresses.sort() }));
}

function loadersAmong(binaries: readonly Binary[]): readonly Unseen[] {
  return binaries
    .filter(({ dynamic }) => LOADING.some((name) => dynamic.imports.has(name)))
    .map(({ path }) => ({ type: 'loads', path }));
}

function startersAmong(calls: readonly PossibleCall[]): readonly Unseen[] {
  const paths = calls.filter(({ name }) => STARTING.includes(name)).flatMap(({ files }) => files);
  return [...new Set(paths)].sort().map((path) => ({ type: 'starts', path }));
}

/** The ceiling of the binaries that were collected. */
export function ceilingOf({ binaries, gaps }: Collected): Ceiling {
  const explored = binaries.map((binary) => ({ binary, roots: isCLibrary(binary) ? LOADER_CALLS : undefined }));
  const found = new Exploration(explored).run();
  const calls = [...found.calls]
    .map(([name, files]) => ({ name, files: [...files].sort() }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const machines = new Set<KnownArchitecture>(binaries.map(({ elf }) => elf.machine));
  return {
    binaries: binaries.map(({ path }) => path).sort(),
    architectures: knownArchitectures().filter((architecture) => machines.has(architecture)),
    calls,
    unseen: [...gaps, ...computedIn(found.computed), ...loadersAmong(binaries), ...startersAmong(calls)],
  };
}
