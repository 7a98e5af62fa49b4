// SPDX-License-Identifier: Apache-2.0
// The API server's time: that of the machine where both agree, and else what its answers tell.
import { expect } from 'chai';
import { ServerTime } from '../../src/io/server-time.ts';

const SERVER = Date.parse('2026-01-01T00:00:00Z');

describe('io/server-time', () => {
  const hear = (time: ServerTime, at = SERVER): void => time.heard(new Date(at).toUTCString());

  it('is the time of the machine before an answer, and where the clocks agree', () => {
    let local = SERVER + 900;
    const time = new ServerTime(() => local);
    expect(time.now()).to.equal(local);
    hear(time);
    expect(time.now()).to.equal(local);
    time.heard(undefined);
    time.heard('yesterday');
    local += 5000;
    expect(time.now()).to.equal(local);
  });

  for (const hours of [1, -1]) {
    it(`is that of the API server where the machine's clock is ${String(hours)} hours ahead, until it is set right`, () => {
      let local = SERVER + hours * 3_600_000;
      const time = new ServerTime(() => local);
      hear(time);
      expect(time.now()).to.equal(SERVER);
      local += 700;
      hear(time);
      expect(time.now()).to.equal(SERVER + 700);
      local = SERVER + 1700;
      hear(time, SERVER + 1000);
      expect(time.now()).to.equal(local);
    });
  }
});
