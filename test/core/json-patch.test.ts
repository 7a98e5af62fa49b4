// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { applyPatch, PatchDoesNotApply, pointer, sameJson } from '../../src/core/json-patch.ts';
import type { PatchOperation } from '../../src/core/json-patch.ts';

interface Row {
  readonly title: string;
  readonly from: unknown;
  readonly patch: readonly PatchOperation[];
  /** Undefined: the patch must not apply. */
  readonly to?: unknown;
}

const APPLIES: readonly Row[] = [
  { title: 'a new member', from: { a: 1 }, patch: [{ op: 'add', path: '/b', value: 2 }], to: { a: 1, b: 2 } },
  {
    title: 'a member over one that is there',
    from: { a: 1 },
    patch: [{ op: 'add', path: '/a', value: 2 }],
    to: { a: 2 },
  },
  { title: 'a place in a list', from: [1, 3], patch: [{ op: 'add', path: '/1', value: 2 }], to: [1, 2, 3] },
  { title: 'the end of a list by its number', from: [1], patch: [{ op: 'add', path: '/1', value: 2 }], to: [1, 2] },
  { title: 'the end of a list', from: { a: [1] }, patch: [{ op: 'add', path: '/a/-', value: 2 }], to: { a: [1, 2] } },
  { title: 'a removed place', from: { a: [1, 2] }, patch: [{ op: 'remove', path: '/a/0' }], to: { a: [2] } },
  { title: 'a removed member', from: { a: 1, b: 2 }, patch: [{ op: 'remove', path: '/a' }], to: { b: 2 } },
  { title: 'a replaced place', from: [{ a: 1 }], patch: [{ op: 'replace', path: '/0/a', value: 2 }], to: [{ a: 2 }] },
  {
    title: 'escaped keys',
    from: { 'a/b~c': { '~1': 1 } },
    patch: [{ op: 'replace', path: '/a~1b~0c/~01', value: 2 }],
    to: { 'a/b~c': { '~1': 2 } },
  },
  {
    title: 'a parent, then its child',
    from: {},
    patch: [
      { op: 'add', path: '/a', value: {} },
      { op: 'add', path: '/a/b', value: 1 },
    ],
    to: { a: { b: 1 } },
  },
  {
    title: 'a test of an equal value',
    from: { a: { x: [1], y: 2 } },
    patch: [{ op: 'test', path: '/a', value: { y: 2, x: [1] } }],
    to: { a: { x: [1], y: 2 } },
  },
];

const FAILS: readonly Row[] = [
  { title: 'a missing parent', from: {}, patch: [{ op: 'add', path: '/a/b', value: 1 }] },
  { title: 'a parent that is null', from: { a: null }, patch: [{ op: 'add', path: '/a/b', value: 1 }] },
  { title: 'a scalar as a parent', from: { a: 1 }, patch: [{ op: 'add', path: '/a/b', value: 1 }] },
  { title: 'a parent of the prototype', from: {}, patch: [{ op: 'add', path: '/constructor/b', value: 1 }] },
  { title: 'the end of a list that is not there', from: {}, patch: [{ op: 'add', path: '/a/-', value: 1 }] },
  { title: 'a place beyond the end', from: [1], patch: [{ op: 'add', path: '/2', value: 1 }] },
  { title: 'a negative place', from: [1], patch: [{ op: 'remove', path: '/-1' }] },
  { title: 'a place with a leading zero', from: [1, 2], patch: [{ op: 'remove', path: '/01' }] },
  { title: 'the removal of nothing', from: {}, patch: [{ op: 'remove', path: '/toString' }] },
  { title: 'a replacement of nothing', from: {}, patch: [{ op: 'replace', path: '/a', value: 1 }] },
  { title: 'a failed test', from: { a: 1 }, patch: [{ op: 'test', path: '/a', value: 2 }] },
  { title: 'a path that is no pointer', from: { a: 1 }, patch: [{ op: 'remove', path: 'a' }] },
  { title: 'the whole document', from: { a: 1 }, patch: [{ op: 'replace', path: '', value: 1 }] },
];

/** The entries in order of their keys. */
function text(entries: readonly (readonly [string, unknown])[]): string {
  return JSON.stringify([...entries].sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe('core/json-patch', () => {
  for (const { title, from, patch, to } of APPLIES) {
    it(`sets ${title}`, () => {
      const before = structuredClone(from);
      expect(applyPatch(from, patch)).to.deep.equal(to);
      expect(from).to.deep.equal(before);
    });
  }

  for (const { title, from, patch } of FAILS) {
    it(`refuses ${title}`, () => expect(() => applyPatch(from, patch)).to.throw(PatchDoesNotApply));
  }

  it('makes a member of any key', () => {
    const keys = fc.oneof(fc.string(), fc.constantFrom('__proto__', 'constructor', 'toString'));
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), keys, fc.jsonValue(), (document, key, value) => {
        const result = applyPatch({ inner: document }, [{ op: 'add', path: pointer('inner', key), value }]);
        const expected = new Map([...Object.entries(document), [key, value]]);
        const { inner } = result as { readonly inner: object };
        // As text: chai orders the entries of maps by their toString, which a JSON object may have as a member.
        expect(text(Object.entries(inner))).to.equal(text([...expected]));
      }),
    );
  });

  it('takes back what it set', () => {
    fc.assert(
      fc.property(fc.array(fc.jsonValue()), fc.nat(), (list, place) => {
        const path = pointer(place % (list.length + 1));
        const patch: readonly PatchOperation[] = [
          { op: 'add', path, value: 'x' },
          { op: 'test', path, value: 'x' },
          { op: 'remove', path },
        ];
        expect(sameJson(applyPatch(list, patch), list)).to.equal(true);
      }),
    );
  });
});
