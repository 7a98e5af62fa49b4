// SPDX-License-Identifier: Apache-2.0
// The words of a node about its SELinux, and the policy for recordings.
import { expect } from 'chai';
import { usageOfBlock } from '../../../src/core/selinux/names.ts';
import { RECORDING_POLICY } from '../../../src/core/selinux/store/recording-policy.ts';
import { selinuxSupport } from '../../../src/core/selinux/support.ts';

describe('core/selinux/support', () => {
  it('says why a node has no SELinux profiles', () => {
    expect(selinuxSupport('on')).to.include({ type: 'SelinuxSupported', status: 'True' });
    expect(selinuxSupport('off')).to.include({ status: 'False', reason: 'SelinuxNotSupportedOnNode' });
    const unserved = selinuxSupport('unserved');
    expect(unserved).to.include({ status: 'False', reason: 'SelinuxNotEnabled' });
    expect(unserved.message).to.include('enableSelinux');
  });

  it("has the policy for recordings under the original's name, permissive", () => {
    expect(usageOfBlock(RECORDING_POLICY.name)).to.equal('selinuxrecording.process');
    expect(RECORDING_POLICY.text).to.include('(typepermissive process)');
  });
});
