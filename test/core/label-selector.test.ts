// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { selects } from '../../src/core/label-selector.ts';
import type { LabelSelector } from '../../src/gen/crd/defs/label-selector.ts';

const LABELS = { app: 'web', tier: '' };

const ROWS: readonly (readonly [string, LabelSelector | undefined, boolean])[] = [
  ['no selector', undefined, true],
  ['an empty selector', {}, true],
  ['an equal label', { matchLabels: { app: 'web' } }, true],
  ['a label without a value', { matchLabels: { tier: '' } }, true],
  ['another value', { matchLabels: { app: 'db' } }, false],
  ['one label of two', { matchLabels: { app: 'web', zone: 'a' } }, false],
  ['a member of the prototype', { matchExpressions: [{ key: 'constructor', operator: 'Exists' }] }, false],
  ['a value of a set', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db', 'web'] }] }, true],
  ['a set of others', { matchExpressions: [{ key: 'app', operator: 'In', values: ['db'] }] }, false],
  ['a set for an absent label', { matchExpressions: [{ key: 'zone', operator: 'In', values: ['a'] }] }, false],
  ['a value that is excluded', { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['web'] }] }, false],
  ['an absent label that is excluded', { matchExpressions: [{ key: 'zone', operator: 'NotIn', values: ['a'] }] }, true],
  ['a label that exists', { matchExpressions: [{ key: 'tier', operator: 'Exists' }] }, true],
  ['a label that should not', { matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] }, false],
  ['an absent label', { matchExpressions: [{ key: 'zone', operator: 'DoesNotExist' }] }, true],
  [
    'requirements of both forms',
    { matchLabels: { app: 'web' }, matchExpressions: [{ key: 'tier', operator: 'DoesNotExist' }] },
    false,
  ],
];

describe('core/label-selector', () => {
  for (const [title, selector, expected] of ROWS) {
    it(`${expected ? 'takes' : 'does not take'} ${title}`, () => expect(selects(selector, LABELS)).to.equal(expected));
  }

  it('takes an object without labels where nothing is demanded', () => {
    expect(selects({ matchExpressions: [{ key: 'a', operator: 'NotIn', values: ['b'] }] }, undefined)).to.equal(true);
    expect(selects({ matchLabels: { a: 'b' } }, undefined)).to.equal(false);
  });
});
