// SPDX-License-Identifier: Apache-2.0
// Compiling: what a runtime would hand to libseccomp, and what it must not.
import { expect } from 'chai';
import { evaluate } from '../../../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../../../src/core/faults.ts';
import { compileFilter, deniesEverything, unknownSyscalls } from '../../../../src/core/seccomp/libseccomp/filter.ts';
import { newestCall } from '../../../../src/core/seccomp/libseccomp/newer-calls.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../../src/core/seccomp/model.ts';
import { syscallNumbers } from '../../../../src/core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../../../src/core/seccomp/syscalls.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const ALLOW = 0x7fff_0000;
const LOG = 0x7ffc_0000;
const EPERM = 0x0005_0001;
const ENOSYS = 0x0005_0026;

const profile = (defaultAction: Action, ...rules: Rule[]): Profile => ({
  defaultAction,
  architectures: [],
  rules,
});
const rule = (action: Action, names: readonly string[], ...args: ArgCondition[]): Rule => ({ names, action, args });
const at = (index: number, op: ArgCondition['op'], value: bigint, valueTwo = 0n): ArgCondition => ({
  index,
  op,
  value,
  valueTwo,
});

function ask(from: Profile, number: number, ...args: readonly bigint[]): number {
  return evaluate(compileFilter(from, NATIVE), { architecture: NATIVE, number, args });
}

function faultsOf(from: Profile): readonly string[] {
  try {
    compileFilter(from, NATIVE, 'x.yaml');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidProfile)) throw error;
    return error.faults.map(({ field, reason }) => `${field}: ${reason}`);
  }
}

describe('compileFilter()', () => {
  it('leaves out what an architecture does not have and what the default says', () => {
    const from = profile(
      'SCMP_ACT_LOG',
      rule('SCMP_ACT_ALLOW', ['read', 'no_such_call', 'socketcall']),
      rule('SCMP_ACT_LOG', ['write']),
    );
    expect(compileFilter({ ...from, architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_AARCH64'] }, NATIVE)).to.deep.equal({
      defaultVerdict: { action: 'SCMP_ACT_LOG', errno: 0 },
      flags: ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'],
      architectures: [
        {
          architecture: 'SCMP_ARCH_X86_64',
          rules: [{ verdict: { action: 'SCMP_ACT_ALLOW', errno: 0 }, conditions: [], numbers: [0] }],
        },
        {
          architecture: 'SCMP_ARCH_X86',
          rules: [{ verdict: { action: 'SCMP_ACT_ALLOW', errno: 0 }, conditions: [], numbers: [3, 102] }],
        },
      ],
    });
  });

  it('keeps the flags of a profile that has any', () => {
    const flags = ['SECCOMP_FILTER_FLAG_LOG'] as const;
    expect(compileFilter({ ...profile('SCMP_ACT_ALLOW'), flags }, NATIVE).flags).to.deep.equal(flags);
  });

  it('returns EPERM where a profile says no number, to tracers too', () => {
    expect(ask(profile('SCMP_ACT_ERRNO'), 0)).to.equal(EPERM);
    expect(ask({ ...profile('SCMP_ACT_ERRNO'), defaultErrno: 13 }, 0)).to.equal(0x0005_000d);
    expect(ask(profile('SCMP_ACT_TRACE'), 0)).to.equal(0x7ff0_0001);
    expect(ask(profile('SCMP_ACT_KILL'), 0)).to.equal(0);
  });

  it('kills calls of architectures that are not listed', () => {
    const filter = compileFilter(profile('SCMP_ACT_ALLOW'), NATIVE);
    expect(evaluate(filter, { architecture: 'SCMP_ARCH_X86', number: 0, args: [] })).to.equal(0);
    expect(evaluate(filter, { architecture: NATIVE, number: 0, args: [] })).to.equal(ALLOW);
  });

  it('gives the first unconditional rule of a call the word, over conditional ones wherever they stand', () => {
    const from = profile(
      'SCMP_ACT_ERRNO',
      rule('SCMP_ACT_KILL', ['read'], at(0, 'SCMP_CMP_EQ', 0n)),
      rule('SCMP_ACT_LOG', ['read']),
      rule('SCMP_ACT_ALLOW', ['read']),
    );
    expect([ask(from, 0, 0n), ask(from, 0, 1n)]).to.deep.equal([LOG, LOG]);
  });

  it('takes several conditions on one argument for alternatives, as runtimes do', () => {
    const args = [at(0, 'SCMP_CMP_EQ', 1n), at(0, 'SCMP_CMP_EQ', 2n), at(1, 'SCMP_CMP_EQ', 3n)];
    const from = profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['read'], ...args));
    expect(ask(from, 0, 1n, 0n)).to.equal(ALLOW);
    expect(ask(from, 0, 9n, 3n)).to.equal(ALLOW);
    expect(ask(from, 0, 9n, 9n)).to.equal(EPERM);
    const both = profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['read'], ...args.slice(1)));
    expect(ask(both, 0, 2n, 0n)).to.equal(EPERM);
  });

  it('writes orderings as masks where a call has several rules, and only there', () => {
    const one = rule('SCMP_ACT_ALLOW', ['ioctl'], at(1, 'SCMP_CMP_LT', 6n));
    const alone = compileFilter(profile('SCMP_ACT_LOG', one), NATIVE).architectures[0]?.rules;
    expect(alone?.map(({ conditions }) => conditions)).to.deep.equal([[at(1, 'SCMP_CMP_LT', 6n)]]);
    const near = rule('SCMP_ACT_ALLOW', ['ioctl'], at(1, 'SCMP_CMP_EQ', 9n));
    const plain = compileFilter(profile('SCMP_ACT_LOG', one, near), NATIVE).architectures[0]?.rules;
    expect(
      plain?.map(({ conditions }) => conditions),
      'values of 32 bits',
    ).to.deep.equal([one.args, near.args]);
    const other = rule('SCMP_ACT_ALLOW', ['ioctl'], at(1, 'SCMP_CMP_EQ', 2n ** 32n + 9n));
    const rules = compileFilter(profile('SCMP_ACT_LOG', one, other), NATIVE).architectures[0]?.rules;
    expect(rules?.map(({ conditions }) => conditions)).to.deep.equal([
      [at(1, 'SCMP_CMP_MASKED_EQ', 2n ** 64n - 2n, 4n)],
      [at(1, 'SCMP_CMP_MASKED_EQ', 2n ** 64n - 4n, 0n)],
      [at(1, 'SCMP_CMP_MASKED_EQ', 2n ** 64n - 1n, 2n ** 32n + 9n)],
    ]);
  });

  it('puts rules about lower arguments first, and of those that begin alike the ones that compare more', () => {
    const rules = [[3], [1, 3], [0], [1, 2, 3], [0, 5], [1]].map((indexes) =>
      rule('SCMP_ACT_ALLOW', ['ioctl'], ...indexes.map((index) => at(index, 'SCMP_CMP_EQ', 7n))),
    );
    const [native] = compileFilter(profile('SCMP_ACT_LOG', ...rules), NATIVE).architectures;
    const order = native?.rules.map(({ conditions }) => conditions.map(({ index }) => index));
    expect(order).to.deep.equal([[0, 5], [0], [1, 2, 3], [1, 3], [1], [3]]);
  });

  it('compares the lower half of arguments on 32 bits and on x32', () => {
    const architectures = ['SCMP_ARCH_X86', 'SCMP_ARCH_X32'] as const;
    const small = rule('SCMP_ACT_ALLOW', ['close'], at(0, 'SCMP_CMP_LT', 5n));
    const filter = compileFilter({ ...profile('SCMP_ACT_LOG', small), architectures }, NATIVE);
    const close = (architecture: KnownArchitecture, number: number) =>
      evaluate(filter, { architecture, number, args: [2n ** 32n + 4n] });
    expect([close(NATIVE, 3), close('SCMP_ARCH_X86', 6), close('SCMP_ARCH_X32', 3)]).to.deep.equal([LOG, ALLOW, ALLOW]);
  });

  it('has calls of i386 that go through socketcall in the filter', () => {
    const from = { ...profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['bind'], at(0, 'SCMP_CMP_EQ', 5n))) };
    const filter = compileFilter({ ...from, architectures: ['SCMP_ARCH_X86'] }, NATIVE);
    const call = (number: number, first: bigint) =>
      evaluate(filter, { architecture: 'SCMP_ARCH_X86', number, args: [first] });
    expect([call(361, 5n), call(361, 2n), call(102, 2n), call(102, 1n)]).to.deep.equal([ALLOW, EPERM, ALLOW, EPERM]);
  });

  it('refuses rules that contradict each other, with their places', () => {
    const from = profile(
      'SCMP_ACT_ERRNO',
      rule('SCMP_ACT_ALLOW', ['read', 'prctl'], at(0, 'SCMP_CMP_LT', 6n)),
      rule('SCMP_ACT_LOG', ['prctl'], at(0, 'SCMP_CMP_GT', 4n)),
      rule('SCMP_ACT_LOG', ['read'], at(0, 'SCMP_CMP_GT', 5n)),
    );
    expect(faultsOf(from)).to.deep.equal([
      'syscalls[1]: SCMP_ACT_LOG for prctl and SCMP_ACT_ALLOW of syscalls[0] for prctl can hold for the same call on SCMP_ARCH_X86_64, and nothing says which counts',
    ]);
    expect(() => compileFilter(from, NATIVE, 'x.yaml')).to.throw(InvalidProfile, /^x\.yaml: syscalls\[1\]/);
  });

  it('refuses those, too, of which libseccomp makes rules for ipc by itself, whatever else ipc gets', () => {
    const from = profile(
      'SCMP_ACT_ERRNO',
      rule('SCMP_ACT_ALLOW', ['shmget'], at(0, 'SCMP_CMP_EQ', 5n)),
      rule('SCMP_ACT_LOG', ['shmget'], at(0, 'SCMP_CMP_NE', 5n)),
      rule('SCMP_ACT_LOG', ['ipc']),
    );
    expect(faultsOf(from)).to.deep.equal([]);
    expect(faultsOf({ ...from, architectures: ['SCMP_ARCH_X86'] })).to.deep.equal([
      'syscalls[1]: SCMP_ACT_LOG for shmget and SCMP_ACT_ALLOW of syscalls[0] for shmget can hold for the same call on SCMP_ARCH_X86, and nothing says which counts',
    ]);
  });

  it('refuses what no filter has room for', () => {
    const wide = [at(0, 'SCMP_CMP_NE', 1n), at(1, 'SCMP_CMP_NE', 1n)];
    const from = profile(
      'SCMP_ACT_ERRNO',
      rule('SCMP_ACT_ALLOW', ['read'], ...wide),
      rule('SCMP_ACT_ALLOW', ['read'], at(2, 'SCMP_CMP_EQ', 1n)),
    );
    expect(faultsOf(from)).to.deep.equal(['syscalls[0].args: compares too much beside the other rules for read']);
    expect(faultsOf(profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['read'], ...wide)))).to.deep.equal([]);
  });
});

describe('calls newer than a profile', () => {
  const old = rule('SCMP_ACT_ALLOW', ['read', 'rseq']);

  it('get ENOSYS, so that C libraries fall back', () => {
    expect(ask(profile('SCMP_ACT_ERRNO', old), 435)).to.equal(ENOSYS);
    expect(ask(profile('SCMP_ACT_KILL_PROCESS', old), 435)).to.equal(ENOSYS);
    expect(ask(profile('SCMP_ACT_ERRNO', old), Math.max(...syscallNumbers(NATIVE)) + 5)).to.equal(ENOSYS);
  });

  it('get the default where the profile names a newer one, whatever it says of it', () => {
    const named = profile('SCMP_ACT_ERRNO', old, rule('SCMP_ACT_ERRNO', ['openat2']));
    expect(ask(named, 435)).to.equal(EPERM);
    expect(ask(named, 437), 'the newest itself').to.equal(EPERM);
    expect(ask(named, 439)).to.equal(ENOSYS);
  });

  it('get the default where that lets calls happen, and where no call is named', () => {
    expect(newestCall(profile('SCMP_ACT_LOG', old), NATIVE)).to.equal(undefined);
    expect(newestCall(profile('SCMP_ACT_TRACE', old), NATIVE)).to.equal(undefined);
    expect(newestCall(profile('SCMP_ACT_ERRNO'), NATIVE)).to.equal(undefined);
  });

  it('are told apart on each architecture by its own numbers', () => {
    const filter = compileFilter({ ...profile('SCMP_ACT_ERRNO', old), architectures: ['SCMP_ARCH_X86'] }, NATIVE);
    const compat = (number: number) => evaluate(filter, { architecture: 'SCMP_ARCH_X86', number, args: [] });
    // i386: mkdir is 39, rseq 386, clock_gettime64 403.
    expect([39, 386, 403].map(compat)).to.deep.equal([EPERM, ALLOW, ENOSYS]);
  });
});

describe('deniesEverything()', () => {
  const natives: readonly KnownArchitecture[] = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_AARCH64'];
  const denies = (from: Profile) => natives.map((native) => deniesEverything(from, native));

  it('knows a profile that names nothing, or nothing that the machine has', () => {
    expect(denies(profile('SCMP_ACT_ERRNO'))).to.deep.equal([true, true]);
    expect(denies(profile('SCMP_ACT_KILL', rule('SCMP_ACT_ALLOW', ['raed', 'wriet'])))).to.deep.equal([true, true]);
    expect(denies(profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['open'])))).to.deep.equal([false, true]);
  });

  it('does not count what another architecture may do', () => {
    const from = profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', ['socketcall']));
    expect(denies({ ...from, architectures: ['SCMP_ARCH_X86', 'SCMP_ARCH_ARM'] })).to.deep.equal([true, true]);
  });

  it('knows that other actions let calls happen, too', () => {
    expect(denies(profile('SCMP_ACT_LOG'))).to.deep.equal([false, false]);
    expect(denies(profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_NOTIFY', ['read'])))).to.deep.equal([false, false]);
    expect(denies(profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_TRAP', ['read'])))).to.deep.equal([true, true]);
  });
});

describe('unknownSyscalls()', () => {
  it('names what no Linux has', () => {
    const names = ['read', 'wriet', 'raed', 's390_sthyi', 'cacheflush', 'raed'];
    expect(unknownSyscalls(profile('SCMP_ACT_ERRNO', rule('SCMP_ACT_ALLOW', names)))).to.deep.equal(['raed', 'wriet']);
  });
});
