// SPDX-License-Identifier: Apache-2.0
// Unions case by case; what holds for all of them is in laws.test.ts.
import { expect } from 'chai';
import { covers } from '../../../src/core/seccomp/covers.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import type { Action, ArgCondition, Profile } from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderOci } from '../../../src/core/seccomp/render.ts';
import { goldenValue } from './golden.ts';

interface Case {
  readonly what: string;
  readonly parts: readonly unknown[];
  readonly union: unknown;
}

const profile = (defaultAction: Action, ...rules: Profile['rules']): Profile => ({
  defaultAction,
  architectures: [],
  rules,
});

const rule = (action: Action, names: readonly string[], ...args: ArgCondition[]) => ({ names, action, args });
const below = (value: bigint): ArgCondition => ({ index: 0, op: 'SCMP_CMP_LT', value, valueTwo: 0n });

describe('mergeProfiles()', () => {
  for (const { what, parts, union } of goldenValue('merge.json') as readonly Case[]) {
    it(what, () => {
      const read = parts.map((part, index) => parseProfile(part, `part ${String(index)}`));
      const before = structuredClone(read);
      const expected = renderOci(parseProfile(union, 'the union'));
      expect(renderOci(mergeProfiles(read))).to.deep.equal(expected);
      expect(renderOci(mergeProfiles([...read].reverse()))).to.deep.equal(expected);
      expect(read, 'the parts are left alone').to.deep.equal(before);
    });
  }

  it('keeps the greater of two verdicts that a part gives to the same call, in whichever order', () => {
    const rules = [rule('SCMP_ACT_ALLOW', ['read'], below(5n)), rule('SCMP_ACT_LOG', ['read'], below(5n))] as const;
    const [greater, lesser] = rules;
    for (const part of [profile('SCMP_ACT_ERRNO', greater, lesser), profile('SCMP_ACT_ERRNO', lesser, greater)]) {
      expect(mergeProfiles([part]).rules).to.deep.equal([greater]);
    }
  });

  it('drops what a rule with fewer conditions says already, be they values, masks or orderings', () => {
    const is = (index: number, value: bigint): ArgCondition => ({ index, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });
    const allow = (...args: ArgCondition[]) => rule('SCMP_ACT_ALLOW', ['read'], ...args);
    const wide = [allow(is(1, 7n)), allow(below(5n)), allow(is(0, 9n), is(2, 1n))];
    const narrow = [allow(is(0, 9n), is(1, 7n)), allow(is(0, 3n)), allow(is(0, 9n), is(2, 1n), is(3, 1n))];
    const apart = [allow(is(1, 8n)), allow(is(0, 9n), is(2, 2n))];
    const merged = mergeProfiles([profile('SCMP_ACT_ERRNO', ...wide), profile('SCMP_ACT_ERRNO', ...narrow, ...apart)]);
    expect(merged.rules).to.have.deep.members([...wide, ...apart]);
  });

  it('refuses what has no union', () => {
    expect(() => mergeProfiles([])).to.throw(RangeError, 'no profiles');
    const based = (baseProfileName: string) => ({ ...profile('SCMP_ACT_ERRNO'), baseProfileName });
    expect(() => mergeProfiles([based('b'), based('a')])).to.throw(
      RangeError,
      'profiles with different baseProfileName cannot be merged: a, b',
    );
    expect(mergeProfiles([based('a'), profile('SCMP_ACT_ERRNO')]).baseProfileName).to.equal('a');
  });
});

describe('covers()', () => {
  const narrow = profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['prctl'], below(5n)));
  const wide = profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['prctl', 'read'], below(9n)));

  it('knows that wider conditions, and none, include narrow ones', () => {
    expect(covers(wide, narrow)).to.equal(true);
    expect(covers(narrow, wide)).to.equal(false);
    expect(covers(profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['prctl'])), narrow)).to.equal(true);
    expect(covers(profile('SCMP_ACT_ALLOW'), wide)).to.equal(true);
  });

  it('wants the action, too', () => {
    const logged = profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_LOG', ['prctl'], below(9n)));
    expect(covers(logged, narrow)).to.equal(false);
    expect(covers(narrow, profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_LOG', ['prctl'], below(3n))))).to.equal(true);
  });

  it('takes refusals under conditions for what they are', () => {
    const denies = profile('SCMP_ACT_ALLOW', rule('SCMP_ACT_ERRNO', ['prctl'], below(5n)));
    const deniesMore = profile('SCMP_ACT_ALLOW', rule('SCMP_ACT_KILL', ['prctl'], below(9n)));
    expect(covers(denies, deniesMore)).to.equal(true);
    expect(covers(deniesMore, denies)).to.equal(false);
    expect(covers(denies, profile('SCMP_ACT_ALLOW'))).to.equal(false);
    expect(covers(denies, profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['prctl'], below(3n))))).to.equal(false);
  });

  it('wants the architectures and flags', () => {
    const compat: Profile = { ...narrow, architectures: ['SCMP_ARCH_X86'] };
    expect(covers(narrow, compat)).to.equal(false);
    expect(covers(compat, narrow)).to.equal(false);
    expect(covers({ ...narrow, flags: ['SECCOMP_FILTER_FLAG_LOG'] }, narrow)).to.equal(true);
    expect(covers(narrow, { ...narrow, flags: ['SECCOMP_FILTER_FLAG_LOG'] })).to.equal(false);
  });
});
