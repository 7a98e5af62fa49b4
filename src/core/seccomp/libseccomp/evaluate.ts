// SPDX-License-Identifier: Apache-2.0
// Answers what the kernel would do with a call under a filter, without a kernel. Fuzzed against the real one.
import { conditionHolds } from '../meaning/condition.ts';
import type { NumericFilter } from './filter.ts';
import { widthOf, type KnownArchitecture } from '../syscalls.ts';
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

/** What the kernel answers to the call under the filter. Rules that hold at once say the same: compileFilter sees to that. */
export function evaluate(filter: NumericFilter, call: Call): KernelAction {
  const covered = filter.architectures.find(({ architecture }) => architecture === call.architecture);
  if (covered === undefined) return BAD_ARCHITECTURE;
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
