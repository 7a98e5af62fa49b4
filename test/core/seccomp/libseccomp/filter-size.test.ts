// SPDX-License-Identifier: Apache-2.0
// How long filters are. That the bounds are those of libseccomp and the kernel is held in
// test/native/filter-size.test.ts.
import { expect } from 'chai';
import { filterSize } from '../../../../src/core/seccomp/libseccomp/filter-size.ts';
import type { Profile, Rule } from '../../../../src/core/seccomp/model.ts';

const NATIVE = 'SCMP_ARCH_X86_64';

const profile = (count: number, ...names: readonly string[]): Profile => ({
  defaultAction: 'SCMP_ACT_ERRNO',
  architectures: [],
  rules: Array.from({ length: count }, (_, index): Rule => {
    const args = [{ index: 1, op: 'SCMP_CMP_EQ', value: BigInt(3 * index), valueTwo: 0n }] as const;
    return { names, action: 'SCMP_ACT_ALLOW', args };
  }),
});

describe('core/seccomp/filter-size', () => {
  it('counts no small filter exactly', () => {
    expect(filterSize(profile(5, 'ioctl'), NATIVE).atMost).to.be.lessThan(200);
  });

  it('grows by one instruction for each value of an argument, and by one for each jump that is too long', () => {
    // libseccomp 2.5.4: 1,000 rules make 1,017 instructions, 4,000 rules 4,029.
    const few = filterSize(profile(1000, 'ioctl'), NATIVE);
    expect(few.atLeast).to.be.within(1015, 1017);
    expect(filterSize(profile(4000, 'ioctl'), NATIVE).atLeast).to.be.within(4027, 4029);
    expect(few.atMost - few.atLeast).to.be.lessThan(30);
  });

  it('counts each call and each architecture, and what calls share once', () => {
    const one = filterSize(profile(1000, 'ioctl'), NATIVE).atLeast;
    // libseccomp 2.5.4: 2,000 rules for two calls alike make 2,022 instructions.
    expect(filterSize(profile(2000, 'ioctl', 'fcntl'), NATIVE).atLeast).to.be.within(2015, 2022);
    const other = profile(2000, 'fcntl').rules.slice(1000);
    const two = { ...profile(0), rules: [...profile(1000, 'ioctl').rules, ...other] };
    expect(filterSize(two, NATIVE).atLeast).to.be.greaterThan(2 * one - 20);
    // 1,020 on both architectures: the lower half is compared alike.
    const both = filterSize({ ...profile(1000, 'ioctl'), architectures: ['SCMP_ARCH_X86'] }, NATIVE).atLeast;
    expect(both).to.be.within(1015, 1020);
  });

  it('counts equal conditions once, and nothing of a call that is allowed anyway', () => {
    const double = {
      ...profile(1000, 'ioctl'),
      rules: [...profile(1000, 'ioctl').rules, ...profile(1000, 'ioctl').rules],
    };
    expect(filterSize(double, NATIVE).atLeast).to.equal(filterSize(profile(1000, 'ioctl'), NATIVE).atLeast);
    const always: Rule = { names: ['ioctl'], action: 'SCMP_ACT_ALLOW', args: [] };
    expect(filterSize({ ...double, rules: [always, ...double.rules] }, NATIVE).atMost).to.be.lessThan(100);
  });
});
