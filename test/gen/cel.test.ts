// SPDX-License-Identifier: Apache-2.0
// Rules of x-kubernetes-validations as JavaScript: what they say, and what is refused.
import { expect } from 'chai';
import { runInNewContext } from 'node:vm';
import { isTransition, RuleError, toJavaScript } from '../../tools/gen/cel.ts';
import type { Schema } from '../../tools/gen/schema.ts';

const TEXT: Schema = { type: 'string' };
const SCHEMA: Schema = {
  type: 'object',
  required: ['kind', 'count'],
  properties: {
    kind: TEXT,
    count: { type: 'integer' },
    name: TEXT,
    list: { type: 'array', items: TEXT },
    inner: { type: 'object', required: ['word'], properties: { word: TEXT } },
    constructor: TEXT,
  },
};

/** Says whether a rule holds for a value. */
function holds(rule: string, self: object): unknown {
  return runInNewContext(toJavaScript(rule, SCHEMA), { self });
}

describe('toJavaScript()', () => {
  const values: readonly (readonly [rule: string, self: object, result: boolean])[] = [
    ['self.kind == "a"'.replaceAll('"', "'"), { kind: 'a' }, true],
    ["self.kind != 'a'", { kind: 'a' }, false],
    ["!(self.kind == 'a')", { kind: 'b' }, true],
    ['has(self.name)', {}, false],
    ['has(self.name)', { name: '' }, true],
    ['has(self.name) != has(self.list)', { name: 'a', list: [] }, false],
    ["self.kind in ['a', 'b']", { kind: 'b' }, true],
    ["self.kind in ['a', 'b']", { kind: 'c' }, false],
    ['has(self.list) && size(self.list) > 1', { list: ['a', 'b'] }, true],
    ['has(self.list) && size(self.list) > 1', {}, false],
    ['size(self.kind) == 1', { kind: '\u{1f600}' }, true],
    ["self.kind == 'a' || self.kind == 'b' && self.count > 1", { kind: 'a', count: 0 }, true],
    ["(self.kind == 'a' || self.kind == 'b') && self.count > 1", { kind: 'a', count: 0 }, false],
    ["self.kind == 'a' ? self.count == 1 : self.count == 2", { kind: 'b', count: 2 }, true],
    ["!has(self.inner) || self.inner.word == 'x'", { inner: { word: 'y' } }, false],
    ["self.metadata.name == 'x'", { metadata: { name: 'x' } }, true],
    ['self.count <= 5 && self.count >= 5 && !(self.count < 5)', { count: 5 }, true],
    ["self.kind == 'it\\'s'", { kind: "it's" }, true],
  ];

  for (const [rule, self, result] of values) {
    it(`${rule} is ${result} for ${JSON.stringify(self)}`, () => {
      expect(holds(rule, self)).to.equal(result);
    });
  }

  const refused: readonly (readonly [rule: string, fault: string])[] = [
    ['self.knd == 1', 'self.knd is no field of the schema'],
    ["self.name == 'a'", 'self.name is optional and read without has()'],
    ['self.inner.word == 1', 'self.inner is optional and read without has()'],
    ['self.kind.startsWith(1)', 'self.kind.startsWith is no field of the schema'],
    ['self.list.all(x, x)', 'self.list.all is no field of the schema'],
    ['self.metadata.labels == 1', 'self.metadata.labels is no field of the schema'],
    ["'a'.b == 1", '.b is read of something that is no object'],
    ['has(1)', 'has() needs a field'],
    ['size(self.count) == 1', 'size() needs a list or a string'],
    ['matches(self.kind)', 'matches is not in the part of CEL that the generator translates'],
    ['self.count == 1 1', 'unexpected 1'],
    ['self.count ==', 'something is missing at the end'],
    ['(self.count == 1', 'expected ), found the end'],
    ['self.count == 1 ? true', 'expected :, found the end'],
    ["self.kind in ['a' 'b']", "expected ,, found 'b'"],
    ['self.count # 1', 'cannot be read from " # 1" on'],
  ];

  for (const [rule, fault] of refused) {
    it(`refuses ${rule}`, () => {
      expect(() => toJavaScript(rule, SCHEMA)).to.throw(RuleError, `the rule ${rule}: ${fault}`);
    });
  }
});

describe('isTransition()', () => {
  it('finds rules that compare with the former object', () => {
    expect(isTransition('self == oldSelf')).to.equal(true);
    expect(isTransition("self.kind == 'oldSelf'")).to.equal(false);
  });
});
