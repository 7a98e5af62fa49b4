// SPDX-License-Identifier: Apache-2.0
// Warnings about valid profiles whose filters differ from what a reader expects, and profiles without one.
import { expect } from 'chai';
import type { Action, ArgCondition, Flag, Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { filterWarnings, flagWarnings } from '../../../src/core/seccomp/warnings.ts';

const NATIVE = 'SCMP_ARCH_X86_64';
const BOTH = ['SCMP_ARCH_X86_64', 'SCMP_ARCH_X86'] as const;

const rule = (action: Action, names: readonly string[], ...args: ArgCondition[]): Rule => ({ names, action, args });
const allow = (...names: readonly string[]): Rule => rule('SCMP_ACT_ALLOW', names);
const at = (index: number, op: ArgCondition['op'], value: bigint): ArgCondition => ({ index, op, value, valueTwo: 0n });
const profile = (defaultAction: Action, ...rules: readonly Rule[]): Profile => ({
  defaultAction,
  architectures: BOTH,
  rules,
});
const MINIMAL = allow('execve', 'exit_group');

const warnings = (of: Profile) => filterWarnings(of, NATIVE);

describe('core/seccomp/warnings', () => {
  it('say of an allow list that nothing starts or ends under it', () => {
    expect(warnings(profile('SCMP_ACT_ERRNO', MINIMAL))).to.deep.equal([]);
    expect(warnings(profile('SCMP_ACT_ERRNO', allow('execve', 'read')))).to.deep.equal([
      'it does not permit exit_group, without which programs crash or never end',
    ]);
    expect(warnings(profile('SCMP_ACT_KILL', allow('exit_group')))).to.deep.equal([
      'it does not permit execve, so no container can start under it',
    ]);
    const conditional = rule('SCMP_ACT_LOG', ['exit_group'], at(0, 'SCMP_CMP_EQ', 0n));
    expect(warnings(profile('SCMP_ACT_ERRNO', allow('execve'), conditional))).to.deep.equal([]);
  });

  it('say of a deny list that it denies the end', () => {
    const denied = profile('SCMP_ACT_ALLOW', rule('SCMP_ACT_ERRNO', ['exit_group', 'mkdir']));
    expect(warnings(denied).join()).to.equal(
      'it does not permit exit_group, without which programs crash or never end',
    );
  });

  it('say that a default which lets calls happen kills programs of other architectures', () => {
    for (const action of ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG'] as const) {
      for (const architectures of [[], ['SCMP_ARCH_X86_64']] as const) {
        expect(warnings({ ...profile(action), architectures })).to.deep.equal([
          `the default action ${action} does not reach programs of SCMP_ARCH_X86, which are not in architectures: they are killed`,
        ]);
      }
      expect(warnings(profile(action))).to.deep.equal([]);
      expect(filterWarnings({ ...profile(action), architectures: [] }, 'SCMP_ARCH_AARCH64').join()).to.contain(
        'SCMP_ARCH_ARM',
      );
    }
    expect(warnings({ ...profile('SCMP_ACT_ERRNO', MINIMAL), architectures: [] })).to.deep.equal([]);
  });

  it('name the calls whose comparisons 32-bit programs pass by', () => {
    const rules = [
      MINIMAL,
      rule('SCMP_ACT_ALLOW', ['socket', 'ioctl'], at(0, 'SCMP_CMP_EQ', 1n)),
      rule('SCMP_ACT_ALLOW', ['shmget', 'bind'], at(2, 'SCMP_CMP_EQ', 1n)),
      rule('SCMP_ACT_ALLOW', ['connect'], at(0, 'SCMP_CMP_GE', 0n)),
    ];
    const ofI386 = (of: Profile) => warnings(of).filter((text) => !text.includes('64 bits'));
    const how = (carrier: string) =>
      `do not hold everywhere: programs of SCMP_ARCH_X86 make these calls through ${carrier}, too, where a filter cannot compare their arguments`;
    expect(ofI386(profile('SCMP_ACT_ERRNO', ...rules))).to.deep.equal([
      `syscalls: the comparisons for bind, socket ${how('socketcall')}`,
      `syscalls: the comparisons for shmget ${how('ipc')}`,
    ]);
    expect(ofI386({ ...profile('SCMP_ACT_ERRNO', ...rules), architectures: [] })).to.deep.equal([]);
  });
});

describe('flagWarnings()', () => {
  const flagged = (flags: readonly Flag[], action: Action = 'SCMP_ACT_ALLOW'): Profile => ({
    ...profile('SCMP_ACT_ERRNO', rule(action, ['read'])),
    flags,
  });

  it('says nothing where no flag is set', () => {
    expect(flagWarnings(profile('SCMP_ACT_ERRNO'))).to.deep.equal([]);
    expect(flagWarnings(flagged([]))).to.deep.equal([]);
  });

  it('says what each runtime makes of a flag', () => {
    const old = 'flags: runc before 1.2 starts no container under a profile with flags';
    const killable = 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV';
    const library = `flags: runc starts no container under ${killable} with libseccomp before 2.6.0`;
    expect(flagWarnings(flagged(['SECCOMP_FILTER_FLAG_LOG']))).to.deep.equal([old]);
    expect(flagWarnings(flagged(['SECCOMP_FILTER_FLAG_LOG', killable]))).to.deep.equal([
      old,
      `flags: the kernel refuses ${killable} without a rule of SCMP_ACT_NOTIFY: crun then sets no flag at all`,
      library,
    ]);
    expect(flagWarnings(flagged([killable], 'SCMP_ACT_NOTIFY'))).to.deep.equal([old, library]);
  });
});
