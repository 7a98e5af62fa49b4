// SPDX-License-Identifier: Apache-2.0
// The instructions that a seccomp filter may have (seccomp_check_filter of the kernel's kernel/seccomp.c), by their
// codes in include/uapi/linux/bpf_common.h.

/** Codes of instructions; K works with the constant, X with the index register. */
export const CODE = {
  loadAbsolute: 0x20,
  loadLength: 0x80,
  loadIndexLength: 0x81,
  loadImmediate: 0x00,
  loadIndexImmediate: 0x01,
  loadMemory: 0x60,
  loadIndexMemory: 0x61,
  store: 0x02,
  storeIndex: 0x03,
  andConstant: 0x54,
  andIndex: 0x5c,
  jump: 0x05,
  returnConstant: 0x06,
  returnAccumulator: 0x16,
  toIndex: 0x07,
  fromIndex: 0x87,
} as const;

/** Comparisons that jump. */
export type Test = 'equal' | 'greater' | 'greater-or-equal' | 'any-bit';

/** Codes of conditional jumps, without the bit that says with which register they compare. */
const TESTS: ReadonlyMap<number, Test> = new Map([
  [0x15, 'equal'],
  [0x25, 'greater'],
  [0x35, 'greater-or-equal'],
  [0x45, 'any-bit'],
]);

/** The bit of a code that says that it works with the index register. */
const WITH_INDEX = 0x08;

/** A conditional jump; undefined for another instruction. */
export function testOf(code: number): { readonly test: Test; readonly withIndex: boolean } | undefined {
  const test = TESTS.get(code & ~WITH_INDEX);
  return test === undefined ? undefined : { test, withIndex: (code & WITH_INDEX) !== 0 };
}
