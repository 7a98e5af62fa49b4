// SPDX-License-Identifier: Apache-2.0
// The tables of system calls, beside the kernel headers of this machine where it has them.
import { existsSync, readFileSync } from 'node:fs';
import { expect } from 'chai';
import { BASE_SYSCALLS } from '../../../src/gen/base-syscalls.ts';
import { nativeArchitecture } from '../../../src/core/seccomp/libseccomp/filter.ts';
import { isForeignSyscall } from '../../../src/core/seccomp/foreign.ts';
import { carrierOf, waysOf } from '../../../src/core/seccomp/libseccomp/multiplexed.ts';
import {
  architectureOfTable,
  factsOf,
  isKnown,
  isSyscall,
  knownArchitectures,
  runnableOn,
  syscallName,
  syscallNumber,
  syscallNumbers,
} from '../../../src/core/seccomp/syscalls.ts';

const HEADERS = {
  SCMP_ARCH_X86_64: '/usr/include/x86_64-linux-gnu/asm/unistd_64.h',
  SCMP_ARCH_X86: '/usr/include/x86_64-linux-gnu/asm/unistd_32.h',
  SCMP_ARCH_X32: '/usr/include/x86_64-linux-gnu/asm/unistd_x32.h',
} as const;

function headerCalls(file: string): readonly (readonly [string, number])[] {
  const lines = readFileSync(file, 'utf8').matchAll(/^#define __NR_(\w+)\s+\(?(?:__X32_SYSCALL_BIT \+ )?(\d+)/gm);
  return [...lines].map(([, name = '', number]) => [name, Number(number)]);
}

describe('core/seccomp/syscalls', () => {
  it('names are numbers and numbers names, in each architecture', () => {
    for (const architecture of knownArchitectures()) {
      for (const number of syscallNumbers(architecture)) {
        const name = syscallName(architecture, number);
        expect(name && syscallNumber(architecture, name)).to.equal(number);
      }
      expect(syscallNumbers(architecture).length).to.be.greaterThan(300);
    }
  });

  it('architectures number the same call differently', () => {
    const numbers = knownArchitectures().map((architecture) => syscallNumber(architecture, 'openat'));
    expect(numbers).to.deep.equal([257, 295, 257, 56, 322]);
    expect(syscallName('SCMP_ARCH_X86_64', 0)).to.equal('read');
    expect(syscallName('SCMP_ARCH_X86', 0)).to.equal('restart_syscall');
    expect(syscallName('SCMP_ARCH_ARM', 0)).to.equal('restart_syscall');
    expect(syscallName('SCMP_ARCH_AARCH64', 0)).to.equal('io_setup');
    expect(syscallNumber('SCMP_ARCH_AARCH64', 'open')).to.equal(undefined);
    expect(syscallNumber('SCMP_ARCH_ARM', 'set_tls')).to.equal(0x0f_0005);
    expect(syscallNumber('SCMP_ARCH_X32', 'execve')).to.equal(520);
  });

  it('no number beyond a table has a name', () => {
    for (const architecture of knownArchitectures()) {
      for (const number of [500, 511, 1023, 0x4000_0000, -1])
        if (architecture !== 'SCMP_ARCH_X32') expect(syscallName(architecture, number)).to.equal(undefined);
    }
  });

  for (const [architecture, file] of Object.entries(HEADERS)) {
    it(`${architecture} agrees with the headers of the kernel`, function () {
      if (!existsSync(file)) {
        console.warn(`not compared: ${file} is not here`);
        this.skip();
      }
      const calls = headerCalls(file);
      expect(calls.length).to.be.greaterThan(300);
      const known = knownArchitectures().find((each) => each === architecture);
      const wrong = calls.filter(([name, number]) => known !== undefined && syscallNumber(known, name) !== number);
      expect(wrong).to.deep.equal([]);
    });
  }

  it('knows its architectures by all their names', () => {
    expect(isKnown('SCMP_ARCH_X32')).to.equal(true);
    expect(isKnown('SCMP_ARCH_S390X')).to.equal(false);
    expect(architectureOfTable('i386')).to.equal('SCMP_ARCH_X86');
    expect(architectureOfTable('vax')).to.equal(undefined);
    expect(runnableOn('SCMP_ARCH_AARCH64')).to.deep.equal(['SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM']);
    expect(runnableOn('SCMP_ARCH_X86_64')).to.deep.equal(['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32']);
    expect(factsOf('SCMP_ARCH_X86').token).to.equal(0x4000_0003);
    expect(['x64', 'amd64', 'arm64', 'arm', 'ppc64'].map(nativeArchitecture)).to.deep.equal([
      'SCMP_ARCH_X86_64',
      'SCMP_ARCH_X86_64',
      'SCMP_ARCH_AARCH64',
      undefined,
      undefined,
    ]);
  });

  it('tells calls of other architectures from typing errors', () => {
    expect([isSyscall('openat2'), isSyscall('opne'), isSyscall('rtas')]).to.deep.equal([true, false, false]);
    expect([isForeignSyscall('rtas'), isForeignSyscall('opne')]).to.deep.equal([true, false]);
  });

  it('the base system calls are system calls', () => {
    expect(BASE_SYSCALLS.filter((name) => !isSyscall(name))).to.deep.equal([]);
    expect(BASE_SYSCALLS).to.deep.equal([...BASE_SYSCALLS].sort());
  });
});

describe('core/seccomp/multiplexed', () => {
  const code = (value: bigint) => ({ index: 0, op: 'SCMP_CMP_EQ', value, valueTwo: 0n });

  it('i386 makes calls of sockets and of System V in two ways, or in one', () => {
    expect(waysOf('SCMP_ARCH_X86', 'socket')).to.deep.equal([{ number: 359 }, { number: 102, first: code(1n) }]);
    expect(waysOf('SCMP_ARCH_X86', 'recv')).to.deep.equal([{ number: 102, first: code(10n) }]);
    expect(waysOf('SCMP_ARCH_X86', 'shmctl')).to.deep.equal([{ number: 396 }, { number: 117, first: code(24n) }]);
    expect(waysOf('SCMP_ARCH_X86', 'read')).to.deep.equal([{ number: 3 }]);
    expect(carrierOf('read')).to.equal(undefined);
  });

  it('no other architecture does', () => {
    expect(waysOf('SCMP_ARCH_X86_64', 'socket')).to.deep.equal([{ number: 41 }]);
    expect(waysOf('SCMP_ARCH_X86_64', 'recv')).to.deep.equal([]);
    expect(waysOf('SCMP_ARCH_X86_64', 'no_such_call')).to.deep.equal([]);
  });
});
