// SPDX-License-Identifier: Apache-2.0
// Holds a profile against a ceiling: recorded, permitted and possible calls should be contained in each other.
import { BASE_SYSCALLS } from '../../gen/base-syscalls.ts';
import { KERNEL_SYSCALLS } from '../../gen/unseen-syscalls.ts';
import { mayHappen } from '../seccomp/libseccomp/filter.ts';
import type { Profile } from '../seccomp/model.ts';
import { allSyscalls, syscallNumber } from '../seccomp/syscalls.ts';
import type { Ceiling } from './ceiling.ts';

/** How a profile lies to a ceiling. */
export interface Relation {
  /** How many calls of the architectures of the binaries the profile permits. */
  readonly permitted: number;
  /** Permitted, and found neither in the binaries nor among what the kernel makes; gaps of the ceiling may hide one. */
  readonly notFound: readonly string[];
  /** Of those that would not be found: a container runtime makes them before it starts the program. */
  readonly ofRuntime: readonly string[];
  /** Recorded, and not found in the code: something made them that cannot be seen there. */
  readonly unexplained: readonly string[];
  /** Possible, and the profile refuses them. */
  readonly refused: readonly string[];
}

/**
 * Compares.
 *
 * @param recorded - calls that a recording has shown
 */
export function relationOf(profile: Profile, recorded: Iterable<string>, ceiling: Ceiling): Relation {
  const possible = new Set(ceiling.calls.map(({ name }) => name));
  const existing = allSyscalls().filter((name) =>
    ceiling.architectures.some((architecture) => syscallNumber(architecture, name) !== undefined),
  );
  const permitted = existing.filter((name) => mayHappen(profile, name));
  const surplus = permitted.filter((name) => !possible.has(name) && !KERNEL_SYSCALLS.includes(name));
  const isOfRuntime = (name: string): boolean => BASE_SYSCALLS.includes(name);
  const isKnown = (name: string): boolean => possible.has(name) || KERNEL_SYSCALLS.includes(name) || isOfRuntime(name);
  return {
    permitted: permitted.length,
    notFound: surplus.filter((name) => !isOfRuntime(name)),
    ofRuntime: surplus.filter(isOfRuntime),
    unexplained: [...recorded].filter((name) => !isKnown(name)).sort(),
    refused: [...possible].filter((name) => !permitted.includes(name)).sort(),
  };
}
