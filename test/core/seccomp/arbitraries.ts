// SPDX-License-Identifier: Apache-2.0
// Random profiles in which things collide: few names, few conditions, few actions.
import fc from 'fast-check';
import type { ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { takesErrno } from '../../../src/core/seccomp/model.ts';

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

/** Names of calls that all five architectures have. */
export const NAMES = ['read', 'close', 'ioctl', 'mkdirat', 'prctl'] as const;

const value = fc.constantFrom(...EDGES);

const condition: fc.Arbitrary<ArgCondition> = fc
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

const action = fc.constantFrom('SCMP_ACT_KILL_PROCESS', 'SCMP_ACT_ERRNO', 'SCMP_ACT_LOG', 'SCMP_ACT_ALLOW');
const errno = fc.option(fc.constantFrom(2, 38), { nil: undefined });

const rule: fc.Arbitrary<Rule> = fc
  .record({
    names: fc.uniqueArray(fc.constantFrom(...NAMES), { minLength: 1, maxLength: 3 }),
    action,
    errno,
    args: fc.uniqueArray(condition, { maxLength: 2, selector: ({ index }) => index }),
  })
  .map(({ errno: number, ...others }) =>
    number !== undefined && takesErrno(others.action) ? { ...others, errno: number } : others,
  );

/** A random profile; canonical in nothing. */
export const profiles: fc.Arbitrary<Profile> = fc
  .record({
    defaultAction: action,
    errno,
    architectures: fc.constantFrom<Profile['architectures']>(
      [],
      ['SCMP_ARCH_X86_64'],
      ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86', 'SCMP_ARCH_X32'],
    ),
    flags: fc.constantFrom<Profile['flags']>([], ['SECCOMP_FILTER_FLAG_LOG']),
    rules: fc.array(rule, { maxLength: 5 }),
  })
  .map(({ errno: number, ...others }) =>
    number !== undefined && takesErrno(others.defaultAction) ? { ...others, defaultErrno: number } : others,
  );

/** Six random arguments at the edges. */
export const callArgs: fc.Arbitrary<readonly bigint[]> = fc.array(value, { minLength: 6, maxLength: 6 });
