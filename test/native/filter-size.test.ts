// SPDX-License-Identifier: Apache-2.0
// The bounds of filterSize() beside libseccomp and the kernel: a filter that is said to be too long is refused, one
// that is said to fit is taken, and runtimes agree.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'chai';
import { compileFilter, nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import { filterSize } from '../../src/core/seccomp/libseccomp/filter-size.ts';
import { MOST_INSTRUCTIONS } from '../../src/core/seccomp/libseccomp/masks.ts';
import type { Profile, Rule } from '../../src/core/seccomp/model.ts';
import { renderOci } from '../../src/core/seccomp/render.ts';
import { syscallNumber } from '../../src/core/seccomp/syscalls.ts';
import { BASE_SYSCALLS } from '../../src/gen/base-syscalls.ts';
import { printJson } from '../../src/core/json.ts';
import { makeBundle, runtimeCommand } from '../../tools/oci-bundle.ts';
import { fixture } from './fixtures.ts';
import { askKernel } from './kernel-answers.ts';

const native = nativeArchitecture(process.arch) ?? 'SCMP_ARCH_X86_64';

/** Rules that compare one argument of lseek with so many values. */
function lseek(count: number): readonly Rule[] {
  return Array.from({ length: count }, (_, index): Rule => {
    const args = [{ index: 1, op: 'SCMP_CMP_EQ', value: BigInt(3 * index), valueTwo: 0n }] as const;
    return { names: ['lseek'], action: 'SCMP_ACT_ALLOW', args };
  });
}

/** How random rules look. */
interface Shape {
  readonly names: readonly string[];
  readonly count: number;
  /** How many arguments a rule compares. */
  readonly most: number;
  /** The bits that are compared; all where left out. */
  readonly mask?: bigint;
  readonly step: number;
}

const SHAPES: readonly Shape[] = [
  ...[3900, 4040, 4100].map((count) => ({ names: ['lseek'], count, most: 1, step: 3 })),
  ...[1900, 2200].map((count) => ({ names: ['lseek', 'ioctl'], count, most: 1, step: 7 })),
  ...[400].map((count) => ({ names: ['ioctl'], count, most: 2, step: 5 })),
  ...[2500].map((count) => ({ names: ['fcntl'], count, most: 1, step: 1, mask: 0xffffn })),
];

/** Rules whose conditions on a call differ from each other, and from those on other calls. */
function rulesOf({ names, count, most, mask, step }: Shape): readonly Rule[] {
  return Array.from({ length: count }, (_, at) =>
    names.map((name, call): Rule => {
      const args = Array.from({ length: most }, (__, index) => {
        const value = BigInt((at * step * (index + 1) + 10_000 * call) % 65_536);
        return mask === undefined
          ? ({ index, op: 'SCMP_CMP_EQ', value, valueTwo: 0n } as const)
          : ({ index, op: 'SCMP_CMP_MASKED_EQ', value: mask, valueTwo: value } as const);
      });
      return { names: [name], action: 'SCMP_ACT_ALLOW', args };
    }),
  ).flat();
}

async function fits(profile: Profile): Promise<boolean> {
  const call = { architecture: native, number: syscallNumber(native, 'lseek') ?? 0, args: [0n, 0n, 0n, 0n, 0n, 0n] };
  const asked = askKernel([{ filter: compileFilter(profile, native), calls: [call] }], AbortSignal.timeout(120_000));
  return asked.then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && error.message.includes('too long for the kernel')) return false;
      throw error;
    },
  );
}

describe('filterSize()', function () {
  this.timeout(120_000);
  let folder: string;

  before(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'filter-size-'));
  });

  after(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('knows which filters libseccomp and the kernel take', async () => {
    const known = { fit: 0, tooLong: 0 };
    for (const shape of SHAPES) {
      const profile: Profile = { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules: rulesOf(shape) };
      const { atLeast, atMost } = filterSize(profile, native);
      const taken = await fits(profile);
      if (atLeast > MOST_INSTRUCTIONS) {
        expect(taken, `at least ${String(atLeast)}`).to.equal(false);
        known.tooLong += 1;
      }
      if (atMost <= MOST_INSTRUCTIONS) {
        expect(taken, `at most ${String(atMost)}`).to.equal(true);
        known.fit += 1;
      }
    }
    expect(known).to.deep.equal({ fit: 5, tooLong: 2 });
  });

  for (const runtime of ['runc', 'crun']) {
    it(`says of no profile that it fits under which ${runtime} starts nothing, and the other way round`, function () {
      if (process.arch !== 'x64') this.skip();
      const started = (count: number): boolean => {
        const program =
          'arch_prctl brk exit_group fstat mprotect newfstatat prlimit64 readlinkat rseq set_robust_list set_tid_address write';
        const names = ['exit', ...BASE_SYSCALLS.filter((name) => name !== 'lseek'), ...program.split(' ')];
        const base: Rule = { names, action: 'SCMP_ACT_ALLOW', args: [] };
        const profile: Profile = {
          defaultAction: 'SCMP_ACT_ERRNO',
          architectures: [native],
          rules: [base, ...lseek(count)],
        };
        const { atLeast, atMost } = filterSize(profile, native);
        const bundle = path.join(folder, `${runtime}-${String(count)}`);
        makeBundle(bundle, fixture('nothing'), {
          args: ['/bin/nothing'],
          noNewPrivileges: true,
          user: 0,
          capabilities: true,
          terminal: false,
          seccomp: JSON.parse(printJson(renderOci(profile))) as unknown,
        });
        const [file, ...rest] = runtimeCommand(runtime, bundle, `size-${String(process.pid)}-${String(count)}`);
        const { status } = spawnSync(file, rest, { encoding: 'utf8', timeout: 120_000 });
        if (atMost <= MOST_INSTRUCTIONS) expect(status, `at most ${String(atMost)}`).to.equal(0);
        if (atLeast > MOST_INSTRUCTIONS) expect(status, `at least ${String(atLeast)}`).to.not.equal(0);
        return status === 0;
      };
      expect([3900, 3950, 4050, 4100].map(started)).to.deep.equal([true, true, false, false]);
    });
  }
});
