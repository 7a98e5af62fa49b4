// SPDX-License-Identifier: Apache-2.0
// How the set of calls has grown with the number of recordings, whichever came first: the expected size after each
// number of them, with its confidence band. It is computed from the counts alone, after Colwell and others ("Models and
// estimators linking individual-based and sample-based rarefaction", Journal of Plant Ecology 5, 2012, equations 4 and
// 5; the number of calls that there are is Chao's estimate from incidences).
import type { Coverage } from '../recording/coverage.ts';
import { NORMAL_95 } from './chance.ts';

/** The size of the set after a number of recordings. */
export interface GrowthPoint {
  readonly recordings: number;
  readonly expected: number;
  /** The bounds that hold it in 95 of 100 cases. */
  readonly low: number;
  readonly high: number;
}

/** Points of a curve; more are not seen in a plot. */
const MOST_POINTS = 60;

/** The curve from one recording to all of them; none without any. */
export function growthOf({ total, names }: Coverage): readonly GrowthPoint[] {
  const classes = [...Map.groupBy(names.values(), (count) => count)].map(
    ([count, all]) => [Math.min(count, total), all.length] as const,
  );
  const all = estimatedCalls(total, names.values());
  return stepsTo(total).map((recordings) => pointAt(recordings, total, classes, all));
}

/** How many calls there are, seen or not, at least: Chao's estimate from how many were seen once and twice. */
export function estimatedCalls(total: number, counts: Iterable<number>): number {
  const all = [...counts];
  const [once, twice] = [1, 2].map((times) => all.filter((count) => count === times).length);
  if (total === 0 || once === undefined || twice === undefined) return all.length;
  return all.length + (((total - 1) / total) * once * (once - 1)) / (2 * (twice + 1));
}

function pointAt(
  recordings: number,
  total: number,
  classes: readonly (readonly [count: number, calls: number])[],
  all: number,
): GrowthPoint {
  let [expected, squares] = [0, 0];
  for (const [count, calls] of classes) {
    const seen = 1 - chanceOfNone(recordings, count, total);
    expected += calls * seen;
    squares += calls * seen * seen;
  }
  const variance = all === 0 ? 0 : Math.max(0, squares - (expected * expected) / all);
  const half = NORMAL_95 * Math.sqrt(variance);
  return { recordings, expected, low: Math.max(0, expected - half), high: expected + half };
}

/** That a call which `count` of all recordings have is in none of so many of them, drawn at random. */
function chanceOfNone(drawn: number, count: number, total: number): number {
  if (drawn > total - count) return 0;
  let chance = 1;
  for (let at = 0; at < count; at += 1) chance *= (total - drawn - at) / (total - at);
  return chance;
}

function stepsTo(total: number): readonly number[] {
  const points = Math.min(total, MOST_POINTS);
  return Array.from({ length: points }, (_, at) => 1 + Math.round((at * (total - 1)) / Math.max(1, points - 1)));
}
