// SPDX-License-Identifier: Apache-2.0
// A burst, then a trickle; and shares of it.
import { expect } from 'chai';
import { Rate, SharedRate } from '../../src/core/rate.ts';

describe('core/rate', () => {
  it('allows a burst, then one after each refill, and never saves more than a burst', () => {
    const rate = new Rate({ burst: 3, refillMs: 1000 });
    const spent = (now: number, wishes = 10): number =>
      Array.from({ length: wishes }, () => rate.spend(now)).filter(Boolean).length;
    expect(spent(0)).to.equal(3);
    expect(spent(999)).to.equal(0);
    expect(spent(1000)).to.equal(1);
    expect(spent(1_000_000)).to.equal(3);
    expect(spent(500), 'the clock was set back').to.equal(0);
  });

  const spent = (rate: SharedRate, owner: string, wishes = 100): number =>
    Array.from({ length: wishes }, () => rate.spend(owner, 0)).filter(Boolean).length;

  it('leaves the others their shares, whatever one of them asks for', () => {
    const rate = new SharedRate({ burst: 3, refillMs: 1000 }, { burst: 5, refillMs: 1000 });
    expect(spent(rate, 'a')).to.equal(3);
    expect(spent(rate, 'b')).to.equal(2);
    expect(spent(rate, 'c'), 'all together').to.equal(0);
    expect(rate.spend('a', 1000)).to.equal(true);
  });

  it('remembers a number of owners, and forgets the one that has asked longest ago', () => {
    const rate = new SharedRate({ burst: 1, refillMs: 1000 }, { burst: 1e9, refillMs: 1 });
    for (let owner = 0; owner < 1025; owner++) spent(rate, String(owner), 1);
    expect(rate.spend('1', 0)).to.equal(false);
    expect(rate.spend('0', 0)).to.equal(true);
  });
});
