// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { adapt } from '../../../src/core/adaptation/adapt.ts';
import { SIBLINGS } from '../../../src/gen/siblings.ts';
import { covers } from '../../../src/core/seccomp/covers.ts';
import type { Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { isSyscall } from '../../../src/core/seccomp/syscalls.ts';
import { profiles } from '../seccomp/arbitraries.ts';

function profileOf(...rules: readonly Rule[]): Profile {
  return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules };
}

const allow = (...names: readonly string[]): Rule => ({ names, action: 'SCMP_ACT_ALLOW', args: [] });
const BOTH = { siblings: true, enosys: true };

describe('adapt()', () => {
  it('permits siblings of permitted calls, and says of which', () => {
    const { profile, added } = adapt(profileOf(allow('pipe', 'read')), { siblings: true, enosys: false });
    expect(profile.rules).to.deep.equal([allow('pipe', 'read'), allow('pipe2')]);
    expect(added).to.deep.equal([{ reason: 'siblings of permitted syscalls', name: 'pipe2', newer: ['pipe'] }]);
  });

  it('leaves alone what a rule names, and calls whose arguments are compared', () => {
    const compared: Rule = { ...allow('dup2'), args: [{ index: 0, op: 'SCMP_CMP_EQ', value: 1n, valueTwo: 0n }] };
    const named: Rule = { names: ['pipe2'], action: 'SCMP_ACT_ERRNO', errno: 2, args: [] };
    expect(adapt(profileOf(allow('pipe'), compared, named), BOTH).added).to.deep.equal([]);
  });

  it('says ENOSYS to newer calls whose older forms are permitted', () => {
    const { profile, refused } = adapt(profileOf(allow('clone')), { siblings: false, enosys: true });
    expect(refused).to.deep.equal(['clone3']);
    expect(profile.rules[1]).to.deep.equal({ names: ['clone3'], action: 'SCMP_ACT_ERRNO', errno: 38, args: [] });
    expect(adapt(profileOf(allow('clone', 'clone3')), BOTH).refused).to.deep.equal([]);
  });

  it('permits at least what the profile permitted, and nothing more without siblings', () => {
    fc.assert(
      fc.property(profiles, (profile) => {
        expect(covers(adapt(profile, BOTH).profile, profile)).to.equal(true);
        expect(adapt(profile, { siblings: false, enosys: false })).to.deep.equal({ profile, added: [], refused: [] });
      }),
      { numRuns: 60 },
    );
  });

  it('leaves a profile alone that permits what it does not name', () => {
    const profile: Profile = { ...profileOf(allow('pipe')), defaultAction: 'SCMP_ACT_LOG' };
    expect(adapt(profile, BOTH)).to.deep.equal({ profile, added: [], refused: [] });
  });

  it('has siblings that there are, each in one row', () => {
    const names = SIBLINGS.flat();
    expect(names.filter((name) => !isSyscall(name))).to.deep.equal([]);
    expect(new Set(names).size).to.equal(names.length);
  });
});
