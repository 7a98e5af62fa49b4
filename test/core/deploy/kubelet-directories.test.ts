// SPDX-License-Identifier: Apache-2.0
// The condition about the labels that name kubelets' directories.
import { expect } from 'chai';
import { directoriesInEffect } from '../../../src/core/deploy/kubelet-directories.ts';

describe('core/deploy/kubelet-directories', () => {
  it('says nothing where no node has a label', () => {
    expect(directoriesInEffect([], false, 1)).to.equal(undefined);
    expect(directoriesInEffect([], true, 1)?.message).to.contain('no node has one');
  });

  it('names nodes and directories', () => {
    const nodes = [
      { name: 'b', label: 'mnt-b' },
      { name: 'a', label: 'mnt-a' },
    ];
    expect(directoriesInEffect(nodes, false, 2)).to.deep.equal({
      type: 'KubeletDirectoriesInEffect',
      status: 'True',
      reason: 'AllInEffect',
      message: 'by their labels: a (/mnt/a), b (/mnt/b)',
      observedGeneration: 2,
    });
    expect(directoriesInEffect(nodes, true, 2)).to.include({ status: 'False', reason: 'LabelsChanging' });
  });

  it('names the nodes whose label is no directory, with the label, and counts the rest of many', () => {
    const nodes = Array.from({ length: 12 }, (_, i) => ({ name: `n${String(i + 10)}`, label: 'mnt-..-etc' }));
    const wrong = directoriesInEffect([...nodes, { name: 'good', label: 'mnt' }], true, 1);
    expect(wrong).to.include({ status: 'False', reason: 'InvalidKubeletDirectory' });
    expect(wrong?.message).to.contain('n10 (mnt-..-etc), ').and.to.contain(' and 2 more');
    expect(wrong?.message).to.not.contain('good');
  });
});
