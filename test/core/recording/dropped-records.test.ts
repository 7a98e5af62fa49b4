// SPDX-License-Identifier: Apache-2.0
// Records that were dropped: which containers may lack them.
import { expect } from 'chai';
import { DroppedRecords } from '../../../src/core/recording/dropped-records.ts';

describe('DroppedRecords', () => {
  const drops = (...all: readonly (readonly [string, number, number])[]): DroppedRecords => {
    const dropped = new DroppedRecords();
    for (const [reason, records, until] of all) dropped.note({ reason, records, from: until - 100, until });
    return dropped;
  };
  const of = (dropped: DroppedRecords, started: number, ended?: number) =>
    Object.fromEntries(dropped.of({ started, ended }));

  it('concern those that lived when they may have been made', () => {
    const dropped = drops(['lost', 2, 1000], ['cut-off', 1, 5000]);
    expect(of(dropped, 0)).to.deep.equal({ lost: 2, 'cut-off': 1 });
    expect(of(dropped, 1000, 1000)).to.deep.equal({ lost: 2 });
    expect(of(dropped, 0, 900)).to.deep.equal({ lost: 2 });
    expect(of(dropped, 0, 899)).to.deep.equal({});
    expect(of(dropped, 1001)).to.deep.equal({ 'cut-off': 1 });
    expect(of(dropped, 5001)).to.deep.equal({});
  });

  it('are remembered together where they come one after the other, and each reason by itself', () => {
    const dropped = drops(['lost', 1, 1000], ['cut-off', 1, 1500], ['lost', 1, 1999], ['lost', 1, 2999]);
    expect(of(dropped, 1500)).to.deep.equal({ 'cut-off': 1, lost: 3 });
    expect(of(dropped, 2000)).to.deep.equal({ lost: 1 });
  });

  it('are never fewer than they were for any container, however many there are', () => {
    const many = Array.from({ length: 1000 }, (_, at) => [at % 2 === 0 ? 'lost' : 'cut-off', 1, at * 2000] as const);
    const dropped = drops(...many);
    expect(of(dropped, 0)).to.deep.equal({ lost: 500, 'cut-off': 500 });
    const after = of(dropped, 1_900_000);
    expect(after).to.deep.equal({ lost: 25, 'cut-off': 25 });
    for (const [, , at] of many) expect(Object.keys(of(dropped, at, at)).length).to.be.greaterThan(0);
  });
});
