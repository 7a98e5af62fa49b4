// SPDX-License-Identifier: Apache-2.0
// Files of profiles as a runtime hands them to libseccomp, rule by rule: what the kernel then answers must be what the
// profile means. runtimeForm() is there because this did not hold for the profiles as they were written.
import { expect } from 'chai';
import fc from 'fast-check';
import { conjunctionsOf } from '../../src/core/seccomp/meaning/answers.ts';
import { evaluate } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import type { Call } from '../../src/core/seccomp/libseccomp/evaluate.ts';
import { InvalidProfile } from '../../src/core/faults.ts';
import { compileFilter, nativeArchitecture } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { NumericFilter } from '../../src/core/seccomp/libseccomp/filter.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../src/core/seccomp/model.ts';
import { mergeProfiles } from '../../src/core/seccomp/merge.ts';
import { runtimeForm } from '../../src/core/seccomp/libseccomp/runtime-form.ts';
import { syscallName, syscallNumber, syscallNumbers } from '../../src/core/seccomp/syscalls.ts';
import { sameVerdict, verdictOf } from '../../src/core/seccomp/meaning/verdict.ts';
import { callArgs, NAMES, rulesOf } from '../core/seccomp/arbitraries.ts';
import { askKernel } from './kernel-answers.ts';

const native = nativeArchitecture(process.arch) ?? 'SCMP_ARCH_X86_64';
const SEED = Number(process.env['FUZZ_SEED'] ?? Date.now() % 1_000_000_000);

/** As runc reads a file: each rule in its place, each name for itself, conditions as they are. */
function asRuntimesRead(profile: Profile): NumericFilter {
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  const rules = profile.rules.flatMap((rule) => {
    const verdict = verdictOf(rule.action, rule.errno);
    if (sameVerdict(verdict, defaultVerdict)) return [];
    return conjunctionsOf(rule).flatMap((conditions) =>
      rule.names.map((name) => ({ verdict, conditions, numbers: [syscallNumber(native, name) ?? -1] })),
    );
  });
  return { defaultVerdict, flags: [], architectures: [{ architecture: native, rules }] };
}

function callOf(name: string, args: readonly bigint[]): Call {
  return { architecture: native, number: syscallNumber(native, name) ?? 0, args };
}

async function answers(profile: Profile, calls: readonly Call[]): Promise<readonly number[] | undefined> {
  const asked = askKernel([{ filter: asRuntimesRead(profile), calls }], AbortSignal.timeout(120_000));
  const [answer] = await asked.catch((error: unknown) => {
    if (error instanceof Error && error.message.includes('too long for the kernel')) return [];
    throw error;
  });
  return answer?.actions;
}

function meant(profile: Profile, calls: readonly Call[]): readonly number[] | undefined {
  try {
    const filter = compileFilter(profile, native);
    return calls.map((call) => evaluate(filter, call));
  } catch (error) {
    if (error instanceof InvalidProfile) return undefined;
    throw error;
  }
}

/** A rule for the newest call: no other is newer than the profile, and gets ENOSYS for it (newer-calls.ts). */
const NEWEST: Rule = {
  names: [syscallName(native, Math.max(...syscallNumbers(native))) ?? ''],
  action: 'SCMP_ACT_KILL_PROCESS',
  args: [],
};

const actions: fc.Arbitrary<Action> = fc.constantFrom('SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_ERRNO');
const profiles: fc.Arbitrary<Profile> = fc
  .tuple(actions, actions)
  .chain(([defaultAction, action]) =>
    fc
      .array(rulesOf(fc.constant(action)), { maxLength: 6 })
      .map((rules): Profile => ({ defaultAction, architectures: [], rules: [...rules, NEWEST] })),
  );
const calls = fc.array(fc.tuple(fc.constantFrom(...NAMES), callArgs), { minLength: 30, maxLength: 30 });

const at = (index: number, op: ArgCondition['op'], value: bigint): ArgCondition => ({ index, op, value, valueTwo: 0n });
const allow = (...args: readonly ArgCondition[]): Rule => ({ names: ['ioctl'], action: 'SCMP_ACT_ALLOW', args });

/** Two rules that are written otherwise, and that libseccomp 2.5.4 compiles right in both forms. */
const SEVERAL: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  architectures: [],
  rules: [allow(at(1, 'SCMP_CMP_EQ', 3n)), allow(at(0, 'SCMP_CMP_LT', 5n))],
};

/** The rules by which containerd's default profile shuts out AF_ALG (38) and AF_VSOCK (40), three for one argument. */
const FAMILIES: Profile = {
  defaultAction: 'SCMP_ACT_ERRNO',
  architectures: [],
  rules: (['SCMP_CMP_LT', 'SCMP_CMP_EQ', 'SCMP_CMP_GT'] as const).map((op, index) => ({
    names: ['socket'],
    action: 'SCMP_ACT_ALLOW',
    args: [at(0, op, 38n + BigInt(index))],
  })),
};

describe('runtimeForm()', function () {
  this.timeout(120_000);

  it('means the same in another form', async () => {
    const tried = [callOf('ioctl', [5n, 9n, 0n, 0n, 0n, 0n]), callOf('ioctl', [4n, 9n, 0n, 0n, 0n, 0n])];
    const { profile } = runtimeForm(SEVERAL);
    expect(profile).to.not.deep.equal(SEVERAL);
    expect(await answers(profile, tried)).to.deep.equal(meant(SEVERAL, tried));
  });

  it('leaves rules for address families as they are, and the kernel answers as they say', async () => {
    const whole = mergeProfiles([FAMILIES, FAMILIES]);
    const { profile, warnings } = runtimeForm(whole);
    expect(profile).to.equal(whole);
    expect(whole.rules.map(({ args }) => args)).to.have.deep.members(FAMILIES.rules.map(({ args }) => args));
    expect(warnings).to.deep.equal([]);
    const families = [0n, 1n, 2n, 37n, 38n, 39n, 40n, 41n, 45n];
    const tried = families.map((family) => callOf('socket', [family, 0n, 0n, 0n, 0n, 0n]));
    const refused = families.map((family) => family === 38n || family === 40n);
    expect((await answers(profile, tried))?.map((action) => action !== 0x7fff_0000)).to.deep.equal(refused);
  });

  it(`is enforced by the kernel as the profile is meant, unless a doubt is stated (FUZZ_SEED=${String(SEED)})`, async () => {
    let compared = 0;
    const property = fc.asyncProperty(profiles, calls, async (profile, drawn) => {
      const tried = drawn.map(([name, args]) => callOf(name, args));
      const wanted = meant(profile, tried);
      const { profile: written, warnings } = runtimeForm(profile);
      if (wanted === undefined || warnings.length > 0) return;
      const seen = await answers(written, tried);
      if (seen === undefined) return;
      expect(seen).to.deep.equal(wanted);
      compared += 1;
    });
    await fc.assert(property, { seed: SEED, numRuns: 1500, interruptAfterTimeLimit: 20_000 });
    expect(compared).to.be.greaterThan(50);
  });
});
