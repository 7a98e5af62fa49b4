// SPDX-License-Identifier: Apache-2.0
// The meaning of a condition on an argument, as a set of numbers. Everything that compares conditions asks here: the
// evaluator, the compiler that must know which of them can hold at once, and merging.
import { MAX_VALUE } from '../model.ts';
import type { ArgCondition } from '../model.ts';
import { canBothHold, isIncluded, LARGEST } from './spans.ts';
import type { Cube, Width } from './spans.ts';

export { conditionHolds } from './spans.ts';
export type { Cube, Width } from './spans.ts';

/** The bits from `bit` on upwards. */
function from(bit: number, largest: bigint): bigint {
  return (largest >> BigInt(bit)) << BigInt(bit);
}

/**
 * Numbers that agree with `value` above a bit, and differ from it in that bit: for each bit that is `set` in it, or
 * not.
 */
function branches(value: bigint, width: Width, set: readonly boolean[]): readonly Cube[] {
  return Array.from({ length: width }, (_, bit) => bit)
    .filter((bit) => set.includes(((value >> BigInt(bit)) & 1n) === 1n))
    .map((bit) => {
      const mask = from(bit, LARGEST[width]);
      return { mask, value: (value ^ (1n << BigInt(bit))) & mask };
    });
}

function below(value: bigint, width: Width): readonly Cube[] {
  return value > LARGEST[width] ? [{ mask: 0n, value: 0n }] : branches(value, width, [true]);
}

function above(value: bigint, width: Width): readonly Cube[] {
  return value > LARGEST[width] ? [] : branches(value, width, [false]);
}

function equal(mask: bigint, value: bigint, width: Width): readonly Cube[] {
  const largest = LARGEST[width];
  return (value & mask) > largest ? [] : [{ mask: mask & largest, value: value & mask }];
}

function unequal(value: bigint, width: Width): readonly Cube[] {
  return value > LARGEST[width] ? [{ mask: 0n, value: 0n }] : branches(value, width, [true, false]);
}

/**
 * The arguments that satisfy the condition, as cubes: disjoint ones, at most one for each bit. None when no argument
 * can satisfy it; one with an empty mask when all do.
 */
export function cubesOf({ op, value, valueTwo }: ArgCondition, width: Width): readonly Cube[] {
  switch (op) {
    case 'SCMP_CMP_NE':
      return unequal(value, width);
    case 'SCMP_CMP_LT':
      return below(value, width);
    case 'SCMP_CMP_LE':
      return below(value + 1n, width);
    case 'SCMP_CMP_EQ':
      return equal(MAX_VALUE, value, width);
    case 'SCMP_CMP_GE':
      return value === 0n ? [{ mask: 0n, value: 0n }] : above(value - 1n, width);
    case 'SCMP_CMP_GT':
      return above(value, width);
    case 'SCMP_CMP_MASKED_EQ':
      return equal(value, valueTwo, width);
  }
}

/** A cube as a condition on an argument. */
export function conditionOf({ mask, value }: Cube, index: number): ArgCondition {
  return { index, op: 'SCMP_CMP_MASKED_EQ', value: mask, valueTwo: value };
}

/** Conditions that must all hold, none of them on the same argument as another. */
export type Conjunction = readonly ArgCondition[];

/** Whether some call satisfies both. */
export function canMeet(a: Conjunction, b: Conjunction, width: Width): boolean {
  return a.every((one) => {
    const other = b.find(({ index }) => index === one.index);
    return other === undefined || canBothHold(one, other, width);
  });
}

/** Whether each call of a 64-bit architecture that satisfies the first satisfies the second as well. */
export function isWithin(a: Conjunction, b: Conjunction): boolean {
  return b.every((outer) => {
    const inner = a.find(({ index }) => index === outer.index);
    return inner !== undefined && isIncluded(inner, outer);
  });
}

/** For how many arguments the condition holds. */
function extentOf({ op, value, valueTwo }: ArgCondition, width: Width): 'none' | 'some' | 'all' {
  const largest = LARGEST[width];
  switch (op) {
    case 'SCMP_CMP_NE':
      return value > largest ? 'all' : 'some';
    case 'SCMP_CMP_LT':
      return value === 0n ? 'none' : value > largest ? 'all' : 'some';
    case 'SCMP_CMP_LE':
      return value >= largest ? 'all' : 'some';
    case 'SCMP_CMP_EQ':
      return value > largest ? 'none' : 'some';
    case 'SCMP_CMP_GE':
      return value === 0n ? 'all' : value > largest ? 'none' : 'some';
    case 'SCMP_CMP_GT':
      return value >= largest ? 'none' : 'some';
    case 'SCMP_CMP_MASKED_EQ':
      return (value & valueTwo) > largest ? 'none' : (value & largest) === 0n ? 'all' : 'some';
  }
}

/** A conjunction without the conditions that always hold; undefined when it never holds. */
export function reduced(conjunction: Conjunction, width: Width): Conjunction | undefined {
  if (conjunction.some((condition) => extentOf(condition, width) === 'none')) return undefined;
  return conjunction.filter((condition) => extentOf(condition, width) === 'some');
}

/** The canonical text of a conjunction: equal for equal conditions in any order. Empty for none. */
export function conjunctionKey(conjunction: Conjunction): string {
  return conjunction
    .map(({ index, op, value, valueTwo }) => `${String(index)} ${op} ${String(value)} ${String(valueTwo)}`)
    .sort()
    .join('; ');
}
