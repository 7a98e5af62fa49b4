// SPDX-License-Identifier: Apache-2.0
// The costs of a release for those who take it: bytes of chart and bundle, and how fast spoc starts from the tarball,
// beside the clone that it was made of. Both take turns, so that the noise of the machine meets both.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { VERSION } from '../src/core/version.ts';
import { cacheFolder } from '../tools/image/cache.ts';
import { ownPlatform } from '../tools/image/platforms.ts';
import { packTar } from '../tools/image/tar.ts';
import { packChart } from '../tools/release/chart.ts';
import { folderName, tarballName } from '../tools/release/names.ts';
import { makeSpoc } from '../tools/release/spoc-packages.ts';
import { spoc } from './programs.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';
import { neverSeen, timed } from './start-up.ts';

const ROOT = path.join(import.meta.dirname, '..');
const ROUNDS = 25;

/** How much slower the tarball's spoc may be than the clone's. */
const MOST_SLOWER = 1.2;

/** KiB of chart and bundle together, compressed. */
async function sizeFigure(folder: string): Promise<Figure> {
  const kib = (name: string): number => statSync(path.join(folder, name)).size / 1024;
  await packChart(0, path.join(folder, 'chart'), path.join(folder, 'chart.tgz'));
  for (const [name, where] of [
    ['bundle', path.join(ROOT, 'olm')],
    ['crds', ROOT],
  ] as const) {
    await packTar({ folder: where, names: [name], epoch: 0, gzip: true }, path.join(folder, `${name}.tgz`));
  }
  const floor = { what: 'the definitions of the kinds', value: kib('crds.tgz') };
  return { what: 'chart and bundle', value: kib('chart.tgz') + kib('bundle.tgz'), unit: 'KiB', floor, bar: 200 };
}

/** The spoc of a tarball, unpacked. */
async function unpackedSpoc(folder: string): Promise<string> {
  const platform = ownPlatform();
  mkdirSync(path.join(folder, 'scratch'));
  await makeSpoc(platform, { version: VERSION, epoch: 0 }, path.join(folder, 'scratch'), folder);
  execFileSync('tar', ['-xzf', path.join(folder, tarballName(VERSION, platform.arch)), '-C', folder]);
  return path.join(folder, folderName(VERSION, platform.arch), 'bin/spoc');
}

function startFigures(folder: string, unpacked: string): readonly Figure[] {
  const profile = path.join(folder, 'true.yaml');
  timed([spoc, 'record', '-o', profile, 'true']);
  const works = {
    version: () => ['version'],
    'merge, of two profiles': () => ['merge', '-o', path.join(folder, 'merged.yaml'), profile, profile],
    'run true, a new profile': () => ['run', '-p', neverSeen(folder, profile), 'true'],
  } as const;
  return Object.entries(works).map(([name, words]) => {
    const times: readonly [number[], number[]] = [[], []];
    for (let round = 0; round < ROUNDS; round++) {
      times[0].push(timed([spoc, ...words()]));
      times[1].push(timed([unpacked, ...words()]));
    }
    const [clone, value] = [median(times[0]), median(times[1])];
    const floor = { what: "the clone's", value: clone };
    return { what: `spoc ${name}, from the tarball`, value, unit: 'ms', floor, bar: MOST_SLOWER * clone };
  });
}

/** Makes chart, bundle and tarball, and weighs and starts them. */
export async function measureRelease(): Promise<readonly Figure[]> {
  mkdirSync(cacheFolder, { recursive: true });
  const folder = mkdtempSync(path.join(cacheFolder, '.bench-'));
  try {
    return [await sizeFigure(folder), ...startFigures(folder, await unpackedSpoc(folder))];
  } finally {
    rmSync(folder, { recursive: true });
  }
}
