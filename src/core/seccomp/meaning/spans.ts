// SPDX-License-Identifier: Apache-2.0
// One condition on one argument: whether a number satisfies it, whether some number satisfies two, whether one includes
// the other. Orderings are spans of numbers, masks are cubes; both questions are arithmetic, because rules are compared
// pair by pair, and a profile may have thousands.
import { MAX_VALUE } from '../model.ts';
import type { ArgCondition, Operator } from '../model.ts';

/** How many bits of an argument are compared; see widthOf(). */
export type Width = 32 | 64;

/** The largest argument of a width. */
export const LARGEST: Readonly<Record<Width, bigint>> = { 32: 0xffff_ffffn, 64: MAX_VALUE };

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

/** All numbers from `low` to `high`, both included. */
interface Span {
  readonly low: bigint;
  readonly high: bigint;
}

/** The arguments whose masked bits have this value. Each set of arguments is a union of such cubes. */
export interface Cube {
  readonly mask: bigint;
  readonly value: bigint;
}

function span(low: bigint, high: bigint, largest: bigint): readonly Span[] {
  const end = high < largest ? high : largest;
  return low <= end ? [{ low, high: end }] : [];
}

/** The numbers that satisfy a condition, as at most two spans; undefined for a mask. */
function spansOf({ op, value }: ArgCondition, largest: bigint): readonly Span[] | undefined {
  switch (op) {
    case 'SCMP_CMP_NE':
      return [...span(0n, value - 1n, largest), ...span(value + 1n, largest, largest)];
    case 'SCMP_CMP_LT':
      return span(0n, value - 1n, largest);
    case 'SCMP_CMP_LE':
      return span(0n, value, largest);
    case 'SCMP_CMP_EQ':
      return span(value, value, largest);
    case 'SCMP_CMP_GE':
      return span(value, largest, largest);
    case 'SCMP_CMP_GT':
      return span(value + 1n, largest, largest);
    case 'SCMP_CMP_MASKED_EQ':
      return undefined;
  }
}

/** The cube of a mask; undefined when it asks for bits beyond the width. */
function cubeOf({ value: mask, valueTwo }: ArgCondition, largest: bigint): Cube | undefined {
  const value = valueTwo & mask;
  return value > largest ? undefined : { mask: mask & largest, value };
}

/** The number of the highest bit that is set; there must be one, below 64. */
function highestBit(bits: bigint): number {
  const upper = Number(bits >> 32n);
  return upper === 0 ? 31 - Math.clz32(Number(bits)) : 63 - Math.clz32(upper);
}

/** All bits from 0 to `bit`. */
function upTo(bit: number): bigint {
  return (2n << BigInt(bit)) - 1n;
}

/** The smallest number of a cube that is not below another number; it may be wider than both. */
function firstFrom(low: bigint, { mask, value }: Cube): bigint {
  const wrong = (low ^ value) & mask;
  if (wrong === 0n) return low;
  const below = upTo(highestBit(wrong));
  const raisedThere = (value & wrong) > (low & wrong);
  if (raisedThere) return (low & ~below) | (value & below);
  const free = ~(mask | low | below);
  const raised = free & -free;
  return (low & ~(raised - 1n)) | raised | (value & (raised - 1n));
}

/** Whether two cubes have a number in common. */
function cubesMeet(one: Cube, other: Cube): boolean {
  return ((one.value ^ other.value) & one.mask & other.mask) === 0n;
}

/** Whether a span and a cube have a number in common. */
function reaches({ low, high }: Span, cube: Cube): boolean {
  return firstFrom(low, cube) <= high;
}

/** Whether an argument of the width satisfies both conditions. */
export function canBothHold(a: ArgCondition, b: ArgCondition, width: Width): boolean {
  const largest = LARGEST[width];
  if (a.op === 'SCMP_CMP_EQ') return a.value <= largest && conditionHolds(b, a.value);
  if (b.op === 'SCMP_CMP_EQ') return canBothHold(b, a, width);
  const spans = spansOf(a, largest);
  if (spans === undefined) {
    const cube = cubeOf(a, largest);
    return cube !== undefined && holdsInCube(b, cube, largest);
  }
  const others = spansOf(b, largest);
  if (others === undefined) return canBothHold(b, a, width);
  return spans.some((one) => others.some((other) => one.low <= other.high && other.low <= one.high));
}

function holdsInCube(condition: ArgCondition, cube: Cube, largest: bigint): boolean {
  const spans = spansOf(condition, largest);
  if (spans !== undefined) return spans.some((one) => reaches(one, cube));
  const other = cubeOf(condition, largest);
  return other !== undefined && cubesMeet(cube, other);
}

/** The operator that holds exactly where another does not. */
const OPPOSITE: Readonly<Record<Exclude<Operator, 'SCMP_CMP_MASKED_EQ'>, Operator>> = {
  SCMP_CMP_NE: 'SCMP_CMP_EQ',
  SCMP_CMP_LT: 'SCMP_CMP_GE',
  SCMP_CMP_LE: 'SCMP_CMP_GT',
  SCMP_CMP_EQ: 'SCMP_CMP_NE',
  SCMP_CMP_GE: 'SCMP_CMP_LT',
  SCMP_CMP_GT: 'SCMP_CMP_LE',
};

/** The operator that holds exactly where another one does not. */
export function opposite(op: Exclude<Operator, 'SCMP_CMP_MASKED_EQ'>): Operator {
  return OPPOSITE[op];
}

/**
 * Whether all numbers of a span lie in a cube: below the highest bit in which its ends differ, every bit takes both
 * values.
 */
function liesIn({ low, high }: Span, { mask, value }: Cube): boolean {
  const fixed = low === high ? mask : mask & ~upTo(highestBit(low ^ high));
  return fixed === mask && ((low ^ value) & mask) === 0n;
}

/** Whether each 64-bit argument that satisfies the first condition satisfies the second as well. */
export function isIncluded(inner: ArgCondition, outer: ArgCondition): boolean {
  if (outer.op !== 'SCMP_CMP_MASKED_EQ') return !canBothHold(inner, { ...outer, op: OPPOSITE[outer.op] }, 64);
  const around: Cube = { mask: outer.value, value: outer.valueTwo & outer.value };
  const spans = spansOf(inner, MAX_VALUE);
  if (spans !== undefined) return spans.every((one) => liesIn(one, around));
  return (around.mask & ~inner.value) === 0n && ((inner.valueTwo ^ around.value) & around.mask) === 0n;
}
