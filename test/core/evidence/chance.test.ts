// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { chanceOfNews } from '../../../src/core/evidence/chance.ts';
import { noveltyOf } from '../../../src/core/evidence/novelty.ts';
import { coverageOf, sumCoverages } from '../../../src/core/recording/coverage.ts';
import type { Coverage } from '../../../src/core/recording/coverage.ts';
import { randomOf, Workload } from './workloads.ts';

const WORKLOADS = 200;

/** Of 200 simulated workloads with 3 to 60 recordings each: in how many the interval holds the true chance. */
function held(seeds: number, known: (runs: readonly Coverage[]) => readonly Coverage[]): number {
  return Array.from({ length: WORKLOADS }, (_, at) => {
    const random = randomOf(seeds + at);
    const workload = new Workload(random);
    const runs = Array.from({ length: Math.floor(3 * 20 ** random()) }, () => workload.run());
    const truth = workload.chanceBeyond(new Set(sumCoverages(runs).names.keys()));
    const chance = chanceOfNews(noveltyOf(known(runs)))!;
    return truth >= chance.low - 1e-9 && truth <= chance.high + 1e-9;
  }).filter(Boolean).length;
}

describe('chanceOfNews()', () => {
  for (const seeds of [1_000, 2_000, 3_000]) {
    it(`holds the true chance of a new call in 90 to 99 of 100 workloads (seeds from ${String(seeds)})`, () => {
      expect(held(seeds, (runs) => runs)).to.be.within(0.9 * WORKLOADS, 0.99 * WORKLOADS);
    });
    it(`also of profiles that were merged (seeds from ${String(seeds)})`, () => {
      expect(held(seeds, (runs) => [sumCoverages(runs)])).to.be.within(0.9 * WORKLOADS, 0.99 * WORKLOADS);
    });
  }

  it('is unknown for one recording', () => {
    expect(chanceOfNews(noveltyOf([coverageOf(['read'])]))).to.equal(undefined);
    expect(chanceOfNews(noveltyOf([]))).to.equal(undefined);
  });

  it('is the share of recordings that were new to the others', () => {
    const runs = [['read', 'a', 'b', 'c'], ['read'], ['read', 'd'], ['read']].map(coverageOf);
    expect(chanceOfNews(noveltyOf(runs))?.estimate).to.equal(0.5);
  });

  it('never is sure after few recordings that were all alike', () => {
    const highs = [2, 3, 10, 100].map((count) => {
      const alike = Array.from({ length: count }, () => coverageOf(['read']));
      return chanceOfNews(noveltyOf(alike))!;
    });
    expect(highs.map(({ estimate, low }) => [estimate, low])).to.deep.equal(Array(4).fill([0, 0]));
    expect(highs.map(({ high }) => Number(high.toFixed(2)))).to.deep.equal([1, 0.55, 0.24, 0.03]);
  });
});

describe('noveltyOf()', () => {
  it('gives bounds where a merged profile does not tell which recordings saw what alone', () => {
    const merged: Coverage = { total: 5, names: new Map(Object.entries({ read: 5, a: 1, b: 1, c: 2 })) };
    expect(noveltyOf([merged])).to.deep.equal({ recordings: 5, novel: { least: 1, most: 2 }, pairs: 2 });
    expect(noveltyOf([merged, coverageOf(['a', 'd'])])).to.deep.equal({
      recordings: 6,
      novel: { least: 2, most: 2 },
      pairs: 4,
    });
  });

  it('counts the pairs of which one is known only by the other', () => {
    const runs = [['read', 'a'], ['read', 'a', 'b'], ['read', 'b'], ['c']].map(coverageOf);
    expect(noveltyOf(runs)).to.deep.equal({ recordings: 4, novel: { least: 1, most: 1 }, pairs: 4 });
  });
});
