// SPDX-License-Identifier: Apache-2.0
// A status that flaps is written at a bounded rate, and one that does not is written at once.
import { expect } from 'chai';
import { StatusPace } from '../../../src/handlers/manager/status-pace.ts';

const STEP_MS = 100;

/** How many writes get through in so many seconds, where each of the profiles would be written at each step. */
function writesIn(seconds: number, profiles: number, startMs = 0): number {
  let now = startMs;
  let writes = 0;
  const pace = new StatusPace(() => now);
  for (; now < startMs + seconds * 1000; now += STEP_MS) {
    for (let i = 0; i < profiles; i++) {
      const key = { namespace: 'ns', name: `p${String(i)}` };
      if (pace.leftMs(key) > 0) continue;
      pace.wrote(key);
      writes += 1;
    }
  }
  return writes;
}

describe('handlers/manager/status-pace', () => {
  it('lets the first three writes of a profile through, then one in two seconds', () => {
    expect(writesIn(10, 1)).to.be.within(6, 8);
    expect(writesIn(100, 1)).to.be.within(50, 53);
  });

  it('writes fifty a second at most for thousands that flap, after the first three of each', () => {
    expect(writesIn(60, 1000) - 3000).to.be.within(1, 60 * 50);
  });

  it('says when to ask again, and asks nobody to wait who has been quiet', () => {
    let now = 5;
    const pace = new StatusPace(() => now);
    const key = { namespace: 'ns', name: 'a' };
    for (let i = 0; i < 3; i++) {
      expect(pace.leftMs(key)).to.equal(0);
      pace.wrote(key);
      now += 100;
    }
    expect(pace.leftMs(key)).to.equal(1900);
    expect(pace.leftMs({ namespace: 'ns', name: 'b' }), 'another one').to.equal(0);
    now += 1900;
    expect(pace.leftMs(key)).to.equal(0);
    pace.wrote(key);
    now += 10_000;
    expect(pace.leftMs(key)).to.equal(0);
    pace.wrote(key);
    expect(pace.leftMs(key), 'only the first of a new row').to.equal(0);
  });

  it('does not wait for a clock that was set back, and forgets what is gone', () => {
    let now = 1_000_000;
    const pace = new StatusPace(() => now);
    const key = { namespace: 'ns', name: 'a' };
    for (let i = 0; i < 3; i++) pace.wrote(key);
    now -= 900_000;
    expect(pace.leftMs(key)).to.equal(0);
    for (let i = 0; i < 3; i++) pace.wrote(key);
    expect(pace.leftMs(key)).to.be.greaterThan(0);
    pace.forget(key);
    expect(pace.leftMs(key)).to.equal(0);
  });
});
