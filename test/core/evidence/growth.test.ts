// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { estimatedCalls, growthOf } from '../../../src/core/evidence/growth.ts';
import { coverageOf, sumCoverages } from '../../../src/core/recording/coverage.ts';

const someRuns = fc.array(fc.subarray(['a', 'b', 'c', 'd', 'e', 'f']), { minLength: 1, maxLength: 6 });

/** All choices of so many. */
function choices<T>(all: readonly T[], count: number): readonly (readonly T[])[] {
  if (count === 0) return [[]];
  return all.flatMap((one, at) => choices(all.slice(at + 1), count - 1).map((rest) => [one, ...rest]));
}

describe('growthOf()', () => {
  it('is the mean over all choices of so many recordings', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const growth = growthOf(sumCoverages(runs.map(coverageOf)));
        expect(growth.map(({ recordings }) => recordings)).to.deep.equal(runs.map((_, at) => at + 1));
        for (const { recordings, expected } of growth) {
          const sizes = choices(runs, recordings).map((chosen) => new Set(chosen.flat()).size);
          expect(expected).to.be.closeTo(sizes.reduce((sum, size) => sum + size, 0) / sizes.length, 1e-9);
        }
      }),
    );
  });

  it('never shrinks, ends with all calls and lies within its band', () => {
    fc.assert(
      fc.property(someRuns, (runs) => {
        const sum = sumCoverages(runs.map(coverageOf));
        const growth = growthOf(sum);
        growth.reduce((before, { expected, low, high }) => {
          expect(expected).to.be.at.least(before - 1e-9);
          expect(low <= expected && expected <= high).to.equal(true);
          return expected;
        }, 0);
        expect(growth.at(-1)?.expected).to.be.closeTo(sum.names.size, 1e-9);
      }),
    );
  });

  it('has few points for many recordings, from the first to the last, and none for none', () => {
    const names = new Map([['read', 1000]]);
    const growth = growthOf({ total: 1000, names });
    expect(growth).to.have.length(60);
    expect([growth.at(0), growth.at(-1)].map((point) => point?.recordings)).to.deep.equal([1, 1000]);
    expect(growthOf({ total: 0, names: new Map() })).to.deep.equal([]);
  });
});

describe('estimatedCalls()', () => {
  it('expects more calls the more of them were seen once', () => {
    expect(estimatedCalls(10, [10, 10, 5])).to.equal(3);
    expect(estimatedCalls(10, [10, 1, 1, 1, 2])).to.be.closeTo(5 + (0.9 * 3 * 2) / 4, 1e-9);
    expect(estimatedCalls(0, [])).to.equal(0);
  });
});
