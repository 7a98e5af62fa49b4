// SPDX-License-Identifier: Apache-2.0
// Rules that no filter contains: said, with the rule that holds instead; an "otherwise" is none of them.
import { expect } from 'chai';
import fc from 'fast-check';
import { evaluate } from '../../../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../../../src/core/faults.ts';
import { compileFilter } from '../../../../src/core/seccomp/libseccomp/filter.ts';
import { ineffectiveRules } from '../../../../src/core/seccomp/libseccomp/ineffective-rules.ts';
import { conditionHolds } from '../../../../src/core/seccomp/meaning/spans.ts';
import { returnValue, verdictOf } from '../../../../src/core/seccomp/meaning/verdict.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../../src/core/seccomp/model.ts';
import { syscallName, syscallNumber, syscallNumbers } from '../../../../src/core/seccomp/syscalls.ts';
import { callArgs, NAMES, profiles } from '../arbitraries.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const newUser: ArgCondition = { index: 0, op: 'SCMP_CMP_MASKED_EQ', value: 0x1000_0000n, valueTwo: 0x1000_0000n };
const is = (value: bigint): ArgCondition => ({ index: 0, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });
const rule = (action: Action, names: readonly string[], ...args: ArgCondition[]): Rule => ({ names, action, args });
const profile = (...rules: readonly Rule[]): Profile => ({ defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules });

describe('core/seccomp/ineffective-rules', () => {
  it('names a condition that repeats the default beside an allowed call', () => {
    const allowed = rule('SCMP_ACT_ALLOW', ['clone', 'read']);
    const why = 'has no effect: runtimes leave out rules that repeat the default action, and SCMP_ACT_ALLOW of';
    expect(ineffectiveRules(profile(allowed, rule('SCMP_ACT_ERRNO', ['clone'], newUser)))).to.deep.equal([
      `syscalls[1]: SCMP_ACT_ERRNO for clone ${why} syscalls[0] holds for these calls`,
    ]);
    expect(ineffectiveRules(profile(rule('SCMP_ACT_ERRNO', ['clone', 'read'], newUser), allowed))).to.deep.equal([
      `syscalls[0]: SCMP_ACT_ERRNO for clone, read ${why} syscalls[1] holds for these calls`,
    ]);
  });

  it('names a condition beside an unconditional rule, with the numbers where only these differ', () => {
    const numbered = { ...rule('SCMP_ACT_ERRNO', ['clone'], newUser), errno: 13 };
    expect(ineffectiveRules(profile(rule('SCMP_ACT_ALLOW', ['clone']), numbered))).to.deep.equal([
      'syscalls[1]: SCMP_ACT_ERRNO (13) for clone has no effect: SCMP_ACT_ALLOW of syscalls[0] holds for all their arguments',
    ]);
    const other = { ...rule('SCMP_ACT_ERRNO', ['clone']), errno: 38 };
    expect(ineffectiveRules(profile(other, numbered))).to.deep.equal([
      'syscalls[1]: SCMP_ACT_ERRNO (13) for clone has no effect: SCMP_ACT_ERRNO (38) of syscalls[0] holds for all their arguments',
    ]);
  });

  it('says nothing of a default that is meant as "otherwise", nor of conditions that do not meet', () => {
    const some = rule('SCMP_ACT_ALLOW', ['clone'], is(5n));
    expect(ineffectiveRules(profile(some, rule('SCMP_ACT_ERRNO', ['clone'])))).to.deep.equal([]);
    expect(ineffectiveRules(profile(some, rule('SCMP_ACT_ERRNO', ['clone'], is(6n))))).to.deep.equal([]);
    expect(ineffectiveRules(profile(some, rule('SCMP_ACT_LOG', ['clone'], is(6n))))).to.deep.equal([]);
  });

  it('leaves no rule without a word that a filter does not follow', () => {
    const newest = syscallName(NATIVE, Math.max(...syscallNumbers(NATIVE))) ?? '';
    const law = fc.property(profiles, fc.constantFrom(...NAMES), callArgs, (from, name, args) => {
      const call = { architecture: NATIVE, number: syscallNumber(NATIVE, name) ?? 0, args } as const;
      const last: Rule = { names: [newest], action: 'SCMP_ACT_KILL_THREAD', args: [] };
      let answer: number;
      try {
        answer = evaluate(compileFilter({ ...from, rules: [...from.rules, last] }, NATIVE), call);
      } catch (error) {
        fc.pre(!(error instanceof InvalidProfile));
        throw error;
      }
      fc.pre(ineffectiveRules(from).length === 0);
      const indexes = (of: Rule) => new Set(of.args.map(({ index }) => index)).size;
      const holding = from.rules.filter(
        (one) =>
          one.names.includes(name) &&
          one.args.length > 0 &&
          indexes(one) === one.args.length &&
          one.args.every((arg) => conditionHolds(arg, args[arg.index] ?? 0n)),
      );
      const values = new Set(holding.map((one) => returnValue(verdictOf(one.action, one.errno))));
      if (values.size === 1) expect(values.has(answer) || isOtherwise(from, name)).to.equal(true);
    });
    fc.assert(law, { numRuns: 2000 });
  });
});

/** Whether a rule of the call says the default: it may be an "otherwise" of which a narrower rule is an exception. */
function isOtherwise({ defaultAction, defaultErrno, rules }: Profile, name: string): boolean {
  const value = returnValue(verdictOf(defaultAction, defaultErrno));
  return rules.some((one) => one.names.includes(name) && returnValue(verdictOf(one.action, one.errno)) === value);
}
