// SPDX-License-Identifier: Apache-2.0
// The features of a kernel that a profile needs.
import { expect } from 'chai';
import { lacking, seccompSupport, supportsSeccomp } from '../../src/core/kernel.ts';

const actions = ['kill_process', 'kill_thread', 'trap', 'errno', 'trace', 'log', 'allow'];
const kernel = { release: '5.10.0-8-amd64', machine: 'x86_64', actions };

describe('core/kernel', () => {
  it('knows a kernel without seccomp filters', () => {
    expect(supportsSeccomp(kernel)).to.equal(true);
    const bare = { ...kernel, actions: undefined };
    expect(supportsSeccomp(bare)).to.equal(false);
    expect(seccompSupport(kernel)).to.include({ status: 'True', message: 'kernel 5.10.0-8-amd64 has seccomp filters' });
    expect(seccompSupport(bare)).to.deep.equal({
      type: 'SeccompSupported',
      status: 'False',
      reason: 'SeccompNotSupportedOnNode',
      message: 'kernel 5.10.0-8-amd64 has no seccomp filters',
    });
  });

  it('finds nothing lacking in an ordinary profile', () => {
    const demands = { actions: ['SCMP_ACT_ERRNO', 'SCMP_ACT_KILL'], flags: ['SECCOMP_FILTER_FLAG_LOG'] };
    expect(lacking(kernel, demands)).to.deep.equal([]);
  });

  it('names each action and flag that the kernel lacks, once', () => {
    const demands = {
      actions: ['SCMP_ACT_NOTIFY', 'SCMP_ACT_NOTIFY', 'SCMP_ACT_LOG'],
      flags: ['SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV'],
    };
    expect(lacking(kernel, demands)).to.deep.equal([
      'the action SCMP_ACT_NOTIFY',
      'the flag SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (Linux 5.19 and later)',
    ]);
    expect(lacking({ ...kernel, release: '6.1.0', actions: [...actions, 'user_notif'] }, demands)).to.deep.equal([]);
    expect(
      lacking({ ...kernel, release: '4.9.1' }, { actions: [], flags: ['SECCOMP_FILTER_FLAG_LOG'] }),
    ).to.have.length(1);
  });
});
