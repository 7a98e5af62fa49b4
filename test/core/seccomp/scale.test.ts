// SPDX-License-Identifier: Apache-2.0
// Profiles with as many rules as the API takes: ten times the rules may take ten times as long, not a hundred times,
// because daemon and manager do nothing else meanwhile, and their probes and leases wait for seconds only.
import { expect } from 'chai';
import { Rejected } from '../../../src/core/errors.ts';
import { covers } from '../../../src/core/seccomp/covers.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { compileFilter } from '../../../src/core/seccomp/libseccomp/filter.ts';
import { prepare } from '../../../src/core/seccomp/install.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import type { SeccompArgument, SeccompProfile, SeccompSyscall } from '../../../src/gen/crd/seccomp-profile.ts';
import type { SeccompAction } from '../../../src/gen/crd/defs/seccomp-action.ts';
import { KERNEL, seccompProfile } from '../../fakes/profiles.ts';

const NATIVE = 'SCMP_ARCH_X86_64';

type Args = (index: number) => readonly SeccompArgument[];

const unequal: Args = (index) => [
  { index: 0, op: 'SCMP_CMP_NE', value: index },
  { index: 1, op: 'SCMP_CMP_MASKED_EQ', value: 0xffff, valueTwo: index },
];
const apart: Args = (index) => [
  { index: 0, op: index % 2 === 0 ? 'SCMP_CMP_LT' : 'SCMP_CMP_GT', value: '0x5555555555555555' },
  { index: 1, op: 'SCMP_CMP_LE', value: index },
  { index: 2, op: 'SCMP_CMP_EQ', value: index },
];
const equal: Args = (index) => [{ index: 1, op: 'SCMP_CMP_EQ', value: index }];

function profileOf(name: string, count: number, actions: readonly SeccompAction[], args: Args): SeccompProfile {
  const rule = (index: number): SeccompSyscall => ({
    action: actions[index % actions.length] ?? 'SCMP_ACT_ALLOW',
    names: ['ioctl', 'fcntl'],
    args: args(index),
  });
  return seccompProfile(name, [], { spec: { syscalls: Array.from({ length: count }, (_, index) => rule(index)) } });
}

/** Milliseconds of CPU that a decision takes, be it yes or a reason. */
function cpuOf(decide: () => unknown): number {
  const before = process.cpuUsage();
  try {
    decide();
  } catch (error) {
    if (!(error instanceof Rejected || error instanceof InvalidProfile || error instanceof RangeError)) throw error;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/**
 * Whether it takes less than so many milliseconds of CPU, at the third try at the latest: what the machine does besides
 * only adds.
 */
function takesLess(most: number, decide: () => unknown): boolean {
  return [1, 2, 3].some(() => cpuOf(decide) < most);
}

function install(profile: SeccompProfile, base?: SeccompProfile): unknown {
  const spec = base === undefined ? profile.spec : { ...profile.spec, baseProfileName: base.metadata.name };
  return prepare({ ...profile, spec }, () => base, {}, KERNEL);
}

const SHAPES = [
  { what: 'NE and MASKED_EQ', args: unequal },
  { what: 'orderings that never meet', args: apart },
  { what: 'EQ', args: equal },
] as const;
const ACTIONS = [['SCMP_ACT_ALLOW'], ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG']] as const;

describe('a profile of 5,000 rules for one call', function () {
  this.timeout(120_000);
  for (const { what, args } of SHAPES) {
    for (const actions of ACTIONS) {
      const made = (count: number): SeccompProfile => profileOf('p', count, actions, args);
      const parsed = (count: number) => parseProfile(made(count).spec, 'p');
      const decisions: Record<string, (count: number) => () => unknown> = {
        'to install it': (count) => {
          const profile = made(count);
          return () => install(profile);
        },
        'to install it on a base': (count) => {
          const profile = made(count);
          return () => install(profile, seccompProfile('b'));
        },
        'to install it on a base of as many': (count) => {
          const profile = made(count);
          const base = profileOf('b', count, actions, (index) => args(count + index));
          return () => install(profile, base);
        },
        'to merge it': (count) => {
          const profile = parsed(count);
          return () => mergeProfiles([profile, profile]);
        },
        'to say what it covers': (count) => {
          const profile = parsed(count);
          return () => covers(profile, profile);
        },
        'to run something under it': (count) => {
          const profile = parsed(count);
          return () => compileFilter(profile, NATIVE);
        },
      };
      it(`takes no hundred times as long as one of 500: ${what}, ${String(actions.length)} actions`, () => {
        for (const [decision, of] of Object.entries(decisions)) {
          // Below some milliseconds it is the clock that is measured.
          const few = Math.max(cpuOf(of(500)), 10);
          expect(takesLess(40 * few, of(5000)), `${decision}: ${few.toFixed(0)} ms for 500 rules`).to.equal(true);
        }
      });
    }
  }

  it('is installed with a warning, or refused with a reason, where its rules are too many to compare', () => {
    const profile = profileOf('p', 5000, ACTIONS[1], apart);
    expect(() => install(profile)).to.throw(Rejected, /the filter needs at least \d+ instructions .* takes 4096/);
    const { warnings } = prepare(profileOf('p', 260, ACTIONS[1], apart), () => undefined, {}, KERNEL);
    expect(warnings).to.include(
      'syscalls: too many rules to compare them all: rules of different actions for ioctl perhaps can hold for the same call, and nothing says which counts',
    );
    const few = profileOf('p', 260, ACTIONS[1], apart);
    expect(prepare({ ...few, spec: { ...few.spec, baseProfileName: 'b' } }, () => seccompProfile('b'), {}, KERNEL))
      .to.have.property('warnings')
      .that.has.deep.members(warnings);
    expect(() => compileFilter(parseProfile(profile.spec, 'p'), NATIVE)).to.throw(
      InvalidProfile,
      'syscalls: rules of different actions for ioctl that compare arguments are too many for a filter on SCMP_ARCH_X86_64',
    );
  });

  it('covers itself, compared or not', () => {
    const profile = parseProfile(profileOf('p', 5000, ACTIONS[0], unequal).spec, 'p');
    expect(covers(profile, profile)).to.equal(true);
  });
});
