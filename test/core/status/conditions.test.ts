// SPDX-License-Identifier: Apache-2.0
// Conditions: a time that moves only with the truth, and other people's conditions left alone.
import { expect } from 'chai';
import { withObservation } from '../../../src/core/status/conditions.ts';

const ready = { type: 'Ready', status: 'False', reason: 'Creating', message: 'm' } as const;

describe('core/status/conditions', () => {
  it('adds a condition with the time of now', () => {
    expect(withObservation(undefined, ready, 'T1')).to.deep.equal([{ ...ready, lastTransitionTime: 'T1' }]);
  });

  it('keeps the time while the status stays, though the reason changes', () => {
    const before = withObservation(undefined, ready, 'T1');
    const [after] = withObservation(before, { ...ready, reason: 'Unavailable' }, 'T2');
    expect(after).to.deep.equal({ ...ready, reason: 'Unavailable', lastTransitionTime: 'T1' });
    const [flipped] = withObservation(before, { ...ready, status: 'True' }, 'T2');
    expect(flipped?.lastTransitionTime).to.equal('T2');
  });

  it('leaves other types where they are', () => {
    const other = { ...ready, type: 'Other', lastTransitionTime: 'T0' };
    const both = withObservation([other], ready, 'T1');
    expect(both.map((condition) => condition.type)).to.deep.equal(['Other', 'Ready']);
    expect(withObservation(both, { ...ready, status: 'True' }, 'T2')[0]).to.equal(other);
  });
});
