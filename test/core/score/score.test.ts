// SPDX-License-Identifier: Apache-2.0
// The score of profiles: permitting less never lowers it, and what undoes a refusal counts as if there were none.
import { expect } from 'chai';
import fc from 'fast-check';
import { BYPASSES, DANGERS, VULNERABILITIES } from '../../../src/gen/dangers.ts';
import { CAPABILITIES } from '../../../src/core/capabilities.ts';
import { scoreOf } from '../../../src/core/score/score.ts';
import { intersectProfiles } from '../../../src/core/seccomp/intersect.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { isSyscall } from '../../../src/core/seccomp/syscalls.ts';
import { profilesWith, rulesOf } from '../seccomp/arbitraries.ts';

const NAMES = ['bpf', 'clone', 'clone3', 'io_uring_setup', 'ioctl', 'keyctl', 'mount', 'read', 'socket', 'socketcall'];
const actions = fc.constantFrom<Action>('SCMP_ACT_ERRNO', 'SCMP_ACT_ALLOW', 'SCMP_ACT_LOG');

const profiles: fc.Arbitrary<Profile> = fc
  .tuple(profilesWith(actions, fc.constant(undefined)), fc.array(rulesOf(actions, NAMES), { maxLength: 5 }))
  .map(([profile, rules]) => ({ ...profile, rules }));

function permitting(names: readonly string[], ...args: readonly ArgCondition[]): Rule {
  return { names, action: 'SCMP_ACT_ALLOW', args };
}

function profileOf(...rules: readonly Rule[]): Profile {
  return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules };
}

function why(profile: Profile): readonly string[] {
  return scoreOf(profile).reasons.map((reason) => reason.why);
}

describe('scoreOf()', () => {
  it('is 100 where nothing is permitted, and 0 where everything is', () => {
    const closed = scoreOf(profileOf());
    expect([closed.score, closed.reasons, closed.open]).to.deep.equal([100, [], []]);
    const open = scoreOf({ defaultAction: 'SCMP_ACT_ALLOW', architectures: [], rules: [] });
    expect([open.score, open.closed]).to.deep.equal([0, []]);
  });

  it('never falls when less is permitted', () => {
    fc.assert(
      fc.property(profiles, profiles, (a, b) => {
        const both = scoreOf(intersectProfiles([a, b]).profile);
        for (const part of [a, b]) {
          const whole = scoreOf(part);
          expect(both.score).to.be.at.least(whole.score);
          expect(whole.open).to.include.members([...both.open]);
        }
      }),
      { numRuns: 60 },
    );
  });

  it('says why points are missing, the worst first', () => {
    const { score, reasons } = scoreOf(profileOf(permitting(['read', 'keyctl', 'bpf'])));
    expect(score).to.equal(91);
    expect(reasons.map(({ points, call }) => [points, call])).to.deep.equal([
      [6, 'bpf'],
      [3, 'keyctl'],
      [0.1, undefined],
    ]);
    expect(reasons[0]).to.include({ why: 'bpf: loads programs into the kernel', capability: 'CAP_BPF' });
  });

  it('counts arguments only where they are dangerous', () => {
    const one = (value: bigint): ArgCondition => ({ index: 0, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });
    expect(why(profileOf(permitting(['socket'], one(2n)))).some((text) => text.startsWith('socket'))).to.equal(false);
    expect(why(profileOf(permitting(['socket'], one(38n))))[0]).to.equal(
      "socket with arg0 = 38: AF_ALG: drives the kernel's cryptography",
    );
  });

  it('takes a refusal for none where another call undoes it', () => {
    const local = permitting(['socket'], { index: 0, op: 'SCMP_CMP_EQ', value: 1n, valueTwo: 0n });
    expect(scoreOf(profileOf(local)).open.map(({ cve }) => cve)).not.to.include('CVE-2021-26708');
    const undone = scoreOf({ ...profileOf(local, permitting(['socketcall'])), architectures: ['SCMP_ARCH_X86'] });
    expect(undone.open.map(({ cve }) => cve)).to.include('CVE-2021-26708');
    expect(undone.reasons.map((reason) => reason.why).join('\n')).to.include(
      'its refusal is undone by socketcall: its arguments lie in memory: a filter sees only which call is meant',
    );
    expect(scoreOf(profileOf(local, permitting(['socketcall']))).open.length).to.equal(
      scoreOf(profileOf(local)).open.length,
    );
  });

  it('has the way of a vulnerability open where one of the calls that do is', () => {
    const open = (names: readonly string[]): boolean =>
      scoreOf(profileOf(permitting(names))).open.some(({ cve }) => cve === 'CVE-2022-0847');
    expect([open(['read']), open(['sendfile']), open(['splice'])]).to.deep.equal([false, true, true]);
  });
});

describe('the tables of dangers', () => {
  it('name calls and capabilities that there are', () => {
    const calls = [
      ...DANGERS.map(({ use }) => use.call),
      ...BYPASSES.flatMap(({ calls, undoes }) => [...calls, ...undoes]),
      ...VULNERABILITIES.flatMap(({ needs }) => needs.flat().map(({ call }) => call)),
    ];
    expect(calls.filter((call) => !isSyscall(call))).to.deep.equal([]);
    const needed = DANGERS.flatMap(({ capability }) => capability ?? []);
    expect(needed.filter((capability) => !CAPABILITIES.includes(capability))).to.deep.equal([]);
    expect(DANGERS.filter(({ points }) => !(points >= 1 && points <= 6))).to.deep.equal([]);
    expect(VULNERABILITIES.filter(({ cve }) => !/^CVE-\d{4}-\d{4,}$/.test(cve))).to.deep.equal([]);
  });
});
