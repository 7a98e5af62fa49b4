// SPDX-License-Identifier: Apache-2.0
// The numbers that `kubectl get spns` shows.
import { expect } from 'chai';
import { summarize } from '../../../src/core/status/node-summary.ts';

describe('core/status/node-summary', () => {
  it('counts states and names the worst', () => {
    const states = ['Installed', 'Pending', 'Terminating', 'InProgress', 'Disabled', 'Installed'] as const;
    expect(summarize(states.map((state) => ({ state })))).to.deep.equal({
      status: 'Terminating',
      installed: 2,
      pending: 3,
      failed: 0,
    });
    expect(summarize([{ state: 'Error' }]).failed).to.equal(1);
  });

  it('has no status for a node without profiles', () => {
    expect(summarize([])).to.deep.equal({ installed: 0, pending: 0, failed: 0 });
  });
});
