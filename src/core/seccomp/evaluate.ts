// SPDX-License-Identifier: Apache-2.0
// Answers what the kernel would do with a call under a filter, without a kernel. Fuzzed against the real one.
import type { NumericFilter } from './filter.ts';
import type { ArgCondition } from './model.ts';
import type { KnownArchitecture } from './syscalls.ts';
import { returnValue } from './verdict.ts';

/** A system call as the filter sees it. */
export interface Call {
  readonly architecture: KnownArchitecture;
  /** The number in the architecture's table; that of x32 without bit 30. */
  readonly number: number;
  /** Six arguments, each 0 to 2^64-1. */
  readonly args: readonly bigint[];
}

/**
 * The SECCOMP_RET value for a call. Where conditional rules with different actions hold at once, libseccomp's order decides,
 * which it does not promise: then all values that are possible are given.
 */
export type Answer =
  | { readonly type: 'defined'; readonly value: number }
  | { readonly type: 'ambiguous'; readonly values: readonly number[] };

/** SECCOMP_RET_KILL_THREAD: libseccomp's answer to an architecture that the filter does not cover. */
const BAD_ARCHITECTURE = 0;

function holds({ index, op, value, valueTwo }: ArgCondition, args: readonly bigint[]): boolean {
  const arg = args[index] ?? 0n;
  switch (op) {
    case 'SCMP_CMP_NE':
      return arg !== value;
    case 'SCMP_CMP_LT':
      return arg < value;
    case 'SCMP_CMP_LE':
      return arg <= value;
    case 'SCMP_CMP_EQ':
      return arg === value;
    case 'SCMP_CMP_GE':
      return arg >= value;
    case 'SCMP_CMP_GT':
      return arg > value;
    case 'SCMP_CMP_MASKED_EQ':
      return (arg & value) === valueTwo;
  }
}

/** What the kernel answers to the call under the filter. */
export function evaluate(filter: NumericFilter, call: Call): Answer {
  const covered = filter.architectures.find(({ architecture }) => architecture === call.architecture);
  if (covered === undefined) return { type: 'defined', value: BAD_ARCHITECTURE };
  const matching = covered.rules.filter(
    ({ numbers, conditions }) => numbers.includes(call.number) && conditions.every((it) => holds(it, call.args)),
  );
  const values = [...new Set(matching.map(({ verdict }) => returnValue(verdict)))];
  const [value = returnValue(filter.defaultVerdict)] = values;
  return values.length > 1 ? { type: 'ambiguous', values } : { type: 'defined', value };
}
