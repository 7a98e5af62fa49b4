// SPDX-License-Identifier: Apache-2.0
// Comparisons of 64 bits with arguments of which the kernel reads 32, and comparisons that only look like these.
import { expect } from 'chai';
import { narrowArguments } from '../../../../src/core/seccomp/libseccomp/narrow-arguments.ts';
import type { Action, ArgCondition, Rule } from '../../../../src/core/seccomp/model.ts';

const LOWER = 0xffff_ffffn;

const when = (index: number, op: ArgCondition['op'], value: bigint, valueTwo = 0n): ArgCondition => ({
  index,
  op,
  value,
  valueTwo,
});
const rule = (action: Action, name: string, ...args: readonly ArgCondition[]): Rule => ({
  names: [name],
  action,
  args,
});
const allow = (name: string, ...args: readonly ArgCondition[]): Rule => rule('SCMP_ACT_ALLOW', name, ...args);
const deny = (name: string, ...args: readonly ArgCondition[]): Rule => rule('SCMP_ACT_ERRNO', name, ...args);

/** The calls and arguments that are named, or nothing. */
function named(defaultAction: Action, ...rules: readonly Rule[]): string | undefined {
  const text = narrowArguments({ defaultAction, architectures: [], rules });
  return text === undefined ? undefined : /^the comparisons for (.*) can be passed by:/.exec(text)?.[1];
}

interface Case {
  readonly what: string;
  readonly defaultAction: Action;
  readonly rules: readonly Rule[];
  readonly named: string | undefined;
}

const CASES: readonly Case[] = [
  {
    what: 'ranges around two families, as default profiles of today have them',
    defaultAction: 'SCMP_ACT_ERRNO',
    rules: [
      allow('socket', when(0, 'SCMP_CMP_LT', 38n)),
      allow('socket', when(0, 'SCMP_CMP_EQ', 39n)),
      allow('socket', when(0, 'SCMP_CMP_GT', 40n)),
    ],
    named: 'socket (argument 0)',
  },
  {
    what: 'all but one number',
    defaultAction: 'SCMP_ACT_ERRNO',
    rules: [allow('socket', when(0, 'SCMP_CMP_NE', 40n))],
    named: 'socket (argument 0)',
  },
  {
    what: 'a list of allowed numbers',
    defaultAction: 'SCMP_ACT_ERRNO',
    rules: [allow('personality', when(0, 'SCMP_CMP_EQ', 0n)), allow('personality', when(0, 'SCMP_CMP_LE', 8n))],
    named: undefined,
  },
  {
    what: 'a denied number',
    defaultAction: 'SCMP_ACT_ALLOW',
    rules: [deny('ioctl', when(1, 'SCMP_CMP_EQ', 0x5412n))],
    named: 'ioctl (argument 1)',
  },
  {
    what: 'a denied number, by its lower half',
    defaultAction: 'SCMP_ACT_ALLOW',
    rules: [deny('ioctl', when(1, 'SCMP_CMP_MASKED_EQ', LOWER, 0x5412n))],
    named: undefined,
  },
  {
    what: 'flags that must not be set, by a mask',
    defaultAction: 'SCMP_ACT_ERRNO',
    rules: [allow('clone', when(0, 'SCMP_CMP_MASKED_EQ', 0x7e02_0000n, 0n))],
    named: undefined,
  },
  {
    what: 'a comparison that holds for all',
    defaultAction: 'SCMP_ACT_ERRNO',
    rules: [allow('socket', when(0, 'SCMP_CMP_GE', 0n))],
    named: undefined,
  },
  {
    what: 'an argument of 64 bits, and a call that is not listed',
    defaultAction: 'SCMP_ACT_ALLOW',
    rules: [deny('ioctl', when(2, 'SCMP_CMP_EQ', 1n)), deny('read', when(0, 'SCMP_CMP_EQ', 1n))],
    named: undefined,
  },
  {
    what: 'a refusal that stays one, under another action',
    defaultAction: 'SCMP_ACT_KILL',
    rules: [deny('socket', when(0, 'SCMP_CMP_GT', 40n))],
    named: undefined,
  },
  {
    what: 'two arguments of one rule, and another call',
    defaultAction: 'SCMP_ACT_ALLOW',
    rules: [
      deny('socket', when(0, 'SCMP_CMP_EQ', 16n), when(2, 'SCMP_CMP_EQ', 9n)),
      rule('SCMP_ACT_KILL', 'prctl', when(0, 'SCMP_CMP_EQ', 4n)),
    ],
    named: 'prctl (argument 0), socket (argument 0, argument 2)',
  },
  {
    what: 'rules that repeat the default action',
    defaultAction: 'SCMP_ACT_ALLOW',
    rules: [allow('socket', when(0, 'SCMP_CMP_GT', 40n)), deny('socket')],
    named: undefined,
  },
];

describe('core/seccomp/libseccomp/narrow-arguments', () => {
  for (const { what, defaultAction, rules, named: expected } of CASES) {
    it(`${expected === undefined ? 'says nothing of' : 'names'} ${what}`, () => {
      expect(named(defaultAction, ...rules)).to.equal(expected);
    });
  }

  it('says what the filter and the kernel read, and what to write', () => {
    const profile = { architectures: [], rules: [deny('socket', when(0, 'SCMP_CMP_EQ', 40n))] } as const;
    expect(narrowArguments({ ...profile, defaultAction: 'SCMP_ACT_ALLOW' })).to.equal(
      'the comparisons for socket (argument 0) can be passed by: a filter compares 64 bits, of which the kernel reads ' +
        'the lower 32; SCMP_CMP_MASKED_EQ with the mask 4294967295 compares these alone',
    );
  });

  it('gives up in time where a call has thousands of rules', () => {
    const many = Array.from({ length: 5000 }, (_, index) => allow('socket', when(0, 'SCMP_CMP_EQ', BigInt(index))));
    expect(named('SCMP_ACT_ERRNO', ...many)).to.equal(undefined);
  });
});
