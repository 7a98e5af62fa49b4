// SPDX-License-Identifier: Apache-2.0
// Names of log-only twins, and under which profile new pods run.
import { expect } from 'chai';
import fc from 'fast-check';
import { profileForNew, profilesOf, twinName } from '../../../src/core/binding/twin.ts';
import type { ProfileIdentities } from '../../../src/core/binding/twin.ts';
import { requireObjectName } from '../../../src/core/object-names.ts';
import { profileFile } from '../../../src/core/seccomp/files.ts';
import { profileOfUsage, usageOf } from '../../../src/core/selinux/names.ts';
import type { ProfileBinding, ProfileTrial } from '../../../src/gen/crd/profile-binding.ts';
import { binding } from './objects.ts';

const tried = (mode: 'Audit' | 'Enforce' | 'Propose', trial?: Partial<ProfileTrial>): ProfileBinding => ({
  ...binding({ spec: { enforcement: { mode } } }),
  ...(trial === undefined ? {} : { status: { trial: { profileUID: 'u', profileGeneration: 1, since: '', ...trial } } }),
});

describe('core/binding/twin', () => {
  const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,20}[a-z0-9])?$/);
  const names = fc.array(label, { minLength: 1, maxLength: 12 }).map((parts) => parts.join('.').slice(0, 253));

  it('has names that Kubernetes, files, SELinux and no other binding take', () => {
    fc.assert(
      fc.property(names, label, (profile, namespace) => {
        fc.pre(/[a-z0-9]$/.test(profile));
        const own = binding({ profile });
        const name = twinName(own);
        requireObjectName('shop', name);
        expect(profileFile('shop', name).file).to.equal(`${name}.json`);
        expect(profileOfUsage(usageOf('n'.repeat(63), name))?.name).to.equal(name);
        expect(name).to.not.match(/\.json$/);
        const others = [
          binding({ profile, name: 'other' }),
          binding({ profile: `${profile}x` }),
          binding({ profile, kind: 'AppArmorProfile' }),
          { ...own, metadata: { ...own.metadata, uid: 'anew' } },
          { ...own, metadata: { ...own.metadata, namespace: `${namespace}-2` } },
        ];
        expect(others.map(twinName)).to.not.include(name);
      }),
    );
  });

  const author = { uid: 'u', generation: 1 };
  const choose = (
    of: ProfileBinding,
    extra: Partial<{ owner: string; generation: number }> = {},
  ): string | undefined => {
    const identities: ProfileIdentities = (_kind, _namespace, name) => {
      if (name === 'strict') return { ...author, generation: extra.generation ?? 1 };
      return extra.owner === undefined ? undefined : { uid: 't', generation: 1, owner: extra.owner };
    };
    return profileForNew(of, 'shop', identities);
  };

  it('is what new pods get until the profile is promoted as it is now', () => {
    const twin = twinName(tried('Audit'));
    expect(choose(binding())).to.equal('strict');
    expect(choose(tried('Propose', { phase: 'Auditing' }))).to.equal('strict');
    expect(choose(tried('Audit')), 'before anybody has told').to.equal(twin);
    expect(choose(tried('Enforce'), { owner: 'uid-web' })).to.equal(twin);
    expect(choose(tried('Enforce', { phase: 'Enforcing' }))).to.equal('strict');
    expect(choose(tried('Audit', { phase: 'Enforcing' }))).to.equal(twin);
    expect(choose(tried('Enforce', { phase: 'Enforcing' }), { generation: 2 }), 'changed since').to.equal(twin);
    expect(profilesOf(tried('Enforce'))).to.deep.equal(['strict', twin]);
    expect(profilesOf(binding())).to.deep.equal(['strict']);
  });

  it("is nobody else's: new pods get nothing rather than another one's, or none that can be", () => {
    expect(choose(tried('Audit'), { owner: 'stranger' })).to.equal(undefined);
    expect(choose(tried('Enforce', { phase: 'Impossible' }))).to.equal(undefined);
  });
});
