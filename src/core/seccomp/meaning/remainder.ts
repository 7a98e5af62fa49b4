// SPDX-License-Identifier: Apache-2.0
// Conditions minus conditions, and with conditions: the calls that satisfy one conjunction and none of several others,
// or two at once, as conjunctions again. Stacking needs them, because a rule of a base profile holds only where the
// profile above it says nothing; intersecting, because the rules of one part end where those of another begin.
import { canMeet, conditionOf, cubesOf, isWithin } from './condition.ts';
import type { Conjunction } from './condition.ts';
import type { ArgCondition } from '../model.ts';
import { canBothHold, isIncluded, opposite } from './spans.ts';
import type { Cube } from './spans.ts';

/** Conditions are compared as on 64-bit machines: narrower arguments are numbers of 64 bits, too. */
const WIDTH = 64;

/**
 * The conditions that hold together exactly where the given one does not. For a mask: one for each bit that it
 * compares.
 */
function complement(condition: ArgCondition): readonly ArgCondition[] {
  const { index, op, value: mask, valueTwo } = condition;
  if (op !== 'SCMP_CMP_MASKED_EQ') return [{ ...condition, op: opposite(op) }];
  const bits = Array.from({ length: WIDTH }, (_, bit) => 1n << BigInt(bit)).filter((bit) => (mask & bit) !== 0n);
  return bits.map((bit) => conditionOf({ mask: bit, value: ~valueTwo & bit }, index));
}

function commonCube(one: Cube, other: Cube): readonly Cube[] {
  const differ = (one.value ^ other.value) & one.mask & other.mask;
  return differ === 0n ? [{ mask: one.mask | other.mask, value: one.value | other.value }] : [];
}

/** Where two conditions on one argument hold both, as conditions; as masks where neither includes the other. */
function both(own: ArgCondition | undefined, other: ArgCondition): readonly ArgCondition[] {
  if (own === undefined || isIncluded(other, own)) return [other];
  if (isIncluded(own, other)) return [own];
  if (!canBothHold(own, other, WIDTH)) return [];
  const others = cubesOf(other, WIDTH);
  const cubes = cubesOf(own, WIDTH).flatMap((cube) => others.flatMap((another) => commonCube(cube, another)));
  return cubes.map((cube) => conditionOf(cube, own.index));
}

function replaced(conjunction: Conjunction, condition: ArgCondition): Conjunction {
  const rest = conjunction.filter(({ index }) => index !== condition.index);
  return [...rest, condition].sort((a, b) => a.index - b.index);
}

function minus(conjunction: Conjunction, taken: Conjunction): readonly Conjunction[] {
  if (!canMeet(conjunction, taken, WIDTH)) return [conjunction];
  if (isWithin(conjunction, taken)) return [];
  return taken.flatMap((condition) => {
    const own = conjunction.find(({ index }) => index === condition.index);
    const outside = complement(condition).flatMap((opposed) => both(own, opposed));
    return outside.map((narrowed) => replaced(conjunction, narrowed));
  });
}

/**
 * The calls that satisfy both conjunctions.
 *
 * @returns conjunctions that do not overlap; none where no call does
 */
export function common(one: Conjunction, other: Conjunction): readonly Conjunction[] {
  let found: readonly Conjunction[] = [one];
  for (const condition of other) {
    found = found.flatMap((conjunction) => {
      const own = conjunction.find(({ index }) => index === condition.index);
      return both(own, condition).map((narrowed) => replaced(conjunction, narrowed));
    });
  }
  return found;
}

/**
 * The calls that satisfy a conjunction and none of the others.
 *
 * @param most - how many conjunctions the answer may have
 * @returns conjunctions that may overlap, none where nothing remains; undefined where they would be more than `most`
 */
export function remainder(
  conjunction: Conjunction,
  others: readonly Conjunction[],
  most: number,
): readonly Conjunction[] | undefined {
  let left: readonly Conjunction[] = [conjunction];
  for (const other of others) {
    left = left.flatMap((one) => minus(one, other));
    if (left.length > most) return undefined;
  }
  return left;
}
