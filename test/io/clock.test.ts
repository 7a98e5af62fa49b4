// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { setTimeout as sleep } from 'node:timers/promises';
import { SYSTEM_CLOCK } from '../../src/io/clock.ts';

describe('systemClock', () => {
  it('does not fire at once where the wait is longer than a timer can be set for', async () => {
    let fired = 0;
    const cancels = [2 ** 31, 86_400_000_000, Number.POSITIVE_INFINITY].map((ms) =>
      SYSTEM_CLOCK.after(ms, () => (fired += 1)),
    );
    await sleep(30);
    for (const cancel of cancels) cancel();
    expect(fired).to.equal(0);
  });
});
