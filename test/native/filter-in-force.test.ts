// SPDX-License-Identifier: Apache-2.0
// Filters as the kernel has them, read back and held against the profiles that they were made of: by libseccomp for
// random profiles, by runc and crun and by spoc for a real one. There must be no difference, and none may be missed.
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'chai';
import fc from 'fast-check';
import { answersOfFilters, answersOfProfile } from '../../src/core/difference/call-numbers.ts';
import type { Difference } from '../../src/core/difference/change.ts';
import { diffAnswers } from '../../src/core/difference/in-force.ts';
import { errorText } from '../../src/core/errors.ts';
import { InvalidProfile } from '../../src/core/faults.ts';
import { parseFilters } from '../../src/core/seccomp/kernel-filter/program.ts';
import type { KernelFilter } from '../../src/core/seccomp/kernel-filter/program.ts';
import { evaluate } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import type { Call } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import { compileFilter, nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { Action, Profile } from '../../src/core/seccomp/model.ts';
import { parseProfile } from '../../src/core/seccomp/parse.ts';
import { runnableOn, syscallName, syscallNumber } from '../../src/core/seccomp/syscalls.ts';
import { BASE_SYSCALLS } from '../../src/gen/base-syscalls.ts';
import { readFilters } from '../../src/io/native/filter-reader.ts';
import { makeBundle, openRuntime } from '../../tools/oci-bundle.ts';
import { EDGES, profilesOf } from '../core/seccomp/arbitraries.ts';
import { fixture, nativeProgram } from './fixtures.ts';
import { askKernel } from './kernel-answers.ts';

const native = nativeArchitecture(process.arch) ?? 'SCMP_ARCH_X86_64';
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

/** How many random profiles are compared; 1,000 take about a minute. */
const COUNT = Number(process.env['FILTERS'] ?? 30);

const NAMES = ['read', 'ioctl', 'mkdirat', 'prctl', 'socket', 'socketcall', 'semop', 'clone3', 'bpf'];

const actions = fc.constantFrom<Action>(
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_LOG',
  'SCMP_ACT_ALLOW',
);

const profiles = profilesOf({ architectures: runnableOn(native), names: NAMES, actions, fewest: 1, most: 4 });

const edge = fc.constantFrom(...EDGES, 2n, 6n);

const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc
    .record({ name: fc.constantFrom(...NAMES), args: fc.array(edge, { minLength: 6, maxLength: 6 }) })
    .map(({ name, args }) => ({ architecture: native, number: syscallNumber(native, name) ?? 500, args })),
  { minLength: 20, maxLength: 20 },
);

const ARGS = [0n, 0n, 0n, 0n, 0n, 0n];

function isCompilable(profile: Profile): boolean {
  try {
    compileFilter(profile, native);
    return true;
  } catch (error) {
    if (error instanceof InvalidProfile) return false;
    throw error;
  }
}

function differenceTo(profile: Profile, filters: readonly KernelFilter[]): Difference {
  return diffAnswers(answersOfProfile(profile, native, 'it'), answersOfFilters(filters), native);
}

describe('the filter in force', function () {
  this.timeout(600_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'in-force-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  /** The programs that libseccomp makes of profiles; undefined where it is too long for the kernel. */
  async function programOf(profile: Profile): Promise<readonly KernelFilter[] | undefined> {
    const file = path.join(folder, 'programs');
    const descriptor = openSync(file, 'w');
    const filter = compileFilter(profile, native);
    const call = { architecture: native, number: syscallNumber(native, 'read') ?? 0, args: ARGS };
    try {
      await askKernel([{ filter, calls: [call] }], undefined, descriptor);
    } catch (error) {
      if (error instanceof Error && error.message.includes('too long for the kernel')) return undefined;
      throw error;
    } finally {
      closeSync(descriptor);
    }
    return parseFilters(`${readFileSync(file, 'latin1')}end\n`);
  }

  it(`differs in nothing from the profile that libseccomp made it of (FUZZ_SEED=${String(SEED)})`, async () => {
    const property = fc.asyncProperty(profiles.filter(isCompilable), async (profile) => {
      const filters = await programOf(profile);
      if (filters === undefined) return;
      expect(differenceTo(profile, filters)).to.deep.equal({ changes: [], unknown: [] });
    });
    await fc.assert(property, { seed: SEED, numRuns: COUNT, endOnFailure: true });
  });

  it(`differs from every other profile, in the calls that are answered otherwise (FUZZ_SEED=${String(SEED)})`, async () => {
    const pairs = fc.tuple(profiles.filter(isCompilable), profiles.filter(isCompilable), calls);
    const property = fc.asyncProperty(pairs, async ([profile, other, tried]) => {
      const filters = await programOf(profile);
      if (filters === undefined) return;
      const { changes } = differenceTo(other, filters);
      const [own, theirs] = [profile, other].map((one) => compileFilter(one, native));
      const isNewer = ({ number }: Call): boolean => number > (theirs?.architectures[0]?.newest ?? number);
      // Of numbers without a call only some are looked at, which stand for the others.
      const isNamed = ({ number }: Call): boolean => syscallName(native, number) !== undefined;
      for (const call of tried.filter((one) => isNamed(one) && !isNewer(one))) {
        if (own === undefined || theirs === undefined || evaluate(own, call) === evaluate(theirs, call)) continue;
        const name = syscallName(native, call.number);
        expect(changes.some((change) => change.type === 'call' && change.call === name)).to.equal(true);
      }
    });
    await fc.assert(property, { seed: SEED, numRuns: Math.ceil(COUNT / 2), endOnFailure: true });
  });

  const PROFILE = {
    defaultAction: 'SCMP_ACT_ERRNO',
    architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_AARCH64', 'SCMP_ARCH_ARM'],
    syscalls: [
      {
        names: [
          ...BASE_SYSCALLS,
          ...['arch_prctl', 'brk', 'exit_group', 'fstat', 'getrandom', 'ioctl', 'mprotect', 'newfstatat', 'prlimit64'],
          ...['readlinkat', 'rseq', 'set_robust_list', 'set_tid_address', 'write', 'read', 'poll', 'ppoll'],
          ...['rt_sigaction', 'rt_sigprocmask', 'clock_nanosleep', 'nanosleep', 'pause', 'select', 'restart_syscall'],
        ],
        action: 'SCMP_ACT_ALLOW',
      },
      { names: ['personality'], action: 'SCMP_ACT_ALLOW', args: [{ index: 0, value: 8, op: 'SCMP_CMP_EQ' }] },
      { names: ['socket'], action: 'SCMP_ACT_ERRNO', errnoRet: 97, args: [{ index: 0, value: 40, op: 'SCMP_CMP_EQ' }] },
    ],
  };

  async function eventually<T>(what: string, find: () => Promise<T | undefined> | T | undefined): Promise<T> {
    const end = Date.now() + 120_000;
    for (;;) {
      const found = await find();
      if (found !== undefined) return found;
      if (Date.now() > end) throw new Error(`in two minutes there was no ${what}`);
      await sleep(20);
    }
  }

  /** Waits until a process has executed the program that waits. */
  function isWaiting(pid: number): true | undefined {
    const words = readFileSync(`/proc/${String(pid)}/comm`, 'utf8');
    return words.trim() === 'waiting' ? true : undefined;
  }

  function expectSame(filters: readonly KernelFilter[]): void {
    const profile = parseProfile(PROFILE, 'the test');
    expect(differenceTo(profile, filters)).to.deep.equal({ changes: [], unknown: [] });
    const rules = [...profile.rules.slice(0, 1), { names: ['bpf'], action: 'SCMP_ACT_ALLOW' as const, args: [] }];
    const { changes } = differenceTo({ ...profile, rules }, filters);
    const own = changes.flatMap((change) =>
      change.type === 'call' && change.architecture === undefined ? [change.call] : [],
    );
    expect(own.sort()).to.deep.equal(['bpf', 'personality', 'socket']);
  }

  for (const runtime of ['runc', 'crun']) {
    it(`of a container of ${runtime} is what the profile says`, async () => {
      const opened = await openRuntime(runtime);
      const id = `in-force-${runtime}-${String(process.pid)}`;
      const bundle = path.join(folder, runtime);
      const args = ['/bin/waiting', 'read', '600000'];
      const options = { args, noNewPrivileges: true, user: 0, capabilities: true, terminal: false, seccomp: PROFILE };
      makeBundle(bundle, fixture('waiting'), options);
      const [file, ...words] = opened.call('run', '-b', bundle, id);
      const container: ChildProcess = spawn(file, words, { stdio: ['pipe', 'ignore', 'pipe'] });
      try {
        const pid = await eventually('container', () => {
          const [state, ...rest] = opened.call('state', id);
          const { stdout, status } = spawnSync(state, rest, { encoding: 'utf8' });
          const found = status === 0 ? (JSON.parse(stdout) as { pid?: number; status?: string }) : {};
          return found.status === 'running' && found.pid !== undefined && isWaiting(found.pid) ? found.pid : undefined;
        });
        expectSame(await readFilters(nativeProgram('filter_reader'), pid));
      } finally {
        const [kill, ...rest] = opened.call('delete', '--force', id);
        spawnSync(kill, rest);
        container.kill('SIGKILL');
      }
    });
  }
});

describe('filter_reader', () => {
  it('tells of a process without a filter that it has none', async () => {
    expect(await readFilters(nativeProgram('filter_reader'), process.pid)).to.deep.equal([]);
  });

  it('says why it cannot read', async () => {
    const missing = await readFilters(nativeProgram('filter_reader'), 2 ** 22 + 1).catch(errorText);
    expect(missing).to.equal('pid 4194305: there is no such process');
    const words = (...args: readonly string[]) => spawnSync(nativeProgram('filter_reader'), args, { encoding: 'utf8' });
    expect(words('x')).to.include({ status: 1, stderr: 'usage: filter_reader PID\n' });
    expect(words('99999999999')).to.include({ status: 1 });
    expect(words(String(process.pid)).stderr).to.match(/^its filters cannot be read: it has no filter/);
    expect(words('4194305').stderr).to.equal('the process cannot be stopped: No such process\n');
  });
});
