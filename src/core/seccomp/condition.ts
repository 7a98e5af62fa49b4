// SPDX-License-Identifier: Apache-2.0
// What a condition on an argument means, as a set of numbers. Everything that compares conditions asks here: the evaluator,
// the compiler that must know which of them can hold at once, and merging.
import { MAX_VALUE, type ArgCondition, type Operator } from './model.ts';

/** How many bits of an argument are compared; see widthOf(). */
export type Width = 32 | 64;

/** The arguments whose masked bits have this value. Each set of arguments is a union of such cubes. */
export interface Cube {
  readonly mask: bigint;
  readonly value: bigint;
}

const LARGEST: Readonly<Record<Width, bigint>> = { 32: 0xffff_ffffn, 64: MAX_VALUE };

/** Whether an argument satisfies the condition. As libseccomp, MASKED_EQ looks at no bit beyond its mask. */
export function conditionHolds({ op, value, valueTwo }: ArgCondition, arg: bigint): boolean {
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
      return (arg & value) === (valueTwo & value);
  }
}

/** The bits from `bit` on upwards. */
function from(bit: number, largest: bigint): bigint {
  return (largest >> BigInt(bit)) << BigInt(bit);
}

/** Numbers that agree with `value` above a bit, and differ from it in that bit: for each bit that is `set` in it, or not. */
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
 * The arguments that satisfy the condition, as cubes: disjoint ones, at most one for each bit. None when no argument can satisfy
 * it; one with an empty mask when all do.
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

/** The arguments that differ from the value in a bit of the mask. */
function unlike(mask: bigint, value: bigint): readonly Cube[] {
  return branches(value, 64, [true, false])
    .filter((cube) => (cube.mask & -cube.mask & mask) !== 0n)
    .map((cube) => ({ mask: cube.mask & mask, value: cube.value & mask }));
}

/** What holds exactly where a condition does not. */
const OPPOSITE: Readonly<Record<Exclude<Operator, 'SCMP_CMP_MASKED_EQ'>, Operator>> = {
  SCMP_CMP_NE: 'SCMP_CMP_EQ',
  SCMP_CMP_LT: 'SCMP_CMP_GE',
  SCMP_CMP_LE: 'SCMP_CMP_GT',
  SCMP_CMP_EQ: 'SCMP_CMP_NE',
  SCMP_CMP_GE: 'SCMP_CMP_LT',
  SCMP_CMP_GT: 'SCMP_CMP_LE',
};

/** The 64-bit arguments that do not satisfy the condition. */
function cubesOutside({ op, ...rest }: ArgCondition): readonly Cube[] {
  if (op !== 'SCMP_CMP_MASKED_EQ') return cubesOf({ op: OPPOSITE[op], ...rest }, 64);
  return unlike(rest.value, rest.valueTwo);
}

/** A cube as a condition on an argument. */
export function conditionOf({ mask, value }: Cube, index: number): ArgCondition {
  return { index, op: 'SCMP_CMP_MASKED_EQ', value: mask, valueTwo: value };
}

/** Whether an argument satisfies both. A condition that one number satisfies, as most do, is asked that number. */
function meet(a: ArgCondition, b: ArgCondition, width: Width): boolean {
  if (a.op === 'SCMP_CMP_EQ') return a.value <= LARGEST[width] && conditionHolds(b, a.value);
  if (b.op === 'SCMP_CMP_EQ') return meet(b, a, width);
  return overlap(cubesOf(a, width), cubesOf(b, width));
}

function overlap(a: readonly Cube[], b: readonly Cube[]): boolean {
  return a.some((one) => b.some((other) => ((one.value ^ other.value) & one.mask & other.mask) === 0n));
}

/** Whether each 64-bit argument that satisfies the first satisfies the second as well. */
function includes(inner: ArgCondition, outer: ArgCondition): boolean {
  if (inner.op === 'SCMP_CMP_EQ') return conditionHolds(outer, inner.value);
  return !overlap(cubesOf(inner, 64), cubesOutside(outer));
}

/** Conditions that must all hold, none of them on the same argument as another. */
export type Conjunction = readonly ArgCondition[];

/** Whether some call satisfies both. */
export function canMeet(a: Conjunction, b: Conjunction, width: Width): boolean {
  return a.every((one) => {
    const other = b.find(({ index }) => index === one.index);
    return other === undefined || meet(one, other, width);
  });
}

/** Whether each call of a 64-bit architecture that satisfies the first satisfies the second as well. */
export function isWithin(a: Conjunction, b: Conjunction): boolean {
  return b.every((outer) => {
    const inner = a.find(({ index }) => index === outer.index);
    return inner !== undefined && includes(inner, outer);
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

/** What is left of a conjunction when conditions that always hold are left out; undefined when it never holds. */
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
