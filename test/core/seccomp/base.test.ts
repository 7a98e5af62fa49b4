// SPDX-License-Identifier: Apache-2.0
// Stacking base profiles: what they add, how deep it goes, and a sentence for each way to get it wrong.
import { expect } from 'chai';
import type { SeccompProfileSpec } from '../../../src/gen/crd/seccomp-profile.ts';
import { NotYet, Rejected } from '../../../src/core/errors.ts';
import { MAX_BASE_LEVELS, stackOnBases } from '../../../src/core/seccomp/base.ts';
import { InvalidProfile } from '../../../src/core/faults.ts';

type Specs = Readonly<Record<string, SeccompProfileSpec>>;

const allow = (...names: string[]): SeccompProfileSpec => ({
  defaultAction: 'SCMP_ACT_ERRNO',
  syscalls: [{ action: 'SCMP_ACT_ALLOW', names }],
});

const stack = (name: string, specs: Specs) => stackOnBases(name, specs[name]!, (base) => specs[base]);

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('core/seccomp/base', () => {
  it('leaves a profile without a base as it was written', () => {
    const { profile, bases } = stack('a', { a: allow('write', 'read', 'write') });
    expect(profile.rules[0]?.names).to.deep.equal(['write', 'read']);
    expect(bases).to.deep.equal([]);
  });

  it('adds the system calls of all its bases, nearest first', () => {
    const { profile, bases } = stack('a', {
      a: { ...allow('exit_group'), baseProfileName: 'b' },
      b: { ...allow('read'), baseProfileName: 'c' },
      c: allow('write'),
    });
    expect(bases).to.deep.equal(['b', 'c']);
    expect(profile.rules).to.deep.equal([
      { names: ['exit_group', 'read', 'write'], action: 'SCMP_ACT_ALLOW', args: [] },
    ]);
    expect(profile.baseProfileName).to.equal(undefined);
  });

  it('adds system calls and nothing else', () => {
    const { profile } = stack('a', {
      a: { ...allow('exit'), baseProfileName: 'b', architectures: ['SCMP_ARCH_X86_64'] },
      b: {
        ...allow('read'),
        defaultAction: 'SCMP_ACT_ALLOW',
        architectures: ['SCMP_ARCH_X86'],
        flags: ['SECCOMP_FILTER_FLAG_LOG'],
        listenerPath: '/run/x.sock',
      },
    });
    expect(profile).to.deep.equal({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: ['SCMP_ARCH_X86_64'],
      rules: [{ names: ['exit', 'read'], action: 'SCMP_ACT_ALLOW', args: [] }],
    });
  });

  it(`takes ${MAX_BASE_LEVELS} levels and not one more`, () => {
    const tower = (levels: number): Specs =>
      Object.fromEntries(
        Array.from({ length: levels + 1 }, (_, i) => [
          `p${i}`,
          { ...allow('read'), ...(i < levels ? { baseProfileName: `p${i + 1}` } : {}) },
        ]),
      );
    expect(stack('p0', tower(15)).bases).to.have.length(15);
    const error = thrown(() => stack('p0', tower(16)));
    expect(error).to.be.instanceOf(Rejected);
    expect(error).to.have.property('message').that.contains('maximum recursion level of 15');
  });

  it('names the circle', () => {
    const specs = {
      a: { ...allow('read'), baseProfileName: 'b' },
      b: { ...allow('read'), baseProfileName: 'c' },
      c: { ...allow('read'), baseProfileName: 'b' },
    };
    expect(thrown(() => stack('a', specs))).to.include({
      reason: 'InvalidSeccompProfile',
      message: 'baseProfileName: the base profiles form a circle: b -> c -> b',
    });
    const self = { ...allow('read'), baseProfileName: 'a' };
    expect(thrown(() => stack('a', { a: self })))
      .to.have.property('message')
      .that.contains('a -> a');
  });

  it('waits for a base that does not exist', () => {
    const error = thrown(() => stack('a', { a: { ...allow('read'), baseProfileName: 'b' } }));
    expect(error).to.be.instanceOf(NotYet);
    expect(error).to.include({
      reason: 'BaseProfileNotFound',
      message: 'waits for the base profile b of a, which does not exist',
    });
  });

  it('takes bases from registries like those of the namespace', () => {
    const artifact = 'oci://ghcr.io/security-profiles/runc:v1.1.12';
    const spec = { ...allow('read'), baseProfileName: artifact };
    const { profile, bases } = stack('a', { a: spec, [artifact]: allow('write') });
    expect(bases).to.deep.equal([artifact]);
    expect(profile.rules.flatMap(({ names }) => names)).to.have.members(['read', 'write']);
  });

  it('says which profile of a stack is wrong', () => {
    const broken = { defaultAction: 'SCMP_ACT_ERRNO', syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [] }] } as const;
    const error = thrown(() => stack('a', { a: { ...allow('read'), baseProfileName: 'b' }, b: broken }));
    expect(error).to.be.instanceOf(InvalidProfile);
    expect(error).to.have.property('message').that.contains('base profile b: syscalls[0].names');
  });
});
