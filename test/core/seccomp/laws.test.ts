// SPDX-License-Identifier: Apache-2.0
// What must hold for every profile: printing and reading invert each other, merging is a union, and it is never stricter.
import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson } from '../../../src/core/json.ts';
import { evaluate } from '../../../src/core/seccomp/evaluate.ts';
import { compileFilter } from '../../../src/core/seccomp/filter.ts';
import { InvalidProfile } from '../../../src/core/seccomp/faults.ts';
import { covers } from '../../../src/core/seccomp/covers.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import type { Profile } from '../../../src/core/seccomp/model.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderOciText, renderSpec } from '../../../src/core/seccomp/render.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import { validateSeccompProfile } from '../../../src/gen/validate/seccomp-profile.ts';
import { callArgs, NAMES, profiles } from './arbitraries.ts';

const NATIVE = 'SCMP_ARCH_X86_64';

/** How much a SECCOMP_RET value permits: the kernel's numbers rise with it, but for KILL_PROCESS, the highest of them. */
function permission(value: number): number {
  return value >= 0x8000_0000 ? -1 : value;
}

/** With the newest call named, so that the answer to calls which are newer than the profile does not mix in. */
function upToDate(profile: Profile): Profile {
  const rule = { names: ['rseq_slice_yield'], action: 'SCMP_ACT_ALLOW', args: [] } as const;
  return { ...profile, rules: [...profile.rules, rule] };
}

function answerTo(profile: Profile, args: readonly bigint[], name: (typeof NAMES)[number]): number {
  const number = syscallNumber(NATIVE, name);
  if (number === undefined) throw new Error(`no number for ${name}`);
  return permission(evaluate(compileFilter(upToDate(profile), NATIVE), { architecture: NATIVE, number, args }));
}

/** Whether the profile does not contradict itself: what libseccomp makes of one that does is chance. */
function isDefinite(profile: Profile): boolean {
  try {
    compileFilter(profile, NATIVE);
    return true;
  } catch (error) {
    if (error instanceof InvalidProfile) return false;
    throw error;
  }
}

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
});

describe('mergeProfiles()', () => {
  it('is commutative', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        expect(mergeProfiles([a, b])).to.deep.equal(mergeProfiles([b, a]));
      }),
    );
  });

  it('is associative', () => {
    fc.assert(
      fc.property(profiles, profiles, profiles, (a, b, c) => {
        const left = mergeProfiles([mergeProfiles([a, b]), c]);
        const right = mergeProfiles([a, mergeProfiles([b, c])]);
        expect(left).to.deep.equal(right);
        expect(mergeProfiles([a, b, c])).to.deep.equal(left);
      }),
      { numRuns: 2000 },
    );
  });

  it('is idempotent: a profile merged with itself is its canonical form', () => {
    fc.assert(
      fc.property(profiles, (a) => {
        expect(mergeProfiles([a, a])).to.deep.equal(mergeProfiles([a]));
        expect(mergeProfiles([mergeProfiles([a])])).to.deep.equal(mergeProfiles([a]));
      }),
    );
  });

  it('is never stricter than a part', () => {
    fc.assert(
      fc.property(profiles, profiles, callArgs, fc.constantFrom(...NAMES), (a, b, args, name) => {
        fc.pre(isDefinite(a) && isDefinite(b));
        const union = answerTo(mergeProfiles([a, b]), args, name);
        for (const part of [a, b]) expect(union).to.be.at.least(answerTo(part, args, name));
      }),
      { numRuns: 5000 },
    );
  });

  it('covers each of its parts', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        const union = mergeProfiles([a, b]);
        expect([covers(union, a), covers(union, b)]).to.deep.equal([true, true]);
      }),
    );
  });
});
