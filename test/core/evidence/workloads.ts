// SPDX-License-Identifier: Apache-2.0
// Simulated workloads: programs whose features are used in some runs and bring calls with them, so that the true
// chance of a new call is known.
import { coverageOf } from '../../../src/core/recording/coverage.ts';
import type { Coverage } from '../../../src/core/recording/coverage.ts';

/** Numbers from 0 to 1, the same ones for a seed (mulberry32). */
export type Random = () => number;

/** A feature is used in a run with its chance, independently of others. */
interface Feature {
  readonly chance: number;
  readonly calls: readonly string[];
}

/** A random source. */
export function randomOf(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    const mixed = Math.imul(state ^ (state >>> 15), state | 1);
    const turned = mixed ^ (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61));
    return ((turned ^ (turned >>> 14)) >>> 0) / 2 ** 32;
  };
}

const upTo = (random: Random, most: number): number => Math.floor(random() * most);

/** Rare and usual features, features of any chance, or a long tail: three sorts of programs. */
const CHANCES: readonly ((random: Random, at: number) => number)[] = [
  (random) => 0.002 * 450 ** random(),
  (random) => 0.95 * random(),
  (_random, at) => 0.6 / (at + 1),
];

/** A workload: what a run of it shows, and the chance that one shows what is not known. */
export class Workload {
  private readonly random: Random;
  private readonly features: readonly Feature[];

  constructor(random: Random) {
    this.random = random;
    const calls = 20 + upTo(random, 200);
    const chanceOf = CHANCES[upTo(random, CHANCES.length)]!;
    this.features = Array.from({ length: 3 + upTo(random, 60) }, (_, at) => ({
      chance: Math.min(0.95, chanceOf(random, at)),
      calls: Array.from(
        { length: 1 + Math.floor(random() * random() * 8) },
        () => `call_${String(upTo(random, calls))}`,
      ),
    }));
  }

  run(): Coverage {
    const used = this.features.filter(({ chance }) => this.random() < chance);
    return coverageOf(['read', 'exit_group', ...used.flatMap(({ calls }) => calls)]);
  }

  chanceBeyond(known: ReadonlySet<string>): number {
    const news = this.features.filter(({ calls }) => calls.some((call) => !known.has(call)));
    return 1 - news.reduce((none, { chance }) => none * (1 - chance), 1);
  }
}
