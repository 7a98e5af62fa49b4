// SPDX-License-Identifier: Apache-2.0
// Profiles against filters as a kernel has them: by number, on all architectures, several filters together.
import { expect } from 'chai';
import { answersOfFilters, answersOfProfile } from '../../../src/core/difference/call-numbers.ts';
import { diffAnswers } from '../../../src/core/difference/in-force.ts';
import { differenceText } from '../../../src/core/difference/text.ts';
import type { Instruction, KernelFilter } from '../../../src/core/seccomp/kernel-filter/program.ts';
import { strictestInKernel, verdictOf, verdictOfReturn } from '../../../src/core/seccomp/meaning/verdict.ts';
import type { Profile, Rule } from '../../../src/core/seccomp/model.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const [ALLOW, EPERM, ENOSYS] = [0x7fff_0000, 0x0005_0001, 0x0005_0026];

function instruction(code: number, constant: number, jumpTrue = 0, jumpFalse = 0): Instruction {
  return { code, constant, jumpTrue, jumpFalse };
}

/** A filter of x86-64 that answers some calls with a value, others with another; newer ones with a third. */
function filterOf(
  calls: readonly number[],
  value: number,
  otherwise: number,
  newest: number,
  newer: number,
): KernelFilter {
  const tests = calls.flatMap((number) => [instruction(0x15, number, 0, 1), instruction(0x06, value)]);
  const program = [
    ...[instruction(0x20, 4), instruction(0x15, 0xc000_003e, 1, 0), instruction(0x06, 0), instruction(0x20, 0)],
    ...[instruction(0x35, 0x4000_0000, 0, 1), instruction(0x06, 0)],
    ...[instruction(0x25, newest, 0, 1), instruction(0x06, newer)],
    ...[...tests, instruction(0x06, otherwise)],
  ];
  return { logs: false, program };
}

function profileOf(...rules: readonly Rule[]): Profile {
  return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules };
}

const allow = (...names: readonly string[]): Rule => ({ names, action: 'SCMP_ACT_ALLOW', args: [] });

function textOf(profile: Profile, ...filters: readonly KernelFilter[]): string {
  return differenceText(diffAnswers(answersOfProfile(profile, NATIVE, 'it'), answersOfFilters(filters), NATIVE));
}

describe('diffAnswers()', () => {
  it('finds nothing between a profile and its filter, whether newer calls get ENOSYS or the default', () => {
    expect(textOf(profileOf(allow('read', 'write')), filterOf([0, 1], ALLOW, EPERM, 1, ENOSYS))).to.equal('');
    expect(textOf(profileOf(allow('read', 'write')), filterOf([0, 1], ALLOW, EPERM, 1, EPERM))).to.equal('');
  });

  it('tells what the filter lets in and shuts out, calls without a name too', () => {
    expect(textOf(profileOf(allow('read', 'write')), filterOf([0, 3, 1000], ALLOW, EPERM, 1000, EPERM))).to.equal(
      'Lets in:\n  #1000, close: SCMP_ACT_ERRNO (38) -> SCMP_ACT_ALLOW\nShuts out:\n  write: SCMP_ACT_ALLOW -> SCMP_ACT_ERRNO\n',
    );
  });

  it('takes the strictest of several filters, as the kernel does', () => {
    const both = [filterOf([0, 1], ALLOW, EPERM, 1, EPERM), filterOf([0], ALLOW, EPERM, 1, EPERM)];
    expect(textOf(profileOf(allow('read')), ...both)).to.equal('');
    expect(strictestInKernel(verdictOf('SCMP_ACT_ERRNO', 5), verdictOf('SCMP_ACT_KILL_PROCESS')).action).to.equal(
      'SCMP_ACT_KILL_PROCESS',
    );
    expect(strictestInKernel(verdictOf('SCMP_ACT_KILL_PROCESS'), verdictOf('SCMP_ACT_KILL_THREAD')).action).to.equal(
      'SCMP_ACT_KILL_PROCESS',
    );
    expect(strictestInKernel(verdictOf('SCMP_ACT_ERRNO', 5), verdictOf('SCMP_ACT_ERRNO', 6)).errno).to.equal(5);
  });

  it('tells that a process without filters may do everything', () => {
    const text = textOf(profileOf(allow('read')));
    expect(text).to.match(/^Lets in:\n {2}bpf: SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW\n/);
    expect(text).not.to.match(/Shuts out/);
  });

  it('tells of a filter that logs', () => {
    const logging = { ...filterOf([0], ALLOW, EPERM, 1, EPERM), logs: true };
    expect(textOf(profileOf(allow('read')), logging)).to.equal(
      'Answers otherwise:\n  flags: SECCOMP_FILTER_FLAG_LOG\n',
    );
    const flags: Profile = { ...profileOf(allow('read')), flags: ['SECCOMP_FILTER_FLAG_LOG'] };
    expect(textOf(flags, logging)).to.equal('');
  });

  it('says what it cannot follow', () => {
    const odd: KernelFilter = { logs: false, program: [instruction(0x20, 8), instruction(0x06, ALLOW)] };
    expect(textOf(profileOf(allow('read')), odd)).to.equal(
      'Not known:\n  the filter: it looks at the place of the call in memory\n',
    );
  });
});

describe('verdictOfReturn()', () => {
  it('reads what a filter returns, unknown actions as the kernel does', () => {
    expect(verdictOfReturn(0x0005_0026)).to.deep.equal({ action: 'SCMP_ACT_ERRNO', errno: 38 });
    expect(verdictOfReturn(0x0005_ffff)).to.deep.equal({ action: 'SCMP_ACT_ERRNO', errno: 4095 });
    expect(verdictOfReturn(0x7ff0_ffff)).to.deep.equal({ action: 'SCMP_ACT_TRACE', errno: 0xffff });
    expect(verdictOfReturn(0x7fff_1234)).to.deep.equal({ action: 'SCMP_ACT_ALLOW', errno: 0 });
    expect(verdictOfReturn(0)).to.deep.equal({ action: 'SCMP_ACT_KILL_THREAD', errno: 0 });
    expect(verdictOfReturn(0x8000_0000)).to.deep.equal({ action: 'SCMP_ACT_KILL_PROCESS', errno: 0 });
    expect(verdictOfReturn(0x1234_0000)).to.deep.equal({ action: 'SCMP_ACT_KILL_PROCESS', errno: 0 });
  });
});
