// SPDX-License-Identifier: Apache-2.0
// Intersections: laws that hold for all of them, judged by the evaluator of filters, and what only cases tell.
import { expect } from 'chai';
import fc from 'fast-check';
import { covers } from '../../../src/core/seccomp/covers.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { intersectProfiles } from '../../../src/core/seccomp/intersect.ts';
import { evaluate } from '../../../src/core/seccomp/libseccomp/evaluate.ts';
import { compileFilter } from '../../../src/core/seccomp/libseccomp/filter.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../../src/core/seccomp/syscalls.ts';
import { callArgs, NAMES, profiles, profilesWith } from './arbitraries.ts';
import { filterOf, NATIVE } from './filters.ts';

const names = fc.constantFrom(...NAMES);

/** How much a SECCOMP_RET value permits, without its number: KILL_PROCESS is the highest value and the least. */
function permission(value: number): number {
  return value >= 0x8000_0000 ? -1 : value >>> 16;
}

/** Faults of a profile that contradicts itself. */
function faultsOf(profile: Profile): readonly string[] {
  try {
    compileFilter(profile, NATIVE);
    return [];
  } catch (error) {
    if (!(error instanceof InvalidProfile)) throw error;
    return error.faults.map(({ reason }) => reason).filter((reason) => reason.includes('nothing says which counts'));
  }
}

type Ask = (args: readonly bigint[], name: string) => number;

/** How much a profile permits of calls. */
function permissionsOf(profile: Profile, architecture: KnownArchitecture = NATIVE): Ask {
  const filter = filterOf(profile);
  return (args, name) =>
    permission(evaluate(filter, { architecture, number: syscallNumber(architecture, name) ?? -1, args }));
}

const profile = (defaultAction: Action, rules: Profile['rules'] = [], more: Partial<Profile> = {}): Profile => ({
  defaultAction,
  architectures: [],
  rules,
  ...more,
});
const rule = (action: Action, ...args: ArgCondition[]): Rule => ({ names: ['read'], action, args });
const is = (index: number, value: bigint): ArgCondition => ({ index, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });

describe('intersectProfiles()', () => {
  it('answers each call with the stricter of the parts, by the evaluator', () => {
    let exact = 0;
    fc.assert(
      fc.property(
        profiles,
        profiles,
        fc.array(fc.tuple(callArgs, names), { minLength: 20, maxLength: 20 }),
        (a, b, calls) => {
          const { profile: both, stricter } = intersectProfiles([a, b]);
          const asks = [both, a, b].map((each) => permissionsOf(each));
          for (const [args, name] of calls) {
            const [own = 0, ...others] = asks.map((ask) => ask(args, name));
            const least = Math.min(...others);
            if (stricter.includes(name)) expect(own).to.be.at.most(least);
            else expect(own).to.equal(least);
            exact += stricter.includes(name) ? 0 : 1;
          }
        },
      ),
      { numRuns: 1000 },
    );
    expect(exact).to.be.greaterThan(19_000);
  });

  it('does so on 32 bits, too', () => {
    const narrow = callArgs.map((args) => args.map((arg) => arg & 0xffff_ffffn));
    fc.assert(
      fc.property(profiles, profiles, narrow, names, (a, b, args, name) => {
        const compat = (each: Profile): Profile => ({ ...each, architectures: ['SCMP_ARCH_X86'] });
        const parts = [compat(a), compat(b)];
        const both = intersectProfiles(parts);
        const [own = 0, ...others] = [both.profile, ...parts].map((each) =>
          permissionsOf(each, 'SCMP_ARCH_X86')(args, name),
        );
        expect(own).to.be.at.most(Math.min(...others));
      }),
      { numRuns: 1000 },
    );
  });

  it('is never looser than a part, not even one that contradicts itself, and is no contradiction', () => {
    fc.assert(
      fc.property(profiles, profiles, callArgs, names, (a, b, args, name) => {
        const { profile: both } = intersectProfiles([a, b]);
        const own = permissionsOf(both)(args, name);
        // The union of one part says the greatest of what it says at once.
        for (const part of [a, b]) {
          expect(own).to.be.at.most(permissionsOf({ ...mergeProfiles([part]), architectures: [] })(args, name));
        }
      }),
      { numRuns: 500 },
    );
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        expect(faultsOf(intersectProfiles([a, b]).profile)).to.deep.equal([]);
      }),
      { numRuns: 500 },
    );
  });

  it('means the same in any order, and the same as a part with itself', () => {
    const plain = profilesWith(fc.constantFrom('SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW'), fc.constant(undefined));
    fc.assert(
      fc.property(plain, plain, callArgs, names, (a, b, args, name) => {
        const all = [
          [a, b],
          [b, a],
          [a, b, a],
          [a, a, b, b],
        ].map(intersectProfiles);
        fc.pre(all.every(({ stricter }) => stricter.length === 0));
        const answers = all.map((each) => permissionsOf(each.profile)(args, name));
        expect(new Set(answers).size).to.equal(1);
        expect(permissionsOf(intersectProfiles([a, a]).profile)(args, name)).to.equal(permissionsOf(a)(args, name));
      }),
      { numRuns: 1000 },
    );
  });

  it('is covered by each of its parts, and is a part that the other covers', () => {
    const wide = profile('SCMP_ACT_ERRNO', [rule('SCMP_ACT_ALLOW')]);
    const narrow = profile('SCMP_ACT_ERRNO', [rule('SCMP_ACT_ALLOW', is(0, 1n))]);
    expect(intersectProfiles([wide, narrow]).profile).to.deep.equal(mergeProfiles([narrow]));
    expect(covers(wide, intersectProfiles([wide, narrow]).profile)).to.equal(true);
  });

  it('writes out the rest where it is not the default', () => {
    const a = profile('SCMP_ACT_ERRNO', [rule('SCMP_ACT_ALLOW', is(0, 1n))]);
    const b = profile('SCMP_ACT_KILL_PROCESS', [rule('SCMP_ACT_ALLOW')]);
    const { profile: both, stricter } = intersectProfiles([a, b]);
    expect(stricter).to.deep.equal([]);
    expect(both.defaultAction).to.equal('SCMP_ACT_KILL_PROCESS');
    expect(both.rules).to.deep.equal([
      rule('SCMP_ACT_ALLOW', is(0, 1n)),
      rule('SCMP_ACT_ERRNO', { ...is(0, 1n), op: 'SCMP_CMP_NE' }),
    ]);
  });

  it('takes the number of the first where two refuse', () => {
    const refuses = (errno: number): Profile => profile('SCMP_ACT_ERRNO', [], { defaultErrno: errno });
    expect(intersectProfiles([refuses(38), refuses(2)]).profile.defaultErrno).to.equal(38);
    expect(intersectProfiles([refuses(2), refuses(38)]).profile.defaultErrno).to.equal(2);
  });

  it('is the strictest of all where conditions are too many', () => {
    const many = (index: number): Profile =>
      profile(
        'SCMP_ACT_ERRNO',
        Array.from({ length: 40 }, (_, at) => rule('SCMP_ACT_ALLOW', is(index, BigInt(3 * at)))),
      );
    const { profile: both, stricter } = intersectProfiles([many(0), many(1)]);
    expect(stricter).to.deep.equal(['read']);
    expect(both.rules).to.deep.equal([]);
    const endless = (index: number): Profile =>
      profile(
        'SCMP_ACT_ERRNO',
        Array.from({ length: 200 }, (_, at) => rule('SCMP_ACT_ALLOW', is(index, BigInt(at)))),
      );
    expect(intersectProfiles([endless(0), endless(0)]).stricter).to.deep.equal(['read']);
  });

  it('covers the architectures that all do, and has the flags that make it stricter', () => {
    const on = (architectures: Profile['architectures'], flags?: Profile['flags']): Profile =>
      profile('SCMP_ACT_ERRNO', [], { architectures, ...(flags === undefined ? {} : { flags }) });
    const both = (a: Profile, b: Profile): Profile => intersectProfiles([a, b]).profile;
    const compat = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] as const;
    expect(both(on(compat), on([])).architectures).to.deep.equal([]);
    expect(both(on(compat), on(['SCMP_ARCH_X86', 'SCMP_ARCH_NATIVE'])).architectures).to.deep.equal(['SCMP_ARCH_X86']);
    const [log, open] = ['SECCOMP_FILTER_FLAG_LOG', 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'] as const;
    expect(both(on([]), on([])).flags).to.equal(undefined);
    expect(both(on([]), on([], [open])).flags).to.deep.equal([open]);
    expect(both(on([]), on([], [])).flags).to.deep.equal([]);
    expect(both(on([], [open]), on([], [open, log])).flags).to.deep.equal([log, open]);
  });

  it('has the listener of the first that has one, with the flag that is for it', () => {
    const wait = 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV';
    const listens = (listenerPath: string, flags: Profile['flags'] = []): Profile =>
      profile('SCMP_ACT_ERRNO', [], { listenerPath, listenerMetadata: listenerPath, flags });
    const { profile: both } = intersectProfiles([profile('SCMP_ACT_ERRNO'), listens('/a'), listens('/b', [wait])]);
    expect(both).to.deep.include({ listenerPath: '/a', listenerMetadata: '/a', flags: [] });
    expect(intersectProfiles([listens('/b', [wait]), listens('/a')]).profile.flags).to.deep.equal([wait]);
  });

  it('refuses what has no intersection', () => {
    expect(() => intersectProfiles([])).to.throw(RangeError, 'no profiles');
    const based = profile('SCMP_ACT_ERRNO', [], { baseProfileName: 'runc' });
    expect(() => intersectProfiles([based, based])).to.throw(RangeError, 'with the base runc cannot be intersected');
  });
});
