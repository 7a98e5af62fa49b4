// SPDX-License-Identifier: Apache-2.0
// Names: what users' checks expect, and that no label leads out of the node's directories.
import { expect } from 'chai';
import fc from 'fast-check';
import { kubeletDirFromLabel, objectKey, profileId } from '../../src/core/names.ts';

const LABEL_VALUE = /^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/;

describe('core/names', () => {
  it("reads the kubelet directory from a node's label", () => {
    expect(kubeletDirFromLabel('mnt-resource-kubelet')).to.equal('/mnt/resource/kubelet');
    for (const bad of ['', '-', 'mnt-..-etc', '..']) expect(() => kubeletDirFromLabel(bad), bad).to.throw(RangeError);
  });

  it('makes profile ids that fit a label', () => {
    expect(profileId('SeccompProfile', 'profile1')).to.equal('SeccompProfile-profile1');
    const long = profileId('SeccompProfile', 'x'.repeat(72));
    expect(long).to.have.lengthOf(63);
    expect(long).to.match(/^SeccompProfile-[0-9a-f]{48}$/);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,80}[a-z0-9])?$/), (name) => {
        const id = profileId('SeccompProfile', name);
        return id.length <= 63 && LABEL_VALUE.test(id);
      }),
    );
  });

  it('writes keys with and without a namespace', () => {
    expect(objectKey('ns', 'a')).to.equal('ns/a');
    expect(objectKey(undefined, 'a')).to.equal('a');
  });
});
