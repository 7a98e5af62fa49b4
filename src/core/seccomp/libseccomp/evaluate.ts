// SPDX-License-Identifier: Apache-2.0
// Answers what the kernel would do with a call under a filter, without a kernel. Fuzzed against the real one.
import { conditionHolds } from '../meaning/condition.ts';
import type { NumericArchitecture, NumericFilter } from './filter.ts';
import { NEWER_CALL } from './newer-calls.ts';
import { widthOf } from '../syscalls.ts';
import type { KnownArchitecture } from '../syscalls.ts';
import { returnValue } from '../meaning/verdict.ts';

/** A system call as the filter sees it. */
export interface Call {
  readonly architecture: KnownArchitecture;
  /** The number in the architecture's table; that of x32 without bit 30. */
  readonly number: number;
  /** Six arguments, each 0 to 2^64-1. */
  readonly args: readonly bigint[];
}

/** A SECCOMP_RET value with its data, unsigned 32 bits. */
export type KernelAction = number;

/** SECCOMP_RET_KILL_THREAD: libseccomp's answer to an architecture that the filter does not cover. */
const BAD_ARCHITECTURE: KernelAction = 0;

/** The rules that see a call. The number -1, with which tracers skip calls, has the bit of x32. */
function programFor({ architectures }: NumericFilter, call: Call): NumericArchitecture | undefined {
  const own = architectures.find(({ architecture }) => architecture === call.architecture);
  if (call.number >= 0 || call.architecture !== 'SCMP_ARCH_X86_64') return own;
  return architectures.find(({ architecture }) => architecture === 'SCMP_ARCH_X32') ?? own;
}

/**
 * Whether a call is newer than the profile. Filters compare numbers without a sign; libseccomp alone judges x32's bit.
 */
function isNewer({ architecture, newest }: NumericArchitecture, number: number): boolean {
  if (newest === undefined) return false;
  return number < 0 ? architecture !== 'SCMP_ARCH_X86_64' : number > newest;
}

/**
 * The kernel's answer to the call under the filter. Rules that hold at once say the same: compileFilter sees to
 * that.
 */
export function evaluate(filter: NumericFilter, call: Call): KernelAction {
  const covered = programFor(filter, call);
  if (covered === undefined) return BAD_ARCHITECTURE;
  if (isNewer(covered, call.number)) return returnValue(NEWER_CALL);
  const width = widthOf(call.architecture);
  const rule = covered.rules.find(
    ({ numbers, conditions }) =>
      numbers.includes(call.number) &&
      conditions.every((condition) =>
        conditionHolds(condition, BigInt.asUintN(width, call.args[condition.index] ?? 0n)),
      ),
  );
  return returnValue(rule?.verdict ?? filter.defaultVerdict);
}
