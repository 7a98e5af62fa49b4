// SPDX-License-Identifier: Apache-2.0
// Decisions answer as the conditions that they were made of, and equal functions are one node.
import { expect } from 'chai';
import fc from 'fast-check';
import { conditionHolds } from '../../../../src/core/seccomp/meaning/condition.ts';
import { Decisions, TooLarge } from '../../../../src/core/seccomp/meaning/decisions.ts';
import { exampleOf, regionsOf, regionText } from '../../../../src/core/seccomp/meaning/regions.ts';
import type { ArgCondition } from '../../../../src/core/seccomp/model.ts';
import { callArgs, conditions } from '../arbitraries.ts';

const conjunctions = fc.uniqueArray(conditions, { maxLength: 3, selector: ({ index }) => index });

function condition(op: ArgCondition['op'], value: bigint, valueTwo = 0n, index = 0): ArgCondition {
  return { index, op, value, valueTwo };
}

/** The regions for which some of the conditions hold, as text. */
function textOf(some: readonly (readonly ArgCondition[])[], width: 32 | 64 = 64): readonly string[] | undefined {
  const decisions = new Decisions();
  const either = some.reduce(
    (rest, one) => decisions.choose(decisions.allHold(one, width), decisions.always(1), rest),
    decisions.always(0),
  );
  return regionsOf(decisions, either, 1, width)?.map(regionText);
}

describe('Decisions', () => {
  it('hold where all conditions do', () => {
    fc.assert(
      fc.property(conjunctions, callArgs, fc.constantFrom(32 as const, 64 as const), (all, args, width) => {
        const decisions = new Decisions();
        const cut = args.map((arg) => BigInt.asUintN(width, arg));
        const expected = all.every((one) => conditionHolds(one, cut[one.index] ?? 0n)) ? 1 : 0;
        expect(decisions.evaluate(decisions.allHold(all, width), args)).to.equal(expected);
      }),
      { numRuns: 300 },
    );
  });

  it('choose and combine as the functions do', () => {
    fc.assert(
      fc.property(conjunctions, conjunctions, callArgs, (one, other, args) => {
        const decisions = new Decisions();
        const [a, b] = [decisions.allHold(one, 64), decisions.allHold(other, 64)];
        const [x, y] = [a, b].map((decision) => decisions.evaluate(decision, args));
        const both = decisions.combine(a, b, (p, q) => 2 * p + q);
        expect(decisions.evaluate(both, args)).to.equal(2 * (x ?? 0) + (y ?? 0));
        expect(decisions.evaluate(decisions.choose(a, b, decisions.always(7)), args)).to.equal(x === 1 ? y : 7);
      }),
      { numRuns: 300 },
    );
  });

  it('are the same for the same function, however it is made', () => {
    fc.assert(
      fc.property(conjunctions, conjunctions, (one, other) => {
        const decisions = new Decisions();
        const [a, b] = [decisions.allHold(one, 64), decisions.allHold(other, 64)];
        const [yes, no] = [decisions.always(1), decisions.always(0)];
        const either = decisions.combine(a, b, (p, q) => Math.max(p, q));
        expect(decisions.choose(a, yes, b)).to.equal(either);
        expect(decisions.choose(decisions.choose(a, no, decisions.choose(b, no, yes)), no, yes)).to.equal(either);
      }),
      { numRuns: 300 },
    );
    const decisions = new Decisions();
    const below = decisions.allHold([condition('SCMP_CMP_LT', 16n)], 64);
    expect(decisions.allHold([condition('SCMP_CMP_MASKED_EQ', 2n ** 64n - 16n)], 64)).to.equal(below);
  });

  it('say that they are too large', () => {
    const decisions = new Decisions(100);
    expect(() =>
      decisions.allHold(
        [0, 1, 2].map((index) => condition('SCMP_CMP_EQ', 5n, 0n, index)),
        64,
      ),
    ).to.throw(TooLarge, 'the conditions are too many to be compared');
  });
});

describe('regionsOf()', () => {
  it('tells ranges, bits and all but one number', () => {
    expect(textOf([[condition('SCMP_CMP_EQ', 16n)]])).to.deep.equal(['arg0 = 16']);
    expect(textOf([[condition('SCMP_CMP_NE', 16n)]])).to.deep.equal(['arg0 != 16']);
    expect(textOf([[condition('SCMP_CMP_GT', 16n)]])).to.deep.equal(['arg0 >= 17']);
    expect(textOf([[condition('SCMP_CMP_GT', 16n)]], 32)).to.deep.equal(['arg0 >= 17']);
    expect(textOf([[condition('SCMP_CMP_LT', 16n)]])).to.deep.equal(['arg0 <= 15']);
    expect(textOf([[condition('SCMP_CMP_EQ', 4n)], [condition('SCMP_CMP_EQ', 5n)]])).to.deep.equal(['arg0 = 4..5']);
    const bits = [condition('SCMP_CMP_MASKED_EQ', 0x10000n, 0x10000n), condition('SCMP_CMP_EQ', 1n, 0n, 2)];
    expect(textOf([bits])).to.deep.equal(['arg0 & 0x10000 = 0x10000 and arg2 = 1']);
    expect(textOf([[]])).to.deep.equal(['']);
    expect(textOf([])).to.deep.equal([]);
  });

  it('tells nothing of sets without a short description, of which there is an example', () => {
    const odd = [1n, 3n, 5n, 7n, 9n, 11n, 13n, 15n, 17n, 33n].map((value) => [condition('SCMP_CMP_EQ', value * 7n)]);
    expect(textOf(odd)).to.equal(undefined);
  });

  it('covers exactly the arguments with the result, and has one of them as an example', () => {
    fc.assert(
      fc.property(conjunctions, conjunctions, callArgs, (one, other, args) => {
        const decisions = new Decisions();
        const [a, b] = [decisions.allHold(one, 64), decisions.allHold(other, 64)];
        const either = decisions.combine(a, b, (p, q) => Math.max(p, q));
        const regions = regionsOf(decisions, either, 1, 64);
        if (decisions.resultsOf(either).has(1)) {
          expect(decisions.evaluate(either, exampleOf(decisions, either, 1))).to.equal(1);
        } else expect(regions).to.deep.equal([]);
        if (regions === undefined) return;
        const isIn = regions.some((region) =>
          region.every((set) => {
            const arg = args[set.index] ?? 0n;
            if (set.type === 'not') return arg !== set.value;
            if (set.type === 'bits') return (arg & set.mask) === set.value;
            return set.from <= arg && arg <= set.to;
          }),
        );
        expect(isIn).to.equal(decisions.evaluate(either, args) === 1);
      }),
      { numRuns: 300 },
    );
  });
});
