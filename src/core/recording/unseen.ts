// SPDX-License-Identifier: Apache-2.0
// Calls that a recorded program needs although its recording does not show them: the kernel makes the program make them
// at events that may not have happened (a debugger, a signal, another clock source), or libraries turn to them where
// the node refuses a newer call.
import { KERNEL_SYSCALLS, OLDER_SYSCALLS } from '../../gen/unseen-syscalls.ts';
import { syscallNumber } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';

/** Calls to add to a recording, each list sorted and without the names that the profile has already. */
export interface UnseenCalls {
  /** Calls that the kernel makes a process make (schemas/tables/kernel-syscalls.csv). */
  readonly kernel: readonly string[];
  /** Older forms of recorded calls (schemas/tables/older-syscalls.csv). */
  readonly older: readonly OlderForm[];
}

/** An older call, and the recorded newer ones that it stands in for. */
export interface OlderForm {
  readonly name: string;
  readonly newer: readonly string[];
}

function olderForms(recorded: ReadonlySet<string>): ReadonlyMap<string, readonly string[]> {
  const forms = new Map<string, readonly string[]>();
  for (const newer of [...recorded].sort())
    for (const name of OLDER_SYSCALLS[newer] ?? []) forms.set(name, [...(forms.get(name) ?? []), newer]);
  return forms;
}

/**
 * The calls that a recording cannot be expected to show.
 *
 * @param recorded - names that the recording shows
 * @param allowed - names that the profile allows besides, for the container runtime
 * @param architectures - those of the profile: a call that none of them has is left out
 */
export function unseenCalls(
  recorded: ReadonlySet<string>,
  allowed: readonly string[],
  architectures: readonly KnownArchitecture[],
): UnseenCalls {
  const exists = (name: string): boolean =>
    architectures.some((architecture) => syscallNumber(architecture, name) !== undefined);
  const there = new Set([...recorded, ...allowed]);
  const kernel = KERNEL_SYSCALLS.filter((name) => !there.has(name) && exists(name));
  const known = new Set([...there, ...kernel]);
  const older = [...olderForms(recorded)]
    .filter(([name]) => !known.has(name) && exists(name))
    .map(([name, newer]): OlderForm => ({ name, newer }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return { kernel, older };
}
