// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { mergePatch, sameJson } from '../../src/runtime/merge-patch.ts';
import { mergeInto } from '../fakes/patches.ts';

/** JSON objects without null, as statuses are. */
const json = fc.letrec((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, fc.string(), fc.integer(), fc.boolean(), tie('array'), tie('object')),
  array: fc.array(tie('value'), { maxLength: 3 }),
  object: fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), tie('value'), { noNullPrototype: true }),
})).object;

describe('mergePatch()', () => {
  it('turns the one into the other', () => {
    const law = fc.property(json, json, (before, after) => {
      const patch = mergePatch(before, after);
      expect(patch === undefined ? before : mergeInto(before, patch)).to.deep.equal(after);
    });
    fc.assert(law);
  });

  it('is nothing between equal values', () => {
    const law = fc.property(json, (value) => mergePatch(value, structuredClone(value) as object) === undefined);
    fc.assert(law);
  });

  it('holds only the entry that changed', () => {
    const before = { profiles: { a: { state: 'Installed' }, b: { state: 'Pending' } }, seen: 3 };
    const after = { profiles: { a: { state: 'Installed' }, b: { state: 'Installed' } }, seen: 3 };
    expect(mergePatch(before, after)).to.deep.equal({ profiles: { b: { state: 'Installed' } } });
  });

  it('deletes with null what is absent, undefined or null afterwards', () => {
    expect(mergePatch({ a: 1, b: 2, c: 3, d: 4 }, { b: undefined, c: null, d: 4 })).to.deep.equal({
      a: null,
      b: null,
      c: null,
    });
    expect(mergePatch({}, { b: undefined, c: null })).to.equal(undefined);
  });

  it('never carries a null within what it sets', () => {
    expect(mergePatch({}, { a: { b: null, c: [{ d: undefined, e: 1 }] } })).to.deep.equal({ a: { c: [{ e: 1 }] } });
  });

  it('replaces lists as a whole', () => {
    expect(mergePatch({ a: [1, 2] }, { a: [1] })).to.deep.equal({ a: [1] });
  });
});

describe('sameJson()', () => {
  it('takes a big integer for the number that it is, and undefined for absent', () => {
    expect(sameJson({ a: 5n, b: undefined }, { a: 5 })).to.equal(true);
    expect(sameJson(18446744073709551615n, 18446744073709551614n)).to.equal(false);
    expect(sameJson([1], { 0: 1 })).to.equal(false);
  });
});
