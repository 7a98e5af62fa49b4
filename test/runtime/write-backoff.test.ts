// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { WriteBackoff } from '../../src/runtime/write-backoff.ts';
import { FakeClock } from '../fakes/clock.ts';

describe('Insistence', () => {
  it('says the same again ever more rarely, up to once a minute', async () => {
    const clock = new FakeClock();
    const writeBackoff = new WriteBackoff(clock);
    const waits: number[] = [];
    for (let turn = 0; turn < 9; turn += 1) {
      expect(writeBackoff.waitMs('a', 'x')).to.equal(0);
      writeBackoff.wrote('a', 'x');
      waits.push(writeBackoff.waitMs('a', 'x'));
      await clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('says something else at once, and of another object too', () => {
    const writeBackoff = new WriteBackoff(new FakeClock());
    writeBackoff.wrote('a', 'x');
    expect(writeBackoff.waitMs('a', 'y')).to.equal(0);
    expect(writeBackoff.waitMs('b', 'x')).to.equal(0);
    writeBackoff.forget('a');
    expect(writeBackoff.waitMs('a', 'x')).to.equal(0);
  });

  it('begins anew after what it said has stood for a while', async () => {
    const clock = new FakeClock();
    const writeBackoff = new WriteBackoff(clock);
    writeBackoff.wrote('a', 'x');
    await clock.advance(1500);
    writeBackoff.wrote('a', 'x');
    expect(writeBackoff.waitMs('a', 'x')).to.equal(2000);
    await clock.advance(4000);
    writeBackoff.wrote('a', 'x');
    expect(writeBackoff.waitMs('a', 'x')).to.equal(1000);
  });
});
