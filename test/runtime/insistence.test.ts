// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { Insistence } from '../../src/runtime/insistence.ts';
import { FakeClock } from '../fakes/clock.ts';

describe('Insistence', () => {
  it('says the same again ever more rarely, up to once a minute', async () => {
    const clock = new FakeClock();
    const insistence = new Insistence(clock);
    const waits: number[] = [];
    for (let turn = 0; turn < 9; turn += 1) {
      expect(insistence.waitMs('a', 'x')).to.equal(0);
      insistence.wrote('a', 'x');
      waits.push(insistence.waitMs('a', 'x'));
      await clock.advance(waits.at(-1) ?? 0);
    }
    expect(waits).to.deep.equal([1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('says something else at once, and of another object too', () => {
    const insistence = new Insistence(new FakeClock());
    insistence.wrote('a', 'x');
    expect(insistence.waitMs('a', 'y')).to.equal(0);
    expect(insistence.waitMs('b', 'x')).to.equal(0);
    insistence.forget('a');
    expect(insistence.waitMs('a', 'x')).to.equal(0);
  });

  it('begins anew after what it said has stood for a while', async () => {
    const clock = new FakeClock();
    const insistence = new Insistence(clock);
    insistence.wrote('a', 'x');
    await clock.advance(1500);
    insistence.wrote('a', 'x');
    expect(insistence.waitMs('a', 'x')).to.equal(2000);
    await clock.advance(4000);
    insistence.wrote('a', 'x');
    expect(insistence.waitMs('a', 'x')).to.equal(1000);
  });
});
