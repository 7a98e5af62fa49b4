// SPDX-License-Identifier: Apache-2.0
// When rounds of installing are made: together for what comes together, again after failures, never two at a time.
import { expect } from 'chai';
import { SILENT } from '../../src/core/log.ts';
import type { Log } from '../../src/core/log.ts';
import { PolicyRounds } from '../../src/roles/wiring/policy-rounds.ts';
import { FakeClock } from '../fakes/clock.ts';

describe('roles/wiring/policy-rounds', () => {
  let clock: FakeClock;
  let rounds: PolicyRounds;
  let begun: number;
  let ended: number;
  let finish: (error?: Error) => void;
  let ending: AbortController;
  let done: Promise<void>;
  let said: string[];

  beforeEach(() => {
    clock = new FakeClock();
    [begun, ended, said] = [0, 0, []];
    const log: Log = { ...SILENT, error: (_text, more) => void said.push(String(more?.['why'])) };
    rounds = new PolicyRounds({
      clock,
      log,
      round: () => {
        begun += 1;
        return new Promise((resolve, reject) => {
          finish = (error) => (error === undefined ? resolve() : reject(error));
        });
      },
      ended: () => (ended += 1),
    });
    ending = new AbortController();
    done = rounds.run(ending.signal);
  });
  afterEach(async () => {
    ending.abort();
    finish();
    await done;
  });

  async function pass(ms: number): Promise<void> {
    await clock.advance(ms);
  }

  it('begins with one, and waits for changes that come together', async () => {
    await pass(1000);
    expect(begun).to.equal(1);
    finish();
    await pass(1000);
    expect([begun, ended]).to.deep.equal([1, 1]);
    for (let change = 0; change < 5; change++) {
      rounds.ask();
      await pass(100);
    }
    expect(begun).to.equal(1);
    await pass(1000);
    expect(begun).to.equal(2);
  });

  it('does not wait for ever for changes that do not end', async () => {
    for (let change = 0; change < 50 && begun === 0; change++) {
      rounds.ask();
      await pass(100);
    }
    expect(begun).to.equal(1);
  });

  it('makes another round for what comes during one', async () => {
    await pass(1000);
    rounds.ask();
    await pass(1000);
    expect(begun).to.equal(1);
    finish();
    await pass(1000);
    expect(begun).to.equal(2);
  });

  it('tries again after a failure, and later each time', async () => {
    await pass(1000);
    finish(new Error('locked'));
    await pass(2000);
    expect([begun, ended]).to.deep.equal([2, 0]);
    finish(new Error('locked'));
    await pass(1000);
    expect(begun).to.equal(2);
    await pass(2000);
    expect(begun).to.equal(3);
  });

  it('says once why it fails, until that changes', async () => {
    for (const why of ['no SELinux', 'no SELinux', 'locked', 'no SELinux']) {
      await pass(60_000);
      finish(new Error(why));
    }
    await pass(60_000);
    expect(said).to.deep.equal(['no SELinux', 'locked', 'no SELinux']);
  });
});
