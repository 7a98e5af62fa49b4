// SPDX-License-Identifier: Apache-2.0
// A burst, then a trickle.
import { expect } from 'chai';
import { EventBudget } from '../../../src/core/status/event-budget.ts';

describe('core/status/event-budget', () => {
  it('allows a burst, then one after each refill, and never saves more than a burst', () => {
    const budget = new EventBudget({ burst: 3, refillMs: 1000 });
    const spent = (now: number, wishes = 10): number =>
      Array.from({ length: wishes }, () => budget.spend(now)).filter(Boolean).length;
    expect(spent(0)).to.equal(3);
    expect(spent(999)).to.equal(0);
    expect(spent(1000)).to.equal(1);
    expect(spent(1_000_000)).to.equal(3);
    expect(spent(500), 'the clock was set back').to.equal(0);
  });
});
