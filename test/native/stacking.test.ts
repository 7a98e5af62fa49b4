// SPDX-License-Identifier: Apache-2.0
// The kernel as the judge of stacking: under the filter of a profile on its bases each call gets the answer that the
// nearest profile with a rule for it gives, as that profile alone answers.
import { expect } from 'chai';
import fc from 'fast-check';
import { conditionHolds } from '../../src/core/seccomp/meaning/condition.ts';
import { evaluate } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import type { Call } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../src/core/faults.ts';
import { compileFilter, nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { Profile } from '../../src/core/seccomp/model.ts';
import { stackProfiles } from '../../src/core/seccomp/stack.ts';
import { syscallName, syscallNumber, syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import { callArgs, NAMES, profiles } from '../core/seccomp/arbitraries.ts';
import { askKernel } from './kernel-answers.ts';

const NATIVE = nativeArchitecture(process.arch) ?? 'SCMP_ARCH_X86_64';
/** Filters of the kernel have 4096 instructions; a rule with three compared arguments takes about ten. */
const MOST_RULES = 250;

const NEWEST = syscallName(NATIVE, Math.max(...syscallNumbers(NATIVE))) ?? '';

interface Question {
  readonly filter: NumericFilter;
  readonly calls: readonly Call[];
  readonly expected: readonly number[];
}

function isShort({ architectures }: NumericFilter): boolean {
  return architectures.every(({ rules }) => rules.length <= MOST_RULES);
}

/** The filter on this machine; undefined where the profile contradicts itself or compares too much. */
function filterOf(from: Profile): NumericFilter | undefined {
  const errno = from.defaultErrno === undefined ? {} : { errno: from.defaultErrno };
  const newest = { names: [NEWEST], action: from.defaultAction, ...errno, args: [] };
  try {
    return compileFilter({ ...from, architectures: [], rules: [...from.rules, newest] }, NATIVE);
  } catch (error) {
    if (error instanceof InvalidProfile) return undefined;
    throw error;
  }
}

function speaksOf({ rules }: Profile, name: string, args: readonly bigint[]): boolean {
  return rules.some(
    (rule) => rule.names.includes(name) && rule.args.every((arg) => conditionHolds(arg, args[arg.index] ?? 0n)),
  );
}

function questionOf(
  layers: readonly [Profile, Profile, Profile],
  argLists: readonly (readonly bigint[])[],
): Question[] {
  const [own, near, far] = layers;
  const bases = [near, far].map((profile, index) => ({ name: `base-${String(index)}`, profile }));
  const { profile, warnings } = stackProfiles(own, bases);
  const filter = filterOf(profile);
  const alone = layers.map(filterOf);
  const byDefault = filterOf({ ...own, rules: [] });
  if (filter === undefined || !isShort(filter)) return [];
  if (alone.includes(undefined) || warnings.some((text) => text.includes('too many'))) return [];
  const asked = argLists.flatMap((args) => NAMES.map((name) => ({ name, args })));
  const calls = asked.map(({ name, args }) => ({
    architecture: NATIVE,
    number: syscallNumber(NATIVE, name) ?? -1,
    args,
  }));
  const expected = asked.map(({ name, args }, index) => {
    const speaker = layers.findIndex((layer) => speaksOf(layer, name, args));
    const deciding = speaker < 0 ? byDefault : alone[speaker];
    return deciding === undefined ? -1 : evaluate(deciding, calls[index]!);
  });
  return [{ filter, calls, expected }];
}

describe('stacked profiles, in the kernel', function () {
  this.timeout(120_000);

  it('answer each call as the nearest profile that has a rule for it', async () => {
    const drawn = fc.sample(
      fc.tuple(fc.tuple(profiles, profiles, profiles), fc.array(callArgs, { minLength: 4, maxLength: 4 })),
      120,
    );
    const questions = drawn.flatMap(([layers, argLists]) => questionOf(layers, argLists));
    expect(questions.length).to.be.greaterThan(10);
    const answers = await askKernel(questions);
    for (const [index, { expected }] of questions.entries()) {
      expect(answers[index]?.actions).to.deep.equal(expected);
    }
  });
});
