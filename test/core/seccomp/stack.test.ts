// SPDX-License-Identifier: Apache-2.0
// The laws of stacking: the nearest profile that has a rule for a call decides it, and no base ever weakens what stands
// on it.
import { expect } from 'chai';
import fc from 'fast-check';
import { conditionHolds } from '../../../src/core/seccomp/meaning/condition.ts';
import { evaluate } from '../../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { compileFilter } from '../../../src/core/seccomp/libseccomp/filter.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { stackProfiles } from '../../../src/core/seccomp/stack.ts';
import { syscallName, syscallNumber, syscallNumbers } from '../../../src/core/seccomp/syscalls.ts';
import { callArgs, NAMES, profiles } from './arbitraries.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const names = fc.constantFrom(...NAMES);

const profile = (defaultAction: Action, ...rules: readonly Rule[]): Profile => ({
  defaultAction,
  architectures: [],
  rules,
});
const rule = (action: Action, call: string, ...args: readonly ArgCondition[]): Rule => ({
  names: [call],
  action,
  args,
});
const equals = (index: number, value: bigint): ArgCondition => ({ index, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });

const stacked = (own: Profile, ...bases: readonly Profile[]) =>
  stackProfiles(
    own,
    bases.map((base, index) => ({ name: `base-${String(index)}`, profile: base })),
  );

/** Keeps calls from being newer than all that the profile names: runtimes answer those with ENOSYS. */
function withNewest(from: Profile): Profile {
  const newest = syscallName(NATIVE, Math.max(...syscallNumbers(NATIVE))) ?? '';
  const errno = from.defaultErrno === undefined ? {} : { errno: from.defaultErrno };
  return { ...from, rules: [...from.rules, { names: [newest], action: from.defaultAction, ...errno, args: [] }] };
}

/**
 * The answer of the filter; a profile without one, because it contradicts itself or compares too much, is drawn again.
 */
function answerOf(from: Profile, name: string, args: readonly bigint[]): number {
  try {
    const number = syscallNumber(NATIVE, name) ?? -1;
    return evaluate(compileFilter(withNewest(from), NATIVE), { architecture: NATIVE, number, args });
  } catch (error) {
    fc.pre(!(error instanceof InvalidProfile));
    throw error;
  }
}

function speaksOf({ rules }: Profile, name: string, args: readonly bigint[]): boolean {
  return rules.some(
    (one) => one.names.includes(name) && one.args.every((arg) => conditionHolds(arg, args[arg.index] ?? 0n)),
  );
}

function stackedFully(own: Profile, ...bases: readonly Profile[]): Profile {
  const { profile: whole, warnings } = stacked(own, ...bases);
  fc.pre(!warnings.some((text) => text.includes('too many')));
  return whole;
}

describe('stackProfiles()', () => {
  it('leaves the answer to each call that the profile has a rule for', () => {
    fc.assert(
      fc.property(profiles, profiles, profiles, callArgs, names, (own, base, lower, args, name) => {
        fc.pre(speaksOf(own, name, args));
        const before = answerOf(own, name, args);
        expect(answerOf(stackedFully(own, base, lower), name, args)).to.equal(before);
      }),
      { numRuns: 400 },
    );
  });

  it('gives every other call the answer of the nearest base that has a rule for it, else the default', () => {
    fc.assert(
      fc.property(profiles, profiles, profiles, callArgs, names, (own, base, lower, args, name) => {
        fc.pre(!speaksOf(own, name, args));
        const speaker = [base, lower].find((one) => speaksOf(one, name, args));
        const expected = answerOf(speaker ?? { ...own, rules: [] }, name, args);
        expect(answerOf(stackedFully(own, base, lower), name, args)).to.equal(expected);
      }),
      { numRuns: 400 },
    );
  });

  it('is never weaker than the profile, also where rules of a base cannot be added', () => {
    const denying = fc
      .array(callArgs, { minLength: 1, maxLength: 4 })
      .map((all) =>
        profile('SCMP_ACT_ALLOW', ...all.map((args) => rule('SCMP_ACT_ERRNO', 'ioctl', equals(0, args[0] ?? 0n)))),
      );
    fc.assert(
      fc.property(denying, profiles, callArgs, (own, base, args) => {
        const { profile: whole } = stacked(own, base);
        if (speaksOf(own, 'ioctl', args)) {
          expect(answerOf(whole, 'ioctl', args)).to.equal(answerOf(own, 'ioctl', args));
        }
      }),
      { numRuns: 500 },
    );
  });

  it('adds the denials of a deny list to a deny list', () => {
    const { profile: whole, warnings } = stacked(
      profile('SCMP_ACT_ALLOW', rule('SCMP_ACT_ERRNO', 'mkdir')),
      profile('SCMP_ACT_ALLOW', { names: ['chmod', 'fchmod'], action: 'SCMP_ACT_ERRNO', args: [] }),
    );
    expect(whole.rules).to.deep.equal([{ names: ['chmod', 'fchmod', 'mkdir'], action: 'SCMP_ACT_ERRNO', args: [] }]);
    expect(warnings).to.deep.equal([]);
  });

  it('takes a rule that repeats the default for a word about the call, and says that it overrules the base', () => {
    const { profile: whole, warnings } = stacked(
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ERRNO', 'mkdir'), rule('SCMP_ACT_ALLOW', 'read')),
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', 'mkdir'), rule('SCMP_ACT_ALLOW', 'write')),
    );
    expect(whole.rules).to.deep.equal([
      { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW', args: [] },
      { names: ['mkdir'], action: 'SCMP_ACT_ERRNO', args: [] },
    ]);
    expect(warnings).to.deep.equal(['base profile base-0: for mkdir a nearer profile decides, where it has rules']);
  });

  it('keeps a denial under conditions beside a base that allows the call', () => {
    const { profile: whole } = stacked(
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_KILL_PROCESS', 'ioctl', equals(1, 0x5412n))),
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', 'ioctl')),
    );
    expect(whole.rules).to.deep.equal([
      {
        names: ['ioctl'],
        action: 'SCMP_ACT_ALLOW',
        args: [{ index: 1, op: 'SCMP_CMP_NE', value: 0x5412n, valueTwo: 0n }],
      },
      { names: ['ioctl'], action: 'SCMP_ACT_KILL_PROCESS', args: [equals(1, 0x5412n)] },
    ]);
  });

  it('lets the nearer of two bases decide', () => {
    const [near, far] = [
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_LOG', 'read')),
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', 'read')),
    ];
    const { profile: whole, warnings } = stacked(profile('SCMP_ACT_ERRNO'), near, far);
    expect(whole.rules).to.deep.equal([{ names: ['read'], action: 'SCMP_ACT_LOG', args: [] }]);
    expect(warnings).to.deep.equal(['base profile base-1: for read a nearer profile decides, where it has rules']);
  });

  it('adds what has room, and says for which calls there is none', () => {
    const primes = [3n, 5n, 7n, 11n, 13n, 17n, 19n, 23n, 29n, 31n].map((value) => value * 0x1234_5678_9abn);
    const own = profile('SCMP_ACT_ERRNO', ...primes.map((value) => rule('SCMP_ACT_ERRNO', 'ioctl', equals(0, value))));
    const { profile: whole, warnings } = stacked(
      own,
      profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', 'ioctl'), rule('SCMP_ACT_ALLOW', 'read')),
    );
    expect(whole.rules[0]).to.deep.equal({ names: ['read'], action: 'SCMP_ACT_ALLOW', args: [] });
    expect(warnings).to.deep.equal([
      'base profile base-0: for ioctl its rules are not added, as too many would be needed beside those of nearer ones',
    ]);
  });
});
