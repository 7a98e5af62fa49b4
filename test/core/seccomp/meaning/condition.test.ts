// SPDX-License-Identifier: Apache-2.0
// Conditions as sets of numbers, counted out on four bits: what is said of sets must be true of each number.
import { expect } from 'chai';
import fc from 'fast-check';
import {
  canMeet,
  conditionHolds,
  conditionOf,
  conjunctionKey,
  cubesOf,
  isWithin,
  reduced,
} from '../../../../src/core/seccomp/meaning/condition.ts';
import type { ArgCondition } from '../../../../src/core/seccomp/model.ts';
import { ALL_OPERATORS } from '../../../../src/core/seccomp/model.ts';
import { conditions, EDGES } from '../arbitraries.ts';

/**
 * All that conditions on four bits can tell apart: each of the lower four, with nothing above them and with something.
 */
const NUMBERS = Array.from({ length: 32 }, (_, number) => BigInt(number));

const small = fc.bigInt({ min: 0n, max: 15n });
const condition: fc.Arbitrary<ArgCondition> = fc.record({
  index: fc.constant(0),
  op: fc.constantFrom(...ALL_OPERATORS),
  value: small,
  valueTwo: small,
});

const sets = (arg: ArgCondition): readonly bigint[] => NUMBERS.filter((number) => conditionHolds(arg, number));

describe('core/seccomp/condition', () => {
  it('cubes hold exactly what the condition holds, and are disjoint', () => {
    fc.assert(
      fc.property(conditions, fc.constantFrom(...EDGES), fc.constantFrom<32 | 64>(32, 64), (arg, edge, width) => {
        const number = BigInt.asUintN(width, edge);
        const around = cubesOf(arg, width).filter((cube) => conditionHolds(conditionOf(cube, 0), number));
        expect(around.length).to.equal(conditionHolds(arg, number) ? 1 : 0);
      }),
      { numRuns: 5000 },
    );
  });

  it('reduced() agrees with the cubes', () => {
    fc.assert(
      fc.property(conditions, fc.constantFrom<32 | 64>(32, 64), (arg, width) => {
        const cubes = cubesOf(arg, width);
        const rest = reduced([arg], width);
        expect(rest === undefined).to.equal(cubes.length === 0);
        expect(rest?.length === 0).to.equal(cubes[0]?.mask === 0n);
      }),
      { numRuns: 2000 },
    );
  });

  it('canMeet() finds a number if there is one', () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        const common = sets(a).filter((number) => conditionHolds(b, number));
        expect(canMeet([a], [b], 64)).to.equal(common.length > 0);
      }),
      { numRuns: 3000 },
    );
  });

  it('canMeet() agrees with the cubes in all bits of both widths', () => {
    fc.assert(
      fc.property(conditions, conditions, fc.constantFrom<32 | 64>(32, 64), (a, b, width) => {
        const others = cubesOf(b, width);
        const common = cubesOf(a, width).some(({ mask, value }) =>
          others.some((other) => ((value ^ other.value) & mask & other.mask) === 0n),
        );
        const there = { ...b, index: a.index };
        expect(canMeet([a], [there], width)).to.equal(common);
      }),
      { numRuns: 5000 },
    );
  });

  it('isWithin() is inclusion', () => {
    fc.assert(
      fc.property(condition, condition, (a, b) => {
        fc.pre(sets(a).length > 0);
        expect(isWithin([a], [b])).to.equal(sets(a).every((number) => conditionHolds(b, number)));
      }),
      { numRuns: 3000 },
    );
  });

  it('conditions on different arguments can meet, and neither includes the other', () => {
    const first: ArgCondition = { index: 0, op: 'SCMP_CMP_EQ', value: 1n, valueTwo: 0n };
    const second: ArgCondition = { index: 1, op: 'SCMP_CMP_EQ', value: 2n, valueTwo: 0n };
    expect(canMeet([first], [second], 64)).to.equal(true);
    expect(isWithin([first], [second])).to.equal(false);
    expect(isWithin([first, second], [second])).to.equal(true);
    expect(isWithin([first], [])).to.equal(true);
  });

  it('reduced() drops what always holds and gives up on what never does', () => {
    const at = (index: number, op: ArgCondition['op'], value: bigint, valueTwo = 0n) => ({
      index,
      op,
      value,
      valueTwo,
    });
    const eq = at(0, 'SCMP_CMP_EQ', 2n ** 32n);
    expect(reduced([eq, at(1, 'SCMP_CMP_GE', 0n), at(2, 'SCMP_CMP_MASKED_EQ', 0n, 7n)], 64)).to.deep.equal([eq]);
    expect(reduced([eq], 32)).to.equal(undefined);
    expect(reduced([at(0, 'SCMP_CMP_LT', 0n)], 64)).to.equal(undefined);
    expect(reduced([at(0, 'SCMP_CMP_GT', 2n ** 64n - 1n)], 64)).to.equal(undefined);
    expect(reduced([at(0, 'SCMP_CMP_NE', 2n ** 40n), at(1, 'SCMP_CMP_LE', 2n ** 40n)], 32)).to.deep.equal([]);
    expect(reduced([at(0, 'SCMP_CMP_MASKED_EQ', 0xff_0000_0001n, 0x1_0000_0001n)], 32)).to.equal(undefined);
  });

  it('conjunctionKey() does not depend on the order', () => {
    fc.assert(
      fc.property(conditions, conditions, (a, b) => {
        expect(conjunctionKey([a, b])).to.equal(conjunctionKey([b, a]));
      }),
    );
    expect(conjunctionKey([])).to.equal('');
  });
});
