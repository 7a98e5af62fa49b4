// SPDX-License-Identifier: Apache-2.0
// The rules that are rewritten for libseccomp, those that stay, and the warnings about the rest.
import { expect } from 'chai';
import fc from 'fast-check';
import { InvalidProfile } from '../../../../src/core/faults.ts';
import { compileFilter } from '../../../../src/core/seccomp/libseccomp/filter.ts';
import { evaluate } from '../../../../src/core/seccomp/libseccomp/evaluate.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../../src/core/seccomp/model.ts';
import { requireOneVerdict, runtimeForm } from '../../../../src/core/seccomp/libseccomp/runtime-form.ts';
import { syscallNumber } from '../../../../src/core/seccomp/syscalls.ts';
import { callArgs, NAMES, profiles } from '../arbitraries.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const rule = (action: Action, names: readonly string[], ...args: ArgCondition[]): Rule => ({ names, action, args });
const allow = (...args: ArgCondition[]): Rule => rule('SCMP_ACT_ALLOW', ['ioctl'], ...args);
const at = (index: number, op: ArgCondition['op'], value: bigint, valueTwo = 0n): ArgCondition => ({
  index,
  op,
  value,
  valueTwo,
});
const profile = (rules: readonly Rule[], architectures: Profile['architectures'] = []): Profile => ({
  defaultAction: 'SCMP_ACT_ERRNO',
  architectures,
  rules,
});
const SEVERAL = [allow(at(1, 'SCMP_CMP_LT', 2n)), allow(at(1, 'SCMP_CMP_EQ', 2n ** 32n + 9n))];

describe('core/seccomp/runtime-form', () => {
  it('leaves a profile as it is where each call has one conditional rule, or rules of masks in order', () => {
    const from = profile([
      rule('SCMP_ACT_ALLOW', ['read', 'write']),
      allow(at(1, 'SCMP_CMP_GT', 5n)),
      rule('SCMP_ACT_ALLOW', ['prctl'], at(0, 'SCMP_CMP_EQ', 5n)),
      rule('SCMP_ACT_ALLOW', ['prctl'], at(0, 'SCMP_CMP_MASKED_EQ', 0xff00n, 0x100n)),
    ]);
    const { profile: written, warnings } = runtimeForm(from);
    expect(written).to.equal(from);
    expect(warnings).to.deep.equal([]);
  });

  it('writes several orderings of a call as masks behind the other rules, and touches nothing else', () => {
    const other = rule('SCMP_ACT_ALLOW', ['read', 'ioctl'], at(1, 'SCMP_CMP_EQ', 7n));
    const { profile: written, warnings } = runtimeForm(profile([other, ...SEVERAL]));
    expect(warnings).to.deep.equal([]);
    expect(written.rules).to.deep.equal([
      { ...other, names: ['read'] },
      allow(at(1, 'SCMP_CMP_EQ', 7n)),
      allow(at(1, 'SCMP_CMP_MASKED_EQ', 2n ** 64n - 2n, 0n)),
      allow(at(1, 'SCMP_CMP_EQ', 2n ** 32n + 9n)),
    ]);
  });

  it('puts rules about lower arguments first', () => {
    const from = profile([allow(at(3, 'SCMP_CMP_EQ', 1n)), allow(at(1, 'SCMP_CMP_EQ', 1n))]);
    expect(runtimeForm(from).profile.rules).to.deep.equal([...from.rules].reverse());
  });

  it('keeps the one unconditional rule of a call that has conditional ones besides', () => {
    const from = profile([...SEVERAL, rule('SCMP_ACT_LOG', ['ioctl', 'read']), allow()]);
    expect(runtimeForm(from).profile.rules).to.deep.equal([
      rule('SCMP_ACT_LOG', ['read']),
      rule('SCMP_ACT_LOG', ['ioctl']),
    ]);
  });

  it('leaves out what no argument satisfies, and what all satisfy, as libseccomp sees neither', () => {
    const never = allow(at(0, 'SCMP_CMP_EQ', 1n), at(1, 'SCMP_CMP_LT', 0n));
    const always = allow(at(0, 'SCMP_CMP_GE', 0n), at(2, 'SCMP_CMP_GT', 5n));
    expect(runtimeForm(profile([always])).profile.rules).to.deep.equal([always]);
    expect(runtimeForm(profile([never, always])).profile.rules).to.deep.equal([allow(at(2, 'SCMP_CMP_GT', 5n))]);
  });

  it('keeps the name of a call of which nothing is left, as newer calls than all names get another answer', () => {
    const never = [at(0, 'SCMP_CMP_LT', 0n), at(1, 'SCMP_CMP_LT', 0n)];
    expect(runtimeForm(profile(never.map((arg) => allow(arg)))).profile.rules).to.deep.equal([
      rule('SCMP_ACT_ERRNO', ['ioctl']),
    ]);
  });

  it('says so where a 32-bit architecture would read a mask otherwise, and writes what was there', () => {
    const from = profile(SEVERAL, ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']);
    const { profile: written, warnings } = runtimeForm(from);
    expect(written).to.equal(from);
    expect(warnings).to.deep.equal([
      'syscalls: the comparisons for ioctl in several rules have no form of masks: libseccomp before 2.6.1 may enforce them otherwise than they are written',
    ]);
    const small = profile([allow(at(1, 'SCMP_CMP_LT', 2n)), allow(at(1, 'SCMP_CMP_EQ', 9n))], ['SCMP_ARCH_X86']);
    expect(runtimeForm(small).warnings).to.deep.equal([]);
  });

  it('says so where there would be more rules than a filter has room for', () => {
    const wide = allow(at(0, 'SCMP_CMP_NE', 1n), at(1, 'SCMP_CMP_NE', 1n));
    expect(runtimeForm(profile([wide, allow(at(2, 'SCMP_CMP_EQ', 1n))])).warnings).to.have.length(1);
  });

  it('says which rules contradict each other for some calls', () => {
    const from = profile([
      rule('SCMP_ACT_ALLOW', ['ioctl'], at(0, 'SCMP_CMP_EQ', 5n)),
      rule('SCMP_ACT_LOG', ['ioctl'], at(1, 'SCMP_CMP_EQ', 5n)),
    ]);
    expect(runtimeForm(from).warnings).to.deep.equal([
      'syscalls[1]: SCMP_ACT_LOG for ioctl and SCMP_ACT_ALLOW of syscalls[0] can hold for the same call, and nothing says which counts',
    ]);
    expect(() => {
      requireOneVerdict(from, 'profile p');
    }).to.not.throw();
  });

  it('refuses two verdicts under the same conditions, with the field', () => {
    const from = profile([
      rule('SCMP_ACT_ALLOW', ['ioctl'], at(0, 'SCMP_CMP_EQ', 5n)),
      rule('SCMP_ACT_LOG', ['read', 'ioctl'], at(0, 'SCMP_CMP_EQ', 5n)),
    ]);
    expect(() => {
      requireOneVerdict(from, 'profile p');
    }).to.throw(
      InvalidProfile,
      'profile p: syscalls[1]: SCMP_ACT_LOG for ioctl and SCMP_ACT_ALLOW of syscalls[0] hold under the same conditions, and nothing says which counts',
    );
    expect(() => {
      requireOneVerdict(profile([...from.rules, allow()]), 'profile p');
    }).to.not.throw();
  });

  it('changes no answer', () => {
    const law = fc.property(profiles, fc.constantFrom(...NAMES), callArgs, (from, name, args) => {
      const call = { architecture: NATIVE, number: syscallNumber(NATIVE, name) ?? 0, args } as const;
      const answer = (of: Profile): number | undefined => {
        try {
          return evaluate(compileFilter(of, NATIVE), call);
        } catch (error) {
          if (error instanceof InvalidProfile) return undefined;
          throw error;
        }
      };
      const before = answer(from);
      fc.pre(before !== undefined);
      const after = answer(runtimeForm(from).profile);
      // As masks, rules of different verdicts may be too many to be compared with each other.
      fc.pre(after !== undefined);
      expect(after).to.equal(before);
    });
    fc.assert(law, { numRuns: 2000 });
  });
});
