// SPDX-License-Identifier: Apache-2.0
// Our part of a profile's metadata.
import { expect } from 'chai';
import { finalizersLeft, profileMetadata } from '../../../src/core/status/profile-metadata.ts';

const installed = 'spo.x-k8s.io/installed-on-nodes';
const inUse = 'in-use-by-active-pods';
const profile = { kind: 'SeccompProfile', metadata: { name: 'a' } };

describe('core/status/profile-metadata', () => {
  it('is a label, an annotation and two finalizers', () => {
    expect(profileMetadata(profile, { nodes: true, pods: false }, { syscalls: '[]' })).to.deep.equal({
      labels: { 'spo.x-k8s.io/profile-id': 'SeccompProfile-a' },
      annotations: { syscalls: '[]' },
      finalizers: { [installed]: true, [inUse]: false },
    });
  });

  it('says of a profile without a base that there must be no annotation, whoever has put it there', () => {
    const { annotations } = profileMetadata(profile, { nodes: true, pods: true }, { syscalls: undefined });
    expect(annotations).to.have.own.property('syscalls', undefined);
  });

  it('adds no finalizer to a profile that is being deleted', () => {
    expect(finalizersLeft([installed, 'theirs'], { nodes: true, pods: true })).to.deep.equal({
      [installed]: true,
      [inUse]: false,
    });
    expect(finalizersLeft(undefined, { nodes: true, pods: true })).to.deep.equal({
      [installed]: false,
      [inUse]: false,
    });
    expect(finalizersLeft([installed, inUse], { nodes: true, pods: false })).to.deep.equal({
      [installed]: true,
      [inUse]: false,
    });
  });

  it('lets go what the original has left on a profile for each node, and no finalizer of others', () => {
    const finalizers = ['worker-1.example-deleted', 'example.com/deleted', 'example.com/x-deleted', 'theirs', inUse];
    const of = { ...profile, metadata: { ...profile.metadata, finalizers } };
    expect(profileMetadata(of, { nodes: true, pods: false }, {}).finalizers).to.deep.equal({
      [installed]: true,
      [inUse]: false,
      'worker-1.example-deleted': false,
    });
    expect(finalizersLeft(finalizers, { nodes: false, pods: true })).to.deep.equal({
      [installed]: false,
      [inUse]: true,
      'worker-1.example-deleted': false,
    });
  });
});
