// SPDX-License-Identifier: Apache-2.0
// Whose entries get room first.
import { expect } from 'chai';
import fc from 'fast-check';
import { fairOrder } from '../../../src/core/status/fair-order.ts';

type Item = readonly [namespace: string, number: number];

const ordered = (items: readonly Item[]): readonly Item[] =>
  fairOrder(
    items,
    ([ns]) => ns,
    (a, b) => a[1] - b[1],
  );

describe('core/status/fair-order', () => {
  it('takes one of each namespace in turn, and of each the most needed first', () => {
    const items: readonly Item[] = [
      ['a', 3],
      ['a', 1],
      ['a', 2],
      ['b', 9],
      ['c', 5],
      ['c', 4],
    ];
    expect(ordered(items)).to.deep.equal([
      ['a', 1],
      ['c', 4],
      ['b', 9],
      ['a', 2],
      ['c', 5],
      ['a', 3],
    ]);
  });

  it('gives no namespace more than one place beyond another that still waits', () => {
    const item = fc.tuple(fc.constantFrom('a', 'b', 'c'), fc.integer());
    const check = (items: readonly Item[], room: number): void => {
      const order = ordered(items.map((one) => [...one] as const));
      const [taken, left] = [order.slice(0, room), order.slice(room)];
      const count = (of: string): number => taken.filter(([ns]) => ns === of).length;
      for (const [waiting] of left) for (const [ns] of taken) expect(count(ns)).to.be.at.most(count(waiting) + 1);
    };
    fc.assert(fc.property(fc.array(item, { maxLength: 60 }), fc.nat(60), check));
  });
});
