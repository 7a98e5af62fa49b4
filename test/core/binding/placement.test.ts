// SPDX-License-Identifier: Apache-2.0
// On which nodes a pod may run, as the API documents it for nodeSelector and required node affinity.
import { expect } from 'chai';
import { mayRunOn } from '../../../src/core/binding/placement.ts';
import type { Placement } from '../../../src/core/binding/placement.ts';

const node = { name: 'n1', labels: { zone: 'a', disk: 'ssd', cores: '8' } };
const term = (
  key: string,
  operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt',
  ...values: string[]
) => ({
  matchExpressions: [{ key, operator, values }],
});
const field = (operator: 'In' | 'NotIn', ...values: string[]) => ({
  matchFields: [{ key: 'metadata.name', operator, values }],
});

const CASES: readonly (readonly [string, Placement, boolean])[] = [
  ['nothing demanded', {}, true],
  ['a selector that fits', { nodeSelector: { zone: 'a', disk: 'ssd' } }, true],
  ['a selector of which one label differs', { nodeSelector: { zone: 'a', disk: 'hdd' } }, false],
  ['a selector with a label that the node has not', { nodeSelector: { gpu: '' } }, false],
  ['a selector named like a method', { nodeSelector: { constructor: '' } }, false],
  ['In', { terms: [term('zone', 'In', 'a', 'b')] }, true],
  ['In another', { terms: [term('zone', 'In', 'b')] }, false],
  ['In without the label', { terms: [term('gpu', 'In', 'a')] }, false],
  ['NotIn', { terms: [term('zone', 'NotIn', 'b')] }, true],
  ['NotIn without the label', { terms: [term('gpu', 'NotIn', 'b')] }, true],
  ['NotIn its own', { terms: [term('zone', 'NotIn', 'a')] }, false],
  ['Exists', { terms: [term('zone', 'Exists')] }, true],
  ['Exists not', { terms: [term('gpu', 'Exists')] }, false],
  ['DoesNotExist', { terms: [term('gpu', 'DoesNotExist')] }, true],
  ['DoesNotExist though it does', { terms: [term('zone', 'DoesNotExist')] }, false],
  ['Gt', { terms: [term('cores', 'Gt', '4')] }, true],
  ['Gt the same', { terms: [term('cores', 'Gt', '8')] }, false],
  ['Gt of a word', { terms: [term('zone', 'Gt', '4')] }, false],
  ['Lt', { terms: [term('cores', 'Lt', '16')] }, true],
  ['Lt without a number', { terms: [term('cores', 'Lt')] }, false],
  ['one of two terms', { terms: [term('zone', 'In', 'b'), term('disk', 'Exists')] }, true],
  ['all requirements of a term', { terms: [{ ...term('zone', 'Exists'), ...field('In', 'n2') }] }, false],
  ['an empty term', { terms: [{}] }, false],
  ['no terms', { terms: [] }, false],
  ['its name', { terms: [field('In', 'n1')] }, true],
  ['another name', { terms: [field('In', 'n2')] }, false],
  ['not its name', { terms: [field('NotIn', 'n1')] }, false],
  ['selector and terms', { nodeSelector: { zone: 'b' }, terms: [term('disk', 'Exists')] }, false],
];

describe('core/binding/placement', () => {
  for (const [name, placement, expected] of CASES) {
    it(`${expected ? 'takes' : 'refuses'} a node: ${name}`, () => {
      expect(mayRunOn(placement, node)).to.equal(expected);
    });
  }
});
