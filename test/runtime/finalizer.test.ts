// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { finalizerActionFor } from '../../src/runtime/finalizer.ts';
import { widget } from '../fakes/operator.ts';

const ours = 'spo/held';

function object(finalizers: readonly string[], deleting: boolean) {
  const { metadata, ...rest } = widget('a');
  const deletion = deleting ? { deletionTimestamp: '2026-01-01T00:00:00Z' } : {};
  return { ...rest, metadata: { ...metadata, resourceVersion: '7', finalizers, ...deletion } };
}

describe('dutyFor()', () => {
  it('knows the four cases of a finalizer', () => {
    expect(finalizerActionFor(object([], false), ours)).to.equal('hold-and-apply');
    expect(finalizerActionFor(object([ours], false), ours)).to.equal('apply');
    expect(finalizerActionFor(object([ours], true), ours)).to.equal('cleanup-and-release');
    expect(finalizerActionFor(object(['other'], true), ours)).to.equal('nothing');
  });

  it('cleans up without a finalizer of its own while others hold the object', () => {
    expect(finalizerActionFor(object(['other'], true), undefined)).to.equal('cleanup');
    expect(finalizerActionFor(object([], false), undefined)).to.equal('apply');
  });
});
