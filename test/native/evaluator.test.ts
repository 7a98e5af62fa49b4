// SPDX-License-Identifier: Apache-2.0
// Random profiles, made filters and installed: the evaluator must answer each call as the kernel does. Random rules
// showed what libseccomp gets wrong (core/seccomp/libseccomp/masks.ts tells it in words); here is held that our form is
// right.
import { expect } from 'chai';
import fc from 'fast-check';
import { evaluate } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import type { Call } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../src/core/faults.ts';
import { compileFilter, nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import { MAX_ERRNO } from '../../src/core/seccomp/model.ts';
import type { Action, ArgCondition, Profile } from '../../src/core/seccomp/model.ts';
import { runnableOn, syscallNumber, syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import type { KnownArchitecture } from '../../src/core/seccomp/syscalls.ts';
import { EDGES, NAMES, profilesOf } from '../core/seccomp/arbitraries.ts';
import { askKernel, UNFILTERED } from './kernel-answers.ts';

const native = nativeArchitecture(process.arch) ?? 'SCMP_ARCH_X86_64';
/** The architectures that try_syscalls can call here: no compat calls on arm64. */
const callable = native === 'SCMP_ARCH_X86_64' ? runnableOn(native) : [native];
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

/** Calls that i386 makes in several ways, and others. */
const ALL_NAMES = [
  ...NAMES,
  'socket',
  'bind',
  'recv',
  'socketcall',
  'semop',
  'shmget',
  'ipc',
  'clone3',
  'no_such_call',
];

const actions: fc.Arbitrary<Action> = fc.constantFrom(
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_KILL',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_LOG',
  'SCMP_ACT_ALLOW',
);

const profiles = profilesOf({ architectures: runnableOn(native), names: ALL_NAMES, actions, most: 5 });

const edge = fc
  .tuple(fc.constantFrom(...EDGES), fc.constantFrom(0n, 0n, 1n, -1n))
  .map(([value, step]) => BigInt.asUintN(64, value + step));

const calls: fc.Arbitrary<readonly Call[]> = fc.array(
  fc
    .record({
      architecture: fc.constantFrom(...callable),
      name: fc.constantFrom(...ALL_NAMES),
      other: fc.oneof(fc.integer({ min: 0, max: 500 }), fc.constant(-1)),
      args: fc.array(edge, { minLength: 6, maxLength: 6 }),
      first: fc.option(fc.bigInt({ min: 0n, max: 25n }), { freq: 3 }),
    })
    .map(({ architecture, name, other, args, first }): Call => {
      const number = syscallNumber(architecture, name) ?? (other === -1 && architecture !== native ? 0 : other);
      const [, ...rest] = args;
      const narrow = architecture === 'SCMP_ARCH_X86' ? 32 : 64;
      const all = (first === null ? args : [first, ...rest]).map((arg) => BigInt.asUintN(narrow, arg));
      return { architecture, number, args: all };
    })
    .filter(({ architecture, number }) => architecture !== native || !UNFILTERED.includes(number)),
  { minLength: 40, maxLength: 40 },
);

function compiled(profile: Profile): NumericFilter {
  try {
    return compileFilter(profile, native);
  } catch (error) {
    fc.pre(!(error instanceof InvalidProfile));
    throw error;
  }
}

/**
 * A profile of masks that need over 4096 instructions (BPF_MAXINSNS): no evaluator of ours counts them.
 */
const TOO_LONG = /too long for the kernel/;

/** The kernel's answers; undefined when the filter is too long for it. */
async function answersTo(filter: NumericFilter, tried: readonly Call[]): Promise<readonly number[] | undefined> {
  try {
    const [answers] = await askKernel([{ filter, calls: tried }]);
    return answers?.actions ?? [];
  } catch (error) {
    if (error instanceof Error && TOO_LONG.test(error.message)) return undefined;
    throw error;
  }
}

function compare(index: number, op: ArgCondition['op'], value: bigint): ArgCondition {
  return { index, op, value, valueTwo: 0n };
}

function ioctl(...args: readonly bigint[]): Call {
  return { architecture: native, number: syscallNumber(native, 'ioctl') ?? 0, args };
}

async function kernelSays(filter: NumericFilter, call: Call): Promise<number | undefined> {
  const [answers] = await askKernel([{ filter, calls: [call] }]);
  return answers?.actions[0];
}

/** Two rules that are written otherwise, and that libseccomp 2.5.4 compiles right in both forms. */
const SEVERAL: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  architectures: [],
  rules: [
    { names: ['ioctl'], action: 'SCMP_ACT_ALLOW', args: [compare(1, 'SCMP_CMP_EQ', 3n)] },
    { names: ['ioctl'], action: 'SCMP_ACT_ALLOW', args: [compare(0, 'SCMP_CMP_LT', 5n)] },
  ],
};

const ALLOW = 0x7fff_0000;
const EPERM = 0x0005_0001;

describe('evaluate()', function () {
  this.timeout(120_000);

  it(`answers as the kernel does (FUZZ_SEED=${String(SEED)})`, async () => {
    const seen = { compared: 0, tooLong: 0 };
    const property = fc.asyncProperty(profiles, calls, async (profile, tried) => {
      const filter = compiled(profile);
      const answers = await answersTo(filter, tried);
      if (answers === undefined) {
        seen.tooLong += 1;
        return;
      }
      expect(answers).to.deep.equal(tried.map((call) => evaluate(filter, call)));
      seen.compared += 1;
    });
    await fc.assert(property, { seed: SEED, numRuns: 1500, interruptAfterTimeLimit: 20_000 });
    expect(seen.compared).to.be.greaterThan(50);
    expect(seen.tooLong).to.be.lessThan(seen.compared / 20);
  });

  it('answers every number of every architecture as the kernel does', async () => {
    const names = ['read', 'write', 'socket', 'exit_group'];
    const architectures = runnableOn(native);
    const profile: Profile = {
      defaultAction: 'SCMP_ACT_KILL_PROCESS',
      architectures,
      rules: [{ names, action: 'SCMP_ACT_ALLOW', args: [] }],
    };
    const filter = compileFilter(profile, native);
    const numbers = (architecture: KnownArchitecture) =>
      syscallNumbers(architecture).filter((number) => architecture !== native || !UNFILTERED.includes(number));
    const tried = callable.flatMap((architecture) =>
      numbers(architecture).map((number): Call => ({ architecture, number, args: [0n, 0n, 0n, 0n, 0n, 0n] })),
    );
    const [answers] = await askKernel([{ filter, calls: tried }]);
    expect(answers?.actions).to.deep.equal(tried.map((call) => evaluate(filter, call)));
  });

  it('has orderings in several rules written as masks, lower arguments first, and means the same', async () => {
    const filter = compileFilter(SEVERAL, native);
    const [rules] = filter.architectures.map((one) => one.rules.filter(({ conditions }) => conditions.length > 0));
    expect(rules?.flatMap(({ conditions }) => conditions.map(({ op }) => op))).to.not.include('SCMP_CMP_LT');
    expect(rules?.map(({ conditions }) => conditions[0]?.index)).to.deep.equal([0, 0, 1]);
    const tried = [ioctl(4n, 9n), ioctl(5n, 9n), ioctl(5n, 3n), ioctl(2n ** 32n, 9n), ioctl(2n ** 32n, 3n)];
    const [answers] = await askKernel([{ filter, calls: tried }]);
    expect(answers?.actions).to.deep.equal([ALLOW, EPERM, ALLOW, EPERM, ALLOW]);
  });

  it('has the largest error number of a profile, one below the largest of the kernel', async () => {
    const errno = (defaultErrno: number): NumericFilter =>
      compileFilter(
        {
          defaultAction: 'SCMP_ACT_ALLOW',
          architectures: [],
          rules: [{ names: ['ioctl'], action: 'SCMP_ACT_ERRNO', errno: defaultErrno, args: [] }],
        },
        native,
      );
    expect(await kernelSays(errno(MAX_ERRNO), ioctl())).to.equal(0x0005_0000 + MAX_ERRNO);
    const refused = await kernelSays(errno(MAX_ERRNO + 1), ioctl()).catch((error: unknown) => String(error));
    expect(refused).to.match(/Invalid argument/);
  });
});
