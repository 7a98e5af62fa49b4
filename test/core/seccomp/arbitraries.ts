// SPDX-License-Identifier: Apache-2.0
// Random profiles in which things collide: few names, few conditions, few actions.
import fc from 'fast-check';
import { takesErrno } from '../../../src/core/seccomp/model.ts';
import type { Action, ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';

/** Values at which comparisons of 64-bit numbers go wrong. */
export const EDGES: readonly bigint[] = [
  0n,
  1n,
  5n,
  0x7fff_ffffn,
  0xffff_ffffn,
  0x1_0000_0000n,
  0x1_0000_0005n,
  2n ** 63n,
  2n ** 64n - 1n,
];

/** Names of calls that all five architectures have, and that i386 makes in one way only. */
export const NAMES = ['read', 'close', 'ioctl', 'mkdirat', 'prctl'] as const;

const value = fc.constantFrom(...EDGES);

/** A random condition. */
export const conditions: fc.Arbitrary<ArgCondition> = fc
  .record({
    index: fc.integer({ min: 0, max: 2 }),
    op: fc.constantFrom(
      'SCMP_CMP_NE',
      'SCMP_CMP_LT',
      'SCMP_CMP_LE',
      'SCMP_CMP_EQ',
      'SCMP_CMP_GE',
      'SCMP_CMP_GT',
      'SCMP_CMP_MASKED_EQ',
    ),
    value,
    valueTwo: value,
  })
  .map((drawn) => ({ ...drawn, valueTwo: drawn.op === 'SCMP_CMP_MASKED_EQ' ? drawn.valueTwo & drawn.value : 0n }));

const anyAction: fc.Arbitrary<Action> = fc.constantFrom(
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_LOG',
  'SCMP_ACT_ALLOW',
);
const anyErrno = fc.option(fc.constantFrom(2, 38), { nil: undefined });

/** Random rules for some of the names, with at most so many conditions. */
export const rulesOf = (action: fc.Arbitrary<Action>, names: readonly string[] = NAMES, most = 2): fc.Arbitrary<Rule> =>
  fc
    .record({
      names: fc.uniqueArray(fc.constantFrom(...names), { minLength: 1, maxLength: 3 }),
      action,
      errno: anyErrno,
      args: fc.uniqueArray(conditions, { maxLength: most, selector: ({ index }) => index }),
    })
    .map(({ errno, ...others }) => (errno !== undefined && takesErrno(others.action) ? { ...others, errno } : others));

/** Random profiles with defaults and rules of these actions; canonical in nothing. */
export function profilesWith(
  defaultAction: fc.Arbitrary<Action>,
  defaultErrno: fc.Arbitrary<number | undefined>,
  ruleAction: fc.Arbitrary<Action> = anyAction,
): fc.Arbitrary<Profile> {
  return fc
    .record({
      defaultAction,
      errno: defaultErrno,
      architectures: fc.constantFrom<Profile['architectures']>(
        [],
        ['SCMP_ARCH_X86_64'],
        ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
      ),
      flags: fc.constantFrom<Pick<Profile, 'flags'>[]>({}, { flags: [] }, { flags: ['SECCOMP_FILTER_FLAG_LOG'] }),
      rules: fc.array(rulesOf(ruleAction), { maxLength: 5 }),
    })
    .map(({ errno, flags, ...rest }) => {
      const others = { ...rest, ...flags };
      return errno !== undefined && takesErrno(others.defaultAction) ? { ...others, defaultErrno: errno } : others;
    });
}

/** A random profile. */
export const profiles = profilesWith(anyAction, anyErrno);

/** Six random arguments, at the edges and one beside them. */
export const callArgs: fc.Arbitrary<readonly bigint[]> = fc.array(
  fc.tuple(value, fc.constantFrom(0n, 0n, 1n, -1n)).map(([edge, step]) => BigInt.asUintN(64, edge + step)),
  { minLength: 6, maxLength: 6 },
);

/** The sizes of random profiles: architectures, names of calls, actions, and bounds of their rules. */
interface ProfileShape {
  readonly architectures: Profile['architectures'];
  readonly names: readonly string[];
  readonly actions: fc.Arbitrary<Action>;
  readonly fewest?: number;
  readonly most: number;
}

/** Mostly one action in the rules: of rules with different ones many contradict each other. */
export function profilesOf({
  architectures: all,
  names,
  actions,
  fewest = 0,
  most,
}: ProfileShape): fc.Arbitrary<Profile> {
  return fc
    .record({ defaultAction: actions, main: actions, architectures: fc.subarray([...all]) })
    .chain(({ defaultAction, main, architectures }) => {
      const action = fc.oneof({ weight: 5, arbitrary: fc.constant(main) }, { weight: 1, arbitrary: actions });
      return fc
        .array(rulesOf(action, names, 3), { minLength: fewest, maxLength: most })
        .map((rules) => ({ defaultAction, architectures, rules }));
    });
}
