// SPDX-License-Identifier: Apache-2.0
// The calls that are added to every recording, and those that stand in for recorded ones.
import { expect } from 'chai';
import { unseenCalls } from '../../../src/core/recording/unseen.ts';
import { isSyscall } from '../../../src/core/seccomp/syscalls.ts';
import { KERNEL_SYSCALLS, OLDER_SYSCALLS } from '../../../src/gen/unseen-syscalls.ts';

const none: ReadonlySet<string> = new Set();

describe('unseenCalls()', () => {
  it('has what the kernel makes a process make, as far as the architectures know it', () => {
    const { kernel } = unseenCalls(none, [], ['SCMP_ARCH_X86_64']);
    expect(kernel).to.include.members(['restart_syscall', 'rt_sigreturn', 'exit_group', 'clock_gettime', 'uretprobe']);
    expect(kernel).not.to.include('sigreturn').and.not.include('clock_gettime64');
    const both = unseenCalls(none, [], ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86']).kernel;
    expect(both).to.include.members(['restart_syscall', 'sigreturn', 'clock_gettime64']);
    const arm = unseenCalls(none, [], ['SCMP_ARCH_AARCH64']).kernel;
    expect(arm).to.include('restart_syscall').and.not.include('time').and.not.include('uretprobe');
  });

  it('leaves out what is there already', () => {
    const { kernel } = unseenCalls(new Set(['exit_group']), ['rt_sigreturn'], ['SCMP_ARCH_X86_64']);
    expect(kernel).to.include('exit').and.not.include('exit_group').and.not.include('rt_sigreturn');
  });

  it('has the older forms of recorded calls, with the newer ones', () => {
    const recorded = new Set(['statx', 'waitid', 'pidfd_open', 'clone3', 'newfstatat']);
    expect(unseenCalls(recorded, [], ['SCMP_ARCH_X86_64']).older).to.deep.equal([
      { name: 'clone', newer: ['clone3'] },
      { name: 'fstat', newer: ['statx'] },
      { name: 'lstat', newer: ['statx'] },
      { name: 'stat', newer: ['statx'] },
      { name: 'wait4', newer: ['pidfd_open', 'waitid'] },
    ]);
    expect(unseenCalls(recorded, ['wait4'], ['SCMP_ARCH_AARCH64']).older).to.deep.equal([
      { name: 'clone', newer: ['clone3'] },
      { name: 'fstat', newer: ['statx'] },
    ]);
  });

  it('takes no older form for a call that was only added', () => {
    expect(unseenCalls(none, ['statx', 'close_range'], ['SCMP_ARCH_X86_64']).older).to.deep.equal([]);
  });
});

describe('the tables of unseen calls', () => {
  it('hold system calls only, in order', () => {
    const names = [...KERNEL_SYSCALLS, ...Object.keys(OLDER_SYSCALLS), ...Object.values(OLDER_SYSCALLS).flat()];
    expect(names.filter((name) => !isSyscall(name))).to.deep.equal([]);
    expect(KERNEL_SYSCALLS).to.deep.equal([...KERNEL_SYSCALLS].sort());
    expect(Object.keys(OLDER_SYSCALLS)).to.deep.equal(Object.keys(OLDER_SYSCALLS).sort());
  });
});
