// SPDX-License-Identifier: Apache-2.0
// From a recording to the object that the manual shows.
import { expect } from 'chai';
import fc from 'fast-check';
import { EMPTY_LEDGER, type Ledger } from '../../../src/core/recording/ledger.ts';
import { objectName, profileObject, profileOf } from '../../../src/core/recording/profile.ts';
import type { KnownArchitecture } from '../../../src/core/seccomp/syscalls.ts';
import { validateSeccompProfile } from '../../../src/gen/validate/seccomp-profile.ts';

const ledgerOf = (calls: readonly (readonly [KnownArchitecture, readonly number[]])[]): Ledger => ({
  ...EMPTY_LEDGER,
  calls: new Map(calls.map(([architecture, numbers]) => [architecture, new Set(numbers)])),
});

describe('profileOf()', () => {
  it('allows what was seen, the base besides, and tells what it added', () => {
    const recorded = profileOf(ledgerOf([['SCMP_ARCH_X86_64', [1, 231, 0]]]), 'SCMP_ARCH_X86_64', ['write', 'close']);
    expect(recorded).to.deep.equal({
      profile: {
        defaultAction: 'SCMP_ACT_ERRNO',
        architectures: ['SCMP_ARCH_X86_64'],
        flags: [],
        rules: [{ names: ['close', 'exit_group', 'read', 'write'], action: 'SCMP_ACT_ALLOW', args: [] }],
      },
      added: ['close'],
      warnings: [],
    });
  });

  it('numbers of each architecture are its own', () => {
    const seen = ledgerOf([
      ['SCMP_ARCH_X86', [0, 119]],
      ['SCMP_ARCH_X32', [520]],
      ['SCMP_ARCH_X86_64', [0]],
    ]);
    const { profile } = profileOf(seen, 'SCMP_ARCH_X86_64', []);
    expect(profile.architectures).to.deep.equal(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    expect(profile.rules[0]?.names).to.deep.equal(['execve', 'read', 'restart_syscall', 'sigreturn']);
    const arm = profileOf(ledgerOf([['SCMP_ARCH_AARCH64', [0, 63]]]), 'SCMP_ARCH_AARCH64', []);
    expect(arm.profile.rules[0]?.names).to.deep.equal(['io_setup', 'read']);
  });

  it('names the own architecture even when nothing was seen, and no rule', () => {
    const { profile } = profileOf(EMPTY_LEDGER, 'SCMP_ARCH_AARCH64', []);
    expect(profile.architectures).to.deep.equal(['SCMP_ARCH_AARCH64']);
    expect(profile.rules).to.deep.equal([]);
  });

  it('invents no name for a number that has none, and says so', () => {
    const seen = { ...ledgerOf([['SCMP_ARCH_X86_64', [0, 500]]]), strangeCalls: 2n, lostProcesses: 1n };
    const { profile, warnings } = profileOf(seen, 'SCMP_ARCH_X86_64', []);
    expect(profile.rules[0]?.names).to.deep.equal(['read']);
    expect(warnings).to.deep.equal([
      '1 processes could not be followed: their system calls and those of their children are missing',
      '2 calls had a number that no system call has; they are not in the profile',
      'system calls without a known name are not in the profile: 500 (SCMP_ARCH_X86_64)',
    ]);
  });
});

describe('profileObject()', () => {
  const seen = ledgerOf([['SCMP_ARCH_X86_64', [0]]]);

  it('is the object of the manual', () => {
    const object = profileObject('echo', profileOf(seen, 'SCMP_ARCH_X86_64', []));
    expect(object).to.deep.equal({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
      kind: 'SeccompProfile',
      metadata: { name: 'echo' },
      spec: {
        architectures: ['SCMP_ARCH_X86_64'],
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: ['read'] }],
      },
      status: {},
    });
    expect(validateSeccompProfile(object)).to.deep.equal([]);
  });

  it('carries what the recording lacks', () => {
    const recorded = profileOf({ ...seen, earlier: 2, running: 1 }, 'SCMP_ARCH_X86_64', []);
    expect(profileObject('echo', recorded).metadata.annotations).to.deep.equal({
      'spo.x-k8s.io/recording-incomplete':
        '2 processes ran before the recording began: what they did before is missing; ' +
        '1 processes ran on when the recording ended: what they did then is missing',
    });
  });
});

describe('objectName()', () => {
  it('makes a name that Kubernetes takes', () => {
    const names = ['echo', 'Xorg', 'gcc_12', '[', '..', '-a-.-b-', 'python3.11', 'a b', 'größe', `x${'y'.repeat(300)}`];
    expect(names.map(objectName)).to.deep.equal([
      'echo',
      'xorg',
      'gcc-12',
      'profile',
      'profile',
      'a.b',
      'python3.11',
      'a-b',
      'gr-e',
      `x${'y'.repeat(252)}`,
    ]);
  });

  it('ends a name that was cut where Kubernetes lets it end', () => {
    expect(objectName(`${'y'.repeat(252)}-z`)).to.equal('y'.repeat(252));
  });

  it('always does', () => {
    const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (program) => {
        expect(objectName(program))
          .to.match(new RegExp(`^${label}(\\.${label})*$`))
          .and.to.have.length.below(254);
      }),
    );
  });
});
