// SPDX-License-Identifier: Apache-2.0
// One copy of equal values, and no more of them than there is room for.
import { expect } from 'chai';
import { Interner } from '../../src/handlers/sources/interned.ts';

describe('handlers/sources/interned', () => {
  it('gives the value that was made first', () => {
    const interner = new Interner();
    const made = interner.value('a', () => ({ a: 1 }));
    expect(interner.value('a', () => ({ a: 1 }))).to.equal(made);
  });

  it('forgets all where their texts are too long together, as tenants choose them', () => {
    const interner = new Interner();
    const made = interner.value('a', () => ({}));
    for (let at = 0; at < 500; at++) interner.text(`${String(at)} ${'x'.repeat(8000)}`);
    expect(interner.value('a', () => ({}))).to.equal(made);
    for (let at = 500; at < 600; at++) interner.text(`${String(at)} ${'x'.repeat(8000)}`);
    expect(interner.value('a', () => ({}))).not.to.equal(made);
  });
});
