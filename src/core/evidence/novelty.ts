// SPDX-License-Identifier: Apache-2.0
// How new the recordings of a workload were to each other: what an estimate of the next one stands on.
import { sumCoverages } from '../recording/coverage.ts';
import type { Coverage } from '../recording/coverage.ts';

/** How new recordings were to each other. */
export interface Novelty {
  readonly recordings: number;
  /**
   * How many of them have shown something that no other one did: a number, or its bounds where only counts of calls are
   * known.
   */
  readonly novel: { readonly least: number; readonly most: number };
  /**
   * Pairs (one, other) of recordings where only the other keeps the one from being new; at most so many where the
   * recordings are not known one by one.
   */
  readonly pairs: number;
}

/** Of recordings of which none is in two of the coverages. */
export function noveltyOf(coverages: readonly Coverage[]): Novelty {
  const sum = sumCoverages(coverages);
  const isSingle = (name: string): boolean => sum.names.get(name) === 1;
  const bounds = coverages.map((coverage) => boundsOf(coverage, isSingle));
  const least = bounds.reduce((all, one) => all + one.least, 0);
  const most = bounds.reduce((all, one) => all + one.most, 0);
  return {
    recordings: sum.total,
    novel: { least: Math.min(least, sum.total), most: Math.min(most, sum.total) },
    pairs: coverages.every(({ total }) => total === 1) ? pairsAmong(coverages, sum) : mostPairs(sum),
  };
}

function boundsOf({ total, names, alone }: Coverage, isSingle: (name: string) => boolean): Novelty['novel'] {
  const singles = [...names.keys()].filter(isSingle).length;
  if (singles === 0) return { least: 0, most: 0 };
  if (alone === undefined) return { least: 1, most: Math.min(singles, Math.max(total, 1)) };
  const count = alone.filter((list) => list.some(isSingle)).length;
  return { least: count, most: count };
}

/** Recordings are told by their place in the list. */
function pairsAmong(coverages: readonly Coverage[], { names }: Coverage): number {
  const holders = new Map<string, number[]>();
  const isNovel = coverages.map((coverage) => [...coverage.names.keys()].some((name) => names.get(name) === 1));
  coverages.forEach((coverage, at) => {
    for (const name of coverage.names.keys())
      if (names.get(name) === 2) holders.set(name, [...(holders.get(name) ?? []), at]);
  });
  const pairs = new Set<string>();
  for (const [one = 0, other = 0] of holders.values()) {
    if (isNovel[one] === false) pairs.add(`${String(one)} ${String(other)}`);
    if (isNovel[other] === false) pairs.add(`${String(other)} ${String(one)}`);
  }
  return pairs.size;
}

function mostPairs({ total, names }: Coverage): number {
  const doubles = [...names.values()].filter((count) => count === 2).length;
  return Math.min(2 * doubles, total);
}
