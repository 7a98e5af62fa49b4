// SPDX-License-Identifier: Apache-2.0
// What of a profile's metadata is ours, and that nobody else's is touched.
import { expect } from 'chai';
import { metadataToApply } from '../../../src/core/status/profile-metadata.ts';
import type { Labelled } from '../../../src/core/status/profile-metadata.ts';

const HELD = ['spo.x-k8s.io/installed-on-nodes'];
const profile = (metadata: Partial<Labelled['metadata']> = {}): Labelled => ({
  apiVersion: 'g/v1',
  kind: 'SeccompProfile',
  metadata: { name: 'a', namespace: 'ns', uid: 'u', ...metadata },
});
const labels = { 'spo.x-k8s.io/profile-id': 'SeccompProfile-a', theirs: 'x' };

describe('core/status/profile-metadata', () => {
  it('names the uid, so that a profile that is gone is not made anew', () => {
    expect(metadataToApply(profile(), { finalizers: HELD, syscalls: '[]' })?.metadata).to.deep.equal({
      name: 'a',
      namespace: 'ns',
      uid: 'u',
      labels: { 'spo.x-k8s.io/profile-id': 'SeccompProfile-a' },
      annotations: { syscalls: '[]' },
      finalizers: HELD,
    });
  });

  it('is nothing where all stands, beside what others have put there', () => {
    const live = profile({ labels, finalizers: ['theirs', ...HELD], annotations: { other: 'y' } });
    expect(metadataToApply(live, { finalizers: HELD, syscalls: undefined })).to.equal(undefined);
  });

  it('differs with each of its parts', () => {
    const live = profile({ labels, finalizers: HELD, annotations: { syscalls: '[]' } });
    const wanted = { finalizers: HELD, syscalls: '[]' };
    expect(metadataToApply(live, wanted)).to.equal(undefined);
    expect(metadataToApply(live, { ...wanted, finalizers: [] })?.metadata.finalizers).to.deep.equal([]);
    expect(metadataToApply(live, { ...wanted, syscalls: undefined })?.metadata.annotations).to.deep.equal({});
    expect(metadataToApply(profile({ finalizers: HELD }), wanted)).to.not.equal(undefined);
  });
});
