// SPDX-License-Identifier: Apache-2.0
// On which nodes a pod may run, as the API documents it for nodeSelector and required node affinity.
import { expect } from 'chai';
import { placementOf, placementTest } from '../../../src/core/binding/placement.ts';
import type { PlacedSpec, Placement } from '../../../src/core/binding/placement.ts';

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
  ['Gt a number with leading zeros and a sign', { terms: [term('cores', 'Gt', '-0004')] }, true],
  ['Lt more than 64 bits', { terms: [term('cores', 'Lt', '9223372036854775808')] }, false],
  ['Lt the most of 64 bits', { terms: [term('cores', 'Lt', '9223372036854775807')] }, true],
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
      expect(placementTest(placement)(node)).to.equal(expected);
    });
  }

  it('is read as far as pods have a use for it, and stands for every node beyond', () => {
    const required = (...nodeSelectorTerms: readonly object[]) =>
      ({
        affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms } } },
      }) as PlacedSpec;
    const times = <V>(length: number, value: V): readonly V[] => Array.from({ length }, () => value);
    const elsewhere = term('zone', 'In', 'b');
    const [requirement] = elsewhere.matchExpressions;
    const values = times(4096, 'b');
    const read: readonly PlacedSpec[] = [
      required(...times(64, elsewhere)),
      required({ matchExpressions: times(127, requirement) }),
      required({ matchFields: [{ key: 'metadata.name', operator: 'In', values }] }),
      { nodeSelector: Object.fromEntries(times(128, '').map((_, at) => [`l${String(at)}`, ''])) },
    ];
    for (const spec of read) expect(placementTest(placementOf(spec))(node)).to.equal(false);
    const unread: readonly PlacedSpec[] = [
      required(...times(65, elsewhere)),
      required(...times(129, {})),
      required({ matchExpressions: times(128, requirement) }),
      required({ matchFields: [{ key: 'metadata.name', operator: 'In', values: [...values, 'b'] }] }),
      { nodeSelector: Object.fromEntries(times(129, '').map((_, at) => [`l${String(at)}`, ''])) },
    ];
    for (const spec of unread) {
      expect(placementOf(spec)).to.deep.equal({ isUnread: true });
      expect(placementTest(placementOf(spec))(node)).to.equal(true);
    }
  });

  it('reads no number of more digits than a label has', () => {
    const [low, high] = [`-${'0'.repeat(62)}1`, '9'.repeat(4_000_000)];
    expect(placementTest({ terms: [term('cores', 'Gt', low)] })(node)).to.equal(true);
    // V8 would take some seconds.
    expect(placementTest({ terms: [term('cores', 'Lt', high)] })(node)).to.equal(false);
  });
});
