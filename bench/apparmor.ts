// SPDX-License-Identifier: Apache-2.0
// The renderer of AppArmor profiles: from the abstract form with 10,000 paths to the text. In processor time.
import { renderProfile } from '../src/core/apparmor/render.ts';
import type { AppArmorAbstract } from '../src/gen/crd/app-armor-profile.ts';
import { median } from './report.ts';
import type { Figure } from './report.ts';

const ROUNDS = 15;
const RULES = 10_000;

/** Milliseconds for a profile of so many rules. */
const BAR_MS = 50;

/** Rules of five lists, as recordings have them: a few folders with many names, some of them patterns. */
function manyRules(): AppArmorAbstract {
  const paths = (folder: string): readonly string[] =>
    Array.from(
      { length: RULES / 5 },
      (_, at) => `/${folder}/part-${String(at % 40)}/file-${String(Math.floor(at / 40))}${at % 9 === 0 ? '*' : ''}`,
    );
  return {
    executable: { allowedExecutables: paths('bin'), allowedLibraries: paths('lib') },
    filesystem: { readOnlyPaths: paths('etc'), writeOnlyPaths: paths('log'), readWritePaths: paths('tmp') },
  };
}

function timed(call: () => unknown): number {
  const started = process.cpuUsage();
  call();
  const { user, system } = process.cpuUsage(started);
  return (user + system) / 1000;
}

/** The figures; rounds take turns, so that a busy machine is busy for both. */
export function measureAppArmor(): readonly Figure[] {
  const abstract = manyRules();
  const { text } = renderProfile('bench', { abstract });
  if (text.split('\n').length < RULES) throw new Error('the profile has not all rules');
  const lines = (): string =>
    Object.values({ ...abstract.executable, ...abstract.filesystem })
      .flat()
      .sort()
      .map((path) => `  "${path}" r,\n`)
      .join('');
  const rounds = Array.from({ length: ROUNDS }, () => [
    timed(() => renderProfile('bench', { abstract })),
    timed(lines),
  ]);
  const [value = 0, floor = 0] = [0, 1].map((column) => median(rounds.map((round) => round[column] ?? 0)));
  const least = { what: 'the same paths sorted and joined, unread', value: floor };
  return [{ what: `an AppArmor profile of ${String(RULES)} rules`, value, unit: 'ms', floor: least, bar: BAR_MS }];
}
