// SPDX-License-Identifier: Apache-2.0
// The evaluator beside real runtimes: what compiles a profile the way runc does must answer as a container of runc's
// does.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { evaluate } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import type { Call } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import { compileFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import { parseProfile } from '../../src/core/seccomp/parse.ts';
import { syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import { BASE_SYSCALLS } from '../../src/gen/base-syscalls.ts';
import { makeBundle, runtimeCommand } from '../../tools/oci-bundle.ts';
import { fixture } from './fixtures.ts';

const arg = (index: number, op: string, value: number, valueTwo = 0) => ({ index, op, value, valueTwo });

/** The calls of a static program of the GNU C library before and after main. */
const PROGRAM =
  'arch_prctl brk exit_group fstat getrandom ioctl mprotect newfstatat prlimit64 readlinkat rseq set_robust_list set_tid_address write';

/**
 * Every call that is tried below is refused, each with a number of its own, so that the numbers tell what the filter
 * said.
 */
const PROFILE = {
  defaultAction: 'SCMP_ACT_ERRNO',
  defaultErrnoRet: 99,
  architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
  syscalls: [
    {
      // umask is tried below; runtimes need it for an exec only.
      names: [...BASE_SYSCALLS.filter((name) => name !== 'umask'), ...PROGRAM.split(' ')],
      action: 'SCMP_ACT_ALLOW',
    },
    { names: ['acct', 'chroot'], action: 'SCMP_ACT_ERRNO' },
    { names: ['chroot'], action: 'SCMP_ACT_ERRNO', errnoRet: 100 },
    { names: ['umask', 'no_such_call'], action: 'SCMP_ACT_ERRNO', errnoRet: 99 },
    { names: ['umask'], action: 'SCMP_ACT_ERRNO', errnoRet: 101, args: [arg(0, 'SCMP_CMP_GT', 7)] },
    {
      names: ['lseek'],
      action: 'SCMP_ACT_ERRNO',
      errnoRet: 102,
      args: [arg(1, 'SCMP_CMP_EQ', 1), arg(1, 'SCMP_CMP_EQ', 2), arg(2, 'SCMP_CMP_EQ', 5)],
    },
    { names: ['ptrace'], action: 'SCMP_ACT_ERRNO', errnoRet: 103, args: [arg(0, 'SCMP_CMP_MASKED_EQ', 0xf0, 0x13)] },
    { names: ['socket'], action: 'SCMP_ACT_ERRNO', errnoRet: 104, args: [arg(0, 'SCMP_CMP_EQ', 40)] },
    { names: ['recv'], action: 'SCMP_ACT_ERRNO', errnoRet: 105 },
    { names: ['personality'], action: 'SCMP_ACT_ERRNO', errnoRet: 106, args: [arg(0, 'SCMP_CMP_EQ', 9)] },
    { names: ['personality'], action: 'SCMP_ACT_ERRNO', errnoRet: 107 },
  ],
};

const numbers = (architecture: Call['architecture'], number: number, ...args: readonly number[]): Call => ({
  architecture,
  number,
  args: args.map(BigInt),
});
const native = (number: number, ...args: readonly number[]) => numbers('SCMP_ARCH_X86_64', number, ...args);
const compat = (number: number, ...args: readonly number[]) => numbers('SCMP_ARCH_X86', number, ...args);

const CALLS: readonly Call[] = [
  native(163),
  native(161),
  native(95, 7),
  native(95, 8),
  native(8, 0, 1, 0),
  native(8, 0, 0, 5),
  native(8, 0, 0, 0),
  native(101, 0x1f),
  native(101, 0x2f),
  native(41, 40),
  native(41, 2),
  native(135, 9),
  native(135, 8),
  native(434),
  native(Math.max(...syscallNumbers('SCMP_ARCH_X86_64'))),
  native(500),
  compat(359, 40),
  compat(359, 2),
  compat(102, 1),
  compat(102, 10),
  compat(102, 2),
  compat(60, 8),
  compat(435),
  compat(39),
  compat(500),
];

describe('evaluate(), beside runtimes', function () {
  this.timeout(120_000);
  let folder: string;

  before(function () {
    // The numbers above are those of x86-64.
    if (process.arch !== 'x64') this.skip();
    folder = mkdtempSync(path.join(tmpdir(), 'runtimes-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  function tried(runtime: string): readonly number[] {
    const program = fixture('call');
    const argv = CALLS.map(({ architecture, number, args }) =>
      [architecture === 'SCMP_ARCH_X86' ? 'compat' : 'native', number, ...args].join(':'),
    );
    const bundle = path.join(folder, runtime);
    makeBundle(bundle, program, {
      args: ['/bin/call', ...argv],
      noNewPrivileges: true,
      user: 0,
      capabilities: true,
      terminal: false,
      seccomp: PROFILE,
    });
    const [file, ...rest] = runtimeCommand(runtime, bundle, `answers-${String(process.pid)}`);
    const { stdout, stderr, status } = spawnSync(file, rest, { encoding: 'utf8', timeout: 120_000 });
    expect(status, stderr).to.equal(0);
    return stdout.trimEnd().split('\n').map(Number);
  }

  const expected = (): readonly number[] => {
    const filter = compileFilter(parseProfile(PROFILE, 'the test'), 'SCMP_ARCH_X86_64');
    return CALLS.map((call) => -(evaluate(filter, call) & 0xffff));
  };

  it('a container of runc answers the same', () => {
    expect(tried('runc')).to.deep.equal(expected());
  });

  it('a container of crun answers the same, but for calls that are newer than the profile', () => {
    const newer = -38;
    const without = expected().map((answer) => (answer === newer ? -99 : answer));
    expect(tried('crun')).to.deep.equal(without);
  });
});
