// SPDX-License-Identifier: Apache-2.0
// The order of turns, and those that are lost.
import { expect } from 'chai';
import { FairTurns } from '../../../src/io/http/fair-turns.ts';
import type { Waiter } from '../../../src/io/http/fair-turns.ts';

describe('io/http/fair-turns', () => {
  const log: string[] = [];
  let turns: FairTurns;
  beforeEach(() => {
    log.length = 0;
    turns = new FairTurns(6);
  });

  /** Enters one of an address. */
  function enter(name: string): Waiter {
    const waiter = { begin: () => log.push(`+${name}`), turnAway: () => log.push(`-${name}`) };
    turns.enter(waiter, name[0] ?? '');
    return waiter;
  }

  it('go from address to address, within one in order', () => {
    const waiters = ['a1', 'a2', 'a3', 'b1', 'b2', 'c1'].map(enter);
    expect(turns.isWanted).to.equal(true);
    for (const index of [0, 1, 3, 5, 2, 4]) turns.leave(waiters[index]!);
    expect(log).to.deep.equal(['+a1', '+a2', '+b1', '+c1', '+a3', '+b2']);
    expect(turns.isWanted).to.equal(false);
    enter('d1');
    expect(log.at(-1)).to.equal('+d1');
  });

  it('are lost by the oldest of the address that has the most, when too many wait', () => {
    for (const name of ['a1', 'a2', 'a3', 'a4', 'b1', 'b2', 'c1']) enter(name);
    expect(log).to.deep.equal(['+a1']);
    enter('c2');
    expect(log).to.deep.equal(['+a1', '-a2']);
  });

  it('are not waited for by whoever has left', () => {
    const [first, second, third] = ['a1', 'a2', 'b1'].map(enter);
    turns.leave(second!);
    turns.leave(first!);
    expect(log).to.deep.equal(['+a1', '+b1']);
    turns.leave(third!);
    turns.leave(third!);
    expect(turns.isWanted).to.equal(false);
  });
});
