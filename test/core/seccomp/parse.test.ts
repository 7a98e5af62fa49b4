// SPDX-License-Identifier: Apache-2.0
// Reading: both forms say the same, and what is wrong is told all at once, with its place.
import { expect } from 'chai';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { goldenValue } from './golden.ts';

interface Case {
  readonly document: unknown;
  readonly faults: readonly string[];
}

function faultsOf(document: unknown): readonly string[] {
  try {
    parseProfile(document, 'x.json');
    return [];
  } catch (error) {
    if (!(error instanceof InvalidProfile)) throw error;
    return error.faults.map(({ field, reason }) => (field === '' ? reason : `${field}: ${reason}`));
  }
}

describe('parseProfile()', () => {
  it('reads every field of either form', () => {
    const profile = parseProfile(goldenValue('every-field.json'), 'x');
    expect(profile).to.deep.equal({
      defaultAction: 'SCMP_ACT_ERRNO',
      defaultErrno: 38,
      architectures: ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'],
      flags: ['SECCOMP_FILTER_FLAG_LOG'],
      listenerPath: '/run/agent.sock',
      listenerMetadata: 'pod=web',
      rules: [
        { names: ['exit_group', 'read'], action: 'SCMP_ACT_ALLOW', args: [] },
        { names: ['ptrace'], action: 'SCMP_ACT_TRACE', errno: 65535, args: [] },
        {
          names: ['lseek'],
          action: 'SCMP_ACT_ALLOW',
          args: [
            { index: 1, op: 'SCMP_CMP_EQ', value: 2n ** 64n - 1n, valueTwo: 0n },
            { index: 2, op: 'SCMP_CMP_MASKED_EQ', value: 2n ** 53n + 1n, valueTwo: 2n ** 53n },
          ],
        },
      ],
    });
    expect(parseProfile(goldenValue('every-field.spec.json'), 'x')).to.deep.equal(profile);
  });

  it('takes what is not written for what runtimes take it for', () => {
    const profile = parseProfile(
      {
        defaultAction: 'SCMP_ACT_ERRNO',
        defaultErrnoRet: 1,
        architectures: null,
        listenerPath: '',
        baseProfileName: 'base',
        disabled: true,
        syscalls: [
          { names: ['read'], action: 'SCMP_ACT_ERRNO', errnoRet: 1, args: null },
          { names: ['write'], action: 'SCMP_ACT_ALLOW', errnoRet: 0, args: [{ index: 0, op: 'SCMP_CMP_EQ' }] },
        ],
      },
      'x',
    );
    expect(profile).to.deep.equal({
      defaultAction: 'SCMP_ACT_ERRNO',
      architectures: [],
      baseProfileName: 'base',
      rules: [
        { names: ['read'], action: 'SCMP_ACT_ERRNO', args: [] },
        {
          names: ['write'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: 0, op: 'SCMP_CMP_EQ', value: 0n, valueTwo: 0n }],
        },
      ],
    });
  });

  it('keeps valueTwo only where the operator uses it', () => {
    const args = [{ index: 0, op: 'SCMP_CMP_GE', value: '0xff', valueTwo: 3 }];
    const { rules } = parseProfile(
      { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['read'], action: 'SCMP_ACT_LOG', args }] },
      'x',
    );
    expect(rules[0]?.args).to.deep.equal([{ index: 0, op: 'SCMP_CMP_GE', value: 255n, valueTwo: 0n }]);
  });

  it('tells every fault with its place', () => {
    for (const { document, faults } of goldenValue('faults.json') as readonly Case[]) {
      const told = faultsOf(document);
      expect(told.length, told.join('\n')).to.equal(faults.length);
      faults.forEach((fault, index) => expect(told[index]).to.satisfy((text: string) => text.startsWith(fault), fault));
    }
  });

  it('says that a number lost precision before it came here', () => {
    const args = [{ index: 0, op: 'SCMP_CMP_EQ', value: 2 ** 60 }];
    const document = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ names: ['read'], action: 'SCMP_ACT_LOG', args }] };
    expect(faultsOf(document)).to.deep.equal([
      'syscalls[0].args[0].value: lost precision on the way here: write it as a string',
    ]);
  });

  it('names what it read', () => {
    expect(() => parseProfile({ defaultAction: 1 }, 'profile.yaml')).to.throw(
      InvalidProfile,
      /^profile\.yaml: default/,
    );
  });
});
