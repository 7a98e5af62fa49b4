// SPDX-License-Identifier: Apache-2.0
// By which architecture's table the system call of an audit record is to be read: its field `arch` is the AUDIT_ARCH
// value in hexadecimal, and x32 calls are those of x86-64 with bit 30 in their number.
import { factsOf, knownArchitectures } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';

/** Set in the number of an x32 call: __X32_SYSCALL_BIT of arch/x86/include/uapi/asm/unistd.h. */
export const X32_BIT = 2 ** 30;

const BY_TOKEN = new Map<string, KnownArchitecture>(
  knownArchitectures().map((architecture) => [factsOf(architecture).token.toString(16), architecture]),
);

/** The architecture of a call; undefined where the record names one of which we have no table. */
export function architectureOfCall(
  token: string | undefined,
  number: number,
  native: KnownArchitecture,
): KnownArchitecture | undefined {
  const named = token === undefined ? native : BY_TOKEN.get(token);
  return named === 'SCMP_ARCH_X86_64' && number >= X32_BIT ? 'SCMP_ARCH_X32' : named;
}
