// SPDX-License-Identifier: Apache-2.0
// Laws that hold for every profile: printing and reading invert each other, merging is a union and never stricter,
// compiling keeps the meaning. The meaning is told here a second time, in the plainest way.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson } from '../../../src/core/json.ts';
import { conditionHolds } from '../../../src/core/seccomp/meaning/condition.ts';
import { covers } from '../../../src/core/seccomp/covers.ts';
import { evaluate } from '../../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { compileFilter } from '../../../src/core/seccomp/libseccomp/filter.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import type { Profile } from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderOciText, renderSpec } from '../../../src/core/seccomp/render.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../../src/core/seccomp/syscalls.ts';
import { returnValue, verdictOf } from '../../../src/core/seccomp/meaning/verdict.ts';
import { validateSeccompProfile } from '../../gen/validators.ts';
import { callArgs, EDGES, NAMES, profiles, profilesWith } from './arbitraries.ts';
import { filterOf, NATIVE } from './filters.ts';

const names = fc.constantFrom(...NAMES);

/**
 * How much a SECCOMP_RET value permits: the kernel's numbers rise with it, but for KILL_PROCESS, the highest of them.
 */
function permission(value: number): number {
  return value >= 0x8000_0000 ? -1 : value;
}

function numberOf(architecture: KnownArchitecture, name: string): number {
  const number = syscallNumber(architecture, name);
  if (number === undefined) throw new Error(`no number for ${name}`);
  return number;
}

function faultsOf(profile: Profile): readonly string[] {
  try {
    compileFilter(profile, NATIVE);
    return [];
  } catch (error) {
    if (error instanceof InvalidProfile) return error.faults.map(({ reason }) => reason);
    throw error;
  }
}

function answerTo(profile: Profile, args: readonly bigint[], name: string): number {
  return evaluate(filterOf(profile), { architecture: NATIVE, number: numberOf(NATIVE, name), args });
}

/**
 * The values that the rules of a profile give to a call, by the words of the specification and of libseccomp's manual.
 */
function meanings({ rules, ...profile }: Profile, args: readonly bigint[], name: string): readonly number[] {
  const otherwise = returnValue(verdictOf(profile.defaultAction, profile.defaultErrno));
  const about = rules
    .filter((rule) => rule.names.includes(name))
    .map((rule) => ({ ...rule, value: returnValue(verdictOf(rule.action, rule.errno)) }))
    .filter(({ value }) => value !== otherwise);
  const always = about.find((rule) => rule.args.every((arg) => ALWAYS.every((value) => conditionHolds(arg, value))));
  if (always !== undefined) return [always.value];
  const holding = about.filter((rule) => rule.args.every((arg) => conditionHolds(arg, args[arg.index] ?? 0n)));
  return holding.length === 0 ? [otherwise] : holding.map(({ value }) => value);
}

/**
 * Arguments that a condition of arbitraries.ts must let through to hold always: edges, what lies beside them, and
 * others.
 */
const ALWAYS = EDGES.flatMap((edge) => [edge, edge + 1n, edge - 1n, edge ^ 2n]).map((edge) => BigInt.asUintN(64, edge));

describe('seccomp profiles', () => {
  it('read from what they print, for runtimes and for the API', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(parseProfile(parseJson(renderOciText(profile)), 'x')).to.deep.equal(profile);
        expect(parseProfile(renderSpec(profile), 'x')).to.deep.equal(profile);
      }),
    );
  });

  it('print specs that the schema of the API accepts', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        const object = {
          apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
          kind: 'SeccompProfile',
          metadata: { name: 'x' },
          spec: renderSpec(profile),
        };
        expect(validateSeccompProfile(object)).to.deep.equal([]);
      }),
    );
  });

  it('mean what they say: a filter answers as the rules that hold', () => {
    fc.assert(
      fc.property(profiles, callArgs, names, (profile, args, name) => {
        expect(meanings(profile, args, name)).to.include(answerTo(profile, args, name));
      }),
      { numRuns: 2500 },
    );
  });

  it('mean the same on 32 bits, where no argument is larger', () => {
    const narrow = callArgs.map((args) => args.map((arg) => arg & 0xffff_ffffn));
    fc.assert(
      fc.property(profiles, narrow, names, (profile, args, name) => {
        const filter = filterOf({ ...profile, architectures: ['SCMP_ARCH_X86'] });
        const [wide, compat] = (['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] as const).map((architecture) =>
          evaluate(filter, { architecture, number: numberOf(architecture, name), args }),
        );
        expect(compat).to.equal(wide);
      }),
      { numRuns: 2500 },
    );
  });
});

describe('mergeProfiles()', () => {
  it('is commutative', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        expect(mergeProfiles([a, b])).to.deep.equal(mergeProfiles([b, a]));
      }),
    );
  });

  it('is associative among profiles of one default', () => {
    for (const action of ['SCMP_ACT_ERRNO', 'SCMP_ACT_LOG', 'SCMP_ACT_ALLOW'] as const) {
      const some = profilesWith(fc.constant(action), fc.constant(undefined));
      fc.assert(
        fc.property(some, some, some, (a, b, c) => {
          const left = mergeProfiles([mergeProfiles([a, b]), c]);
          expect(left).to.deep.equal(mergeProfiles([a, mergeProfiles([b, c])]));
          expect(left).to.deep.equal(mergeProfiles([a, b, c]));
        }),
        { numRuns: 1000 },
      );
    }
  });

  it('is idempotent: a profile merged with itself is its canonical form', () => {
    fc.assert(
      fc.property(profiles, (a) => {
        expect(mergeProfiles([a, a])).to.deep.equal(mergeProfiles([a]));
        expect(mergeProfiles([mergeProfiles([a])])).to.deep.equal(mergeProfiles([a]));
      }),
    );
  });

  it('keeps the meaning of a single profile that has one', () => {
    fc.assert(
      fc.property(profiles, callArgs, names, (profile, args, name) => {
        expect(answerTo(mergeProfiles([profile]), args, name)).to.equal(answerTo(profile, args, name));
      }),
      { numRuns: 2500 },
    );
  });

  it('is never stricter than a part, not even one that contradicts itself', () => {
    fc.assert(
      fc.property(profiles, profiles, callArgs, names, (a, b, args, name) => {
        const answer = permission(answerTo(mergeProfiles([a, b]), args, name));
        for (const part of [a, b]) {
          const most = Math.max(...meanings(part, args, name).map(permission));
          expect(answer).to.be.at.least(most);
        }
      }),
      { numRuns: 4000 },
    );
  });

  it('permits no more than the parts together where they do not contradict each other', () => {
    const allowing = profilesWith(fc.constant('SCMP_ACT_ERRNO'), fc.constant(undefined), fc.constant('SCMP_ACT_ALLOW'));
    fc.assert(
      fc.property(allowing, allowing, callArgs, names, (a, b, args, name) => {
        const most = Math.max(answerTo(a, args, name), answerTo(b, args, name));
        expect(answerTo(mergeProfiles([a, b]), args, name)).to.equal(most);
      }),
      { numRuns: 2500 },
    );
  });

  it('contradicts itself never', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        const faults = faultsOf(mergeProfiles([a, b]));
        expect(faults.filter((reason) => reason.includes('nothing says which counts'))).to.deep.equal([]);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('covers()', () => {
  it('says that a union covers its parts', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        const union = mergeProfiles([a, b]);
        expect([covers(union, a), covers(union, b)]).to.deep.equal([true, true]);
      }),
      { numRuns: 1000 },
    );
  });

  it('never says yes of a profile that permits more', () => {
    fc.assert(
      fc.property(profiles, profiles, callArgs, names, (a, b, args, name) => {
        fc.pre(covers(a, b));
        expect(permission(answerTo(a, args, name))).to.be.at.least(permission(answerTo(b, args, name)));
      }),
      { numRuns: 300 },
    );
  });
});
