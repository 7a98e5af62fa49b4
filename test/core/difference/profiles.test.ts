// SPDX-License-Identifier: Apache-2.0
// The difference of profiles: laws, and the order in which people read it.
import { expect } from 'chai';
import fc from 'fast-check';
import { directionOf, reversed } from '../../../src/core/difference/change.ts';
import { diffProfiles } from '../../../src/core/difference/profiles.ts';
import { differenceText, differenceValue } from '../../../src/core/difference/text.ts';
import { worstFirst } from '../../../src/core/difference/order.ts';
import { evaluate } from '../../../src/core/seccomp/libseccomp/evaluate.ts';
import { mergeProfiles } from '../../../src/core/seccomp/merge.ts';
import { answersOf, answersTo } from '../../../src/core/seccomp/meaning/answers.ts';
import type { ArgCondition, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { syscallNumber } from '../../../src/core/seccomp/syscalls.ts';
import { callArgs, NAMES, profiles } from '../seccomp/arbitraries.ts';
import { filterOf, NATIVE } from '../seccomp/filters.ts';

function allow(names: readonly string[], ...args: readonly ArgCondition[]): Rule {
  return { names, action: 'SCMP_ACT_ALLOW', args };
}

function profileOf(...rules: readonly Rule[]): Profile {
  return { defaultAction: 'SCMP_ACT_ERRNO', architectures: [], rules };
}

function equals(index: number, value: bigint): ArgCondition {
  return { index, op: 'SCMP_CMP_EQ', value, valueTwo: 0n };
}

/** Few calls, as a default that differs concerns all of them. */
const few = profiles.map((profile) => ({ ...profile, defaultAction: 'SCMP_ACT_ERRNO' as const, defaultErrno: 1 }));

describe('diffProfiles()', () => {
  it('finds nothing between a profile and itself, however it is spelt', () => {
    fc.assert(
      fc.property(few, (profile) => {
        expect(diffProfiles(profile, profile)).to.deep.equal({ changes: [], unknown: [] });
        const rules = profile.rules
          .toReversed()
          .flatMap((rule) => rule.names.map((name) => ({ ...rule, names: [name] })));
        expect(
          diffProfiles(profile, { ...profile, rules }).changes.filter(({ type }) => type === 'field'),
        ).to.deep.equal([]);
      }),
      { numRuns: 60 },
    );
  });

  it('finds nothing between a canonical profile and itself written otherwise', () => {
    fc.assert(
      fc.property(few, (profile) => {
        const canonical = mergeProfiles([profile]);
        const rules = canonical.rules.toReversed().flatMap((rule) => [rule, rule]);
        expect(diffProfiles(canonical, { ...canonical, rules }).changes).to.deep.equal([]);
      }),
      { numRuns: 60 },
    );
  });

  it('is antisymmetric: the way back undoes each change', () => {
    fc.assert(
      fc.property(few, few, (a, b) => {
        const back = diffProfiles(b, a).changes.map(reversed);
        const there = diffProfiles(a, b).changes;
        const texts = (changes: typeof there): readonly string[] =>
          changes
            .map((change) =>
              JSON.stringify(change, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value)),
            )
            .sort();
        expect(texts(worstFirst(back))).to.deep.equal(texts(there));
      }),
      { numRuns: 60 },
    );
  });

  it('tells every call that two filters answer differently, and no other', () => {
    fc.assert(
      fc.property(few, few, callArgs, fc.constantFrom(...NAMES), (a, b, args, name) => {
        const [one, other] = [a, b].map((profile) => {
          const number = syscallNumber(NATIVE, name) ?? 0;
          return evaluate(filterOf(profile), { architecture: NATIVE, number, args });
        });
        const changed = diffProfiles(a, b).changes.some((change) => change.type === 'call' && change.call === name);
        if (one !== other) expect(changed).to.equal(true);
        const same = [a, b].map((profile) => answersTo(answersOf(profile), name).guarded.size);
        if (same.every((count) => count === 0)) expect(changed).to.equal(one !== other);
      }),
      { numRuns: 100 },
    );
  });

  it('tells the dangerous first, then the rest, and the arguments that a change concerns', () => {
    const before = profileOf(allow(['read', 'reboot']), allow(['socket'], equals(0, 1n)));
    const after = profileOf(
      allow(['read', 'bpf', 'close']),
      allow(['socket'], equals(0, 1n)),
      allow(['socket'], equals(0, 38n)),
    );
    expect(differenceText(diffProfiles(before, after))).to.equal(
      [
        'Lets in:',
        '  bpf: SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW',
        '      dangerous: loads programs into the kernel',
        '  socket: SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW where arg0 = 38',
        "      dangerous: socket with arg0 = 38 (AF_ALG: drives the kernel's cryptography); socket with arg0 = 17 " +
          '(AF_PACKET: reads and writes packets of a network as they are); socket with arg0 = 40 (AF_VSOCK: speaks to the ' +
          'hypervisor); socket with arg0 = 16 and arg2 = 12 (NETLINK_NETFILTER: programs the packet filter)',
        '  close: SCMP_ACT_ERRNO -> SCMP_ACT_ALLOW',
        'Shuts out:',
        '  reboot: SCMP_ACT_ALLOW -> SCMP_ACT_ERRNO',
        '      dangerous: restarts the node',
        '',
      ].join('\n'),
    );
  });

  it('tells of architectures, flags and other defaults', () => {
    const before = profileOf(allow(['read']));
    const after: Profile = {
      ...before,
      defaultAction: 'SCMP_ACT_LOG',
      architectures: ['SCMP_ARCH_NATIVE', 'SCMP_ARCH_X86'],
      flags: [],
    };
    const { changes } = diffProfiles(before, after);
    const first = changes.findIndex(({ type }) => type === 'field');
    expect(changes[first]).to.include({
      type: 'field',
      field: 'architectures',
      to: 'SCMP_ARCH_X86',
      direction: 'let-in',
    });
    expect(changes.filter((change) => change.type === 'call' && change.call === '*').map(directionOf)).to.deep.equal([
      'let-in',
    ]);
    expect(changes.some((change) => change.type === 'call' && change.call === 'read')).to.equal(false);
    expect(differenceText(diffProfiles(after, before))).to.match(
      /Answers otherwise:\n {2}flags: SECCOMP_FILTER_FLAG_SPEC_ALLOW\n/,
    );
  });

  it('is a value for machines', () => {
    const found = diffProfiles(profileOf(), profileOf(allow(['bpf'], equals(0, 5n))));
    expect(JSON.parse(JSON.stringify(differenceValue(found)))).to.deep.equal({
      changes: [
        {
          direction: 'let-in',
          call: 'bpf',
          from: { action: 'SCMP_ACT_ERRNO', errno: 1 },
          to: { action: 'SCMP_ACT_ALLOW', errno: 0 },
          where: 'arg0 = 5',
          example: ['5', '0', '0', '0', '0', '0'],
          dangers: ['loads programs into the kernel'],
        },
      ],
      unknown: [],
    });
  });
});
