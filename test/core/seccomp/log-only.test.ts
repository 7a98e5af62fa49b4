// SPDX-License-Identifier: Apache-2.0
// The log-only form of a profile: permits all that it permits, refuses nothing, and logs what it refuses.
import { expect } from 'chai';
import { logOnly, refusesAny } from '../../../src/core/seccomp/log-only.ts';
import { parseProfile } from '../../../src/core/seccomp/parse.ts';
import { renderSpec } from '../../../src/core/seccomp/render.ts';

const form = (spec: object) => {
  const profile = parseProfile(spec, 'profile x');
  return { spec: renderSpec(logOnly(profile)), refuses: refusesAny(profile) };
};

describe('core/seccomp/log-only', () => {
  it('turns refusals into lines of the log, and leaves the rest', () => {
    const args = [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }];
    const rules = [
      { action: 'SCMP_ACT_ALLOW', names: ['read'] },
      { action: 'SCMP_ACT_ERRNO', errnoRet: 38, names: ['clone3'] },
      { action: 'SCMP_ACT_KILL_PROCESS', names: ['bpf'], args },
      { action: 'SCMP_ACT_TRAP', names: ['ptrace'] },
      { action: 'SCMP_ACT_TRACE', errnoRet: 7, names: ['mount'] },
    ];
    const flags = ['SECCOMP_FILTER_FLAG_LOG'];
    expect(form({ defaultAction: 'SCMP_ACT_ERRNO', defaultErrnoRet: 1, flags, syscalls: rules })).to.deep.equal({
      refuses: true,
      spec: {
        defaultAction: 'SCMP_ACT_LOG',
        flags,
        syscalls: [
          { action: 'SCMP_ACT_ALLOW', names: ['read'] },
          { action: 'SCMP_ACT_LOG', names: ['clone3'] },
          { action: 'SCMP_ACT_LOG', args, names: ['bpf'] },
          { action: 'SCMP_ACT_LOG', names: ['ptrace'] },
          { action: 'SCMP_ACT_TRACE', errnoRet: 7, names: ['mount'] },
        ],
      },
    });
  });

  it('changes nothing of one that refuses nothing', () => {
    const spec = { defaultAction: 'SCMP_ACT_ALLOW', syscalls: [{ action: 'SCMP_ACT_LOG', names: ['bpf'] }] };
    expect(form(spec)).to.deep.equal({ spec, refuses: false });
    expect(form({ ...spec, syscalls: [{ action: 'SCMP_ACT_ERRNO', names: ['bpf'] }] })).to.deep.equal({
      spec,
      refuses: true,
    });
  });
});
