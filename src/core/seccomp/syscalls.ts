// SPDX-License-Identifier: Apache-2.0
// System calls by name and by number. A table is unpacked when it is first asked for.
import { ARCHITECTURES } from '../../gen/architectures.ts';
import type { ArchitectureFacts } from '../../gen/architectures.ts';
import { PACKED_SYSCALLS } from '../../gen/syscalls.ts';
import type { TableName } from '../../gen/syscalls.ts';
import type { Architecture } from './model.ts';

/** An architecture whose system calls we know. */
export type KnownArchitecture = Extract<
  Architecture,
  'SCMP_ARCH_X86_64' | 'SCMP_ARCH_X86' | 'SCMP_ARCH_X32' | 'SCMP_ARCH_AARCH64' | 'SCMP_ARCH_ARM'
>;

interface SyscallTable {
  readonly byName: ReadonlyMap<string, number>;
  readonly byNumber: ReadonlyMap<number, string>;
}

const tables = new Map<TableName, SyscallTable>();

function unpack(text: string): SyscallTable {
  const byName = new Map<string, number>();
  const byNumber = new Map<number, string>();
  let number = 0;
  for (const word of text.split(' ')) {
    if (word.startsWith('@')) {
      number = Number(word.slice(1));
      continue;
    }
    byName.set(word, number);
    byNumber.set(number, word);
    number += 1;
  }
  return { byName, byNumber };
}

function tableOf(name: TableName): SyscallTable {
  const made = tables.get(name) ?? unpack(PACKED_SYSCALLS[name]);
  tables.set(name, made);
  return made;
}

/** Whether we have a table for the architecture. */
export function isKnown(architecture: Architecture): architecture is KnownArchitecture {
  return Object.hasOwn(ARCHITECTURES, architecture);
}

/** The facts of an architecture. */
export function factsOf(architecture: KnownArchitecture): ArchitectureFacts {
  const facts = ARCHITECTURES[architecture];
  if (facts === undefined) throw new RangeError(`architecture ${architecture} has no table of system calls`);
  return facts;
}

/**
 * How many bits of an argument a filter compares. On x32 the kernel sees 64, and libseccomp looks at the lower half.
 */
export function widthOf(architecture: KnownArchitecture): 32 | 64 {
  return architecture === 'SCMP_ARCH_X86_64' || architecture === 'SCMP_ARCH_AARCH64' ? 64 : 32;
}

/** The architecture whose table has this name in the kernel: `i386` is SCMP_ARCH_X86. Undefined for another word. */
export function architectureOfTable(table: string): KnownArchitecture | undefined {
  return knownArchitectures().find((architecture) => factsOf(architecture).table === table);
}

/** All architectures that we know, each native one before those that its kernel runs besides. */
export function knownArchitectures(): readonly KnownArchitecture[] {
  return ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'];
}

/** The architectures whose calls a kernel of this architecture takes: its own first. */
export function runnableOn(native: KnownArchitecture): readonly KnownArchitecture[] {
  return knownArchitectures().filter((architecture) => factsOf(architecture).host === native);
}

/**
 * Name of a system call, or undefined when the number is in no table of ours. The number of an x32 call comes without
 * bit 30.
 */
export function syscallName(architecture: KnownArchitecture, number: number): string | undefined {
  return tableOf(factsOf(architecture).table).byNumber.get(number);
}

/**
 * Number of a system call, or undefined when the architecture does not have it. That of an x32 call comes without bit
 * 30.
 */
export function syscallNumber(architecture: KnownArchitecture, name: string): number | undefined {
  return tableOf(factsOf(architecture).table).byName.get(name);
}

/** All numbers of an architecture, in no order. Those of x32 come without bit 30. */
export function syscallNumbers(architecture: KnownArchitecture): readonly number[] {
  return [...tableOf(factsOf(architecture).table).byNumber.keys()];
}

/** Whether any architecture of ours has a call of that name. */
export function isSyscall(name: string): boolean {
  return knownArchitectures().some((architecture) => syscallNumber(architecture, name) !== undefined);
}

/** The names of all calls of all architectures, sorted. */
export function allSyscalls(): readonly string[] {
  const names = knownArchitectures().flatMap((architecture) => [...tableOf(factsOf(architecture).table).byName.keys()]);
  return [...new Set(names)].sort();
}
