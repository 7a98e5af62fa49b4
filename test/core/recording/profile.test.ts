// SPDX-License-Identifier: Apache-2.0
// From a recording to the object that the manual shows.
import { expect } from 'chai';
import fc from 'fast-check';
import { EMPTY_LEDGER } from '../../../src/core/recording/ledger.ts';
import type { Ledger } from '../../../src/core/recording/ledger.ts';
import { addedCalls, objectName, profileObject, profileOf } from '../../../src/core/recording/profile.ts';
import { unseenCalls } from '../../../src/core/recording/unseen.ts';
import type { KnownArchitecture } from '../../../src/core/seccomp/syscalls.ts';
import { validateSeccompProfile } from '../../gen/validators.ts';

const ledgerOf = (calls: readonly (readonly [KnownArchitecture, readonly number[]])[]): Ledger => ({
  ...EMPTY_LEDGER,
  calls: new Map(calls.map(([architecture, numbers]) => [architecture, new Set(numbers)])),
});

/** Added to every recording of a program of 64 bits. */
const KERNEL = unseenCalls(new Set(), [], ['SCMP_ARCH_X86_64']).kernel;

describe('profileOf()', () => {
  it('allows what was seen, the base and unseen calls besides, and tells what it added', () => {
    const seen = ledgerOf([['SCMP_ARCH_X86_64', [1, 231, 0, 435]]]);
    const recorded = profileOf(seen, 'SCMP_ARCH_X86_64', ['write', 'close']);
    const kernel = KERNEL.filter((name) => name !== 'exit_group');
    const names = [...kernel, 'clone', 'clone3', 'close', 'exit_group', 'read', 'write'].sort();
    expect(recorded).to.deep.equal({
      profile: {
        defaultAction: 'SCMP_ACT_ERRNO',
        architectures: ['SCMP_ARCH_X86_64'],
        rules: [{ names, action: 'SCMP_ACT_ALLOW', args: [] }],
      },
      added: ['close'],
      unseen: { kernel, older: [{ name: 'clone', newer: ['clone3'] }] },
      warnings: [],
    });
    expect(addedCalls(recorded)).to.deep.equal([
      'base syscalls: close',
      `syscalls that the kernel makes a process make: ${kernel.join(', ')}`,
      'older forms of recorded syscalls: clone (clone3)',
    ]);
  });

  it('adds nothing twice', () => {
    const { profile } = profileOf(ledgerOf([['SCMP_ARCH_X86_64', [61, 219]]]), 'SCMP_ARCH_X86_64', ['restart_syscall']);
    const names = profile.rules[0]?.names ?? [];
    expect(names).to.deep.equal([...new Set(names)]);
  });

  it('numbers of each architecture are its own', () => {
    const seen = ledgerOf([
      ['SCMP_ARCH_X86', [0, 119]],
      ['SCMP_ARCH_X32', [520]],
      ['SCMP_ARCH_X86_64', [0]],
    ]);
    const { profile } = profileOf(seen, 'SCMP_ARCH_X86_64', []);
    expect(profile.architectures).to.deep.equal(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    expect(profile.rules[0]?.names).to.include.members(['execve', 'read', 'restart_syscall', 'sigreturn']);
    const arm = profileOf(ledgerOf([['SCMP_ARCH_AARCH64', [0, 63]]]), 'SCMP_ARCH_AARCH64', []);
    expect(arm.profile.rules[0]?.names).to.include.members(['io_setup', 'read']).and.not.include('execve');
  });

  it('names the own architecture even when nothing was seen, and what the kernel makes a process make', () => {
    const { profile } = profileOf(EMPTY_LEDGER, 'SCMP_ARCH_AARCH64', []);
    expect(profile.architectures).to.deep.equal(['SCMP_ARCH_AARCH64']);
    const names = unseenCalls(new Set(), [], ['SCMP_ARCH_AARCH64']).kernel;
    expect(profile.rules).to.deep.equal([{ names, action: 'SCMP_ACT_ALLOW', args: [] }]);
  });

  it('invents no name for a number that has none, and says so', () => {
    const seen = { ...ledgerOf([['SCMP_ARCH_X86_64', [0, 500]]]), strangeCalls: 2n, lostProcesses: 1n };
    const { profile, warnings } = profileOf(seen, 'SCMP_ARCH_X86_64', []);
    expect(profile.rules[0]?.names).to.deep.equal([...KERNEL, 'read'].sort());
    expect(warnings).to.deep.equal([
      '1 processes could not be followed: their system calls and those of their children are missing',
      '2 calls had a number that no system call has; they are not in the profile',
      'system calls without a known name are not in the profile: 500 (SCMP_ARCH_X86_64)',
    ]);
  });
});

describe('profileObject()', () => {
  const seen = ledgerOf([['SCMP_ARCH_X86_64', [0]]]);

  const ADDED = {
    'spo.x-k8s.io/added-syscalls': `syscalls that the kernel makes a process make: ${KERNEL.join(', ')}`,
  };

  it('is the object of the manual, annotated with what was added', () => {
    const object = profileObject('echo', profileOf(seen, 'SCMP_ARCH_X86_64', []));
    expect(object).to.deep.equal({
      apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
      kind: 'SeccompProfile',
      metadata: { annotations: ADDED, name: 'echo' },
      spec: {
        architectures: ['SCMP_ARCH_X86_64'],
        defaultAction: 'SCMP_ACT_ERRNO',
        syscalls: [{ action: 'SCMP_ACT_ALLOW', names: [...KERNEL, 'read'].sort() }],
      },
      status: {},
    });
    expect(validateSeccompProfile(object)).to.deep.equal([]);
  });

  it('carries what the recording lacks', () => {
    const recorded = profileOf({ ...seen, earlier: 2, running: 1 }, 'SCMP_ARCH_X86_64', []);
    expect(profileObject('echo', recorded).metadata.annotations).to.deep.equal({
      ...ADDED,
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
