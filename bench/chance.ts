// SPDX-License-Identifier: Apache-2.0
// Whether the interval around the predicted chance of a new call holds the truth: for simulated workloads, whose chance
// is known, and for real ones, of which a share of the recordings is held out. The floor is an interval of 95 per cent
// that is neither too narrow nor too wide.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { chanceOfNews } from '../src/core/evidence/chance.ts';
import { noveltyOf } from '../src/core/evidence/novelty.ts';
import { coverageOf, sumCoverages } from '../src/core/recording/coverage.ts';
import type { Coverage } from '../src/core/recording/coverage.ts';
import { randomOf, Workload } from '../test/core/evidence/workloads.ts';
import type { Random } from '../test/core/evidence/workloads.ts';
import { spoc } from './programs.ts';
import { REAL_WORKLOADS } from './real-workloads.ts';
import type { RealWorkload } from './real-workloads.ts';
import type { Figure } from './report.ts';

const SIMULATED = 200;

/** Recordings of each real workload. */
const RUNS = 60;

/** Times that the recordings of a real workload are parted into known and held-out ones. */
const PARTINGS = 20;

/** Fewest and most known recordings; the others, at least half, are held out. */
const KNOWN = { least: 3, most: RUNS / 2 } as const;

/** Intervals that may miss the truth, in a hundred: from 1 on, or they are wider than they need to be. */
const MISSES = { least: 1, most: 10 } as const;

/** Whether the interval that the known recordings give holds the chance of news beyond them. */
function holds(known: readonly Coverage[], chanceBeyond: (names: ReadonlySet<string>) => number): boolean {
  const chance = chanceOfNews(noveltyOf(known));
  if (chance === undefined) throw new RangeError('too few recordings');
  const truth = chanceBeyond(new Set(sumCoverages(known).names.keys()));
  return truth >= chance.low - 1e-9 && truth <= chance.high + 1e-9;
}

function simulated(): readonly boolean[] {
  return Array.from({ length: SIMULATED }, (_, at) => {
    const random = randomOf(10_000 + at);
    const workload = new Workload(random);
    const runs = Array.from({ length: Math.floor(3 * 20 ** random()) }, () => workload.run());
    return holds(runs, (names) => workload.chanceBeyond(names));
  });
}

/** Records one run. Throws where that is not possible, or where it is not whole. */
function record(workload: RealWorkload, random: Random, folder: string): Coverage {
  const own = path.join(folder, 'run');
  rmSync(own, { recursive: true, force: true });
  mkdirSync(own);
  const profile = path.join(folder, 'profile.json');
  const words = ['record', '-n', '-t', 'raw-seccomp', '-o', profile, ...workload.command(random, own)];
  const { status, stderr } = spawnSync(spoc, words, { encoding: 'utf8', timeout: 120_000 });
  if (status !== 0) throw new Error(`${workload.name}: status ${String(status)}: ${stderr}`);
  const { syscalls } = JSON.parse(readFileSync(profile, 'utf8')) as { syscalls: readonly { names: string[] }[] };
  return coverageOf(syscalls.flatMap(({ names }) => names));
}

function shuffled<T>(values: readonly T[], random: Random): readonly T[] {
  return values
    .map((value) => ({ value, key: random() }))
    .sort((one, other) => one.key - other.key)
    .map(({ value }) => value);
}

function real(workload: RealWorkload, seed: number): readonly boolean[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'bench-'));
  try {
    const random = randomOf(seed);
    const runs = Array.from({ length: RUNS }, () => record(workload, random, folder));
    const results = Array.from({ length: PARTINGS }, () => {
      const mixed = shuffled(runs, random);
      const count = KNOWN.least + Math.floor(random() * (KNOWN.most - KNOWN.least + 1));
      const heldOut = mixed.slice(count);
      const hasNews = ({ names }: Coverage, known: ReadonlySet<string>): boolean =>
        [...names.keys()].some((name) => !known.has(name));
      return holds(
        mixed.slice(0, count),
        (known) => heldOut.filter((run) => hasNews(run, known)).length / heldOut.length,
      );
    });
    const { names } = sumCoverages(runs);
    const varying = [...names.values()].filter((seen) => seen < RUNS).length;
    console.log(
      `  ${workload.name}: ${String(names.size)} calls, ${String(varying)} not in all of ${String(RUNS)} runs, ` +
        `${String(results.filter(Boolean).length)} of ${String(PARTINGS)} intervals hold the share of held-out runs`,
    );
    return results;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function figuresOf(what: string, held: readonly boolean[]): readonly Figure[] {
  const misses = (100 * held.filter((one) => !one).length) / held.length;
  const floor = { what: 'of intervals of 95 %', value: 5 };
  return [
    { what: `${what}: intervals without the truth`, value: misses, unit: '%', floor, bar: MISSES.most },
    {
      what: `${what}: missing to ${String(MISSES.least)} %, below which they are too wide`,
      value: Math.max(0, MISSES.least - misses),
      unit: '%',
      floor: { what: floor.what, value: 0 },
      bar: 0,
    },
  ];
}

/** Records ten real programs again and again, which takes minutes, and simulates 200. */
export function measureChance(): readonly Figure[] {
  const runs = REAL_WORKLOADS.flatMap((workload, at) => real(workload, 20_000 + at));
  return [
    ...figuresOf(`${String(SIMULATED)} simulated workloads`, simulated()),
    ...figuresOf(`${String(REAL_WORKLOADS.length)} real programs`, runs),
  ];
}
