// SPDX-License-Identifier: Apache-2.0
// The setting with the longest prefix counts, whatever the order, and a prefix ends where a part of a name ends.
import { expect } from 'chai';
import fc from 'fast-check';
import { canonicalPrefix, longestPrefix } from '../../../src/core/oci/prefix.ts';

const part = fc.stringMatching(/^[a-z0-9]{1,3}$/);
const name = fc.array(part, { minLength: 1, maxLength: 5 }).map((parts) => ['r.example', ...parts].join('/'));

describe('core/oci/prefix', () => {
  it('finds the longest that is a beginning by whole parts, in whatever order they stand', () => {
    fc.assert(
      fc.property(
        name,
        fc.uniqueArray(name, { maxLength: 6 }),
        fc.integer({ min: 1, max: 5 }),
        (whole, others, many) => {
          const own = whole.split('/').slice(0, many).join('/');
          const prefixes = [...others.filter((other) => other !== own), own].map((prefix) => ({ prefix }));
          const fitting = prefixes.filter(({ prefix }) => `${whole}/`.startsWith(`${prefix}/`));
          const longest = Math.max(...fitting.map(({ prefix }) => prefix.length));
          for (const order of [prefixes, prefixes.toReversed()]) {
            expect(longestPrefix(order, whole)?.prefix.length).to.equal(longest);
          }
        },
      ),
    );
  });

  const CASES: readonly (readonly [prefix: string, name: string, fits: boolean])[] = [
    ['example.org/a', 'example.org/ab', false],
    ['example.org/a/', 'example.org/a', true],
    ['EXAMPLE.org:443', 'example.org/a', true],
    ['oci://example.org/a', 'example.org/a/b', true],
    ['example.org:5000', 'example.org/a', false],
    ['', 'example.org/a', true],
  ];
  for (const [prefix, whole, fits] of CASES) {
    it(`${JSON.stringify(prefix)} is ${fits ? 'a' : 'no'} beginning of ${whole}`, () => {
      expect(longestPrefix([{ prefix }], whole) !== undefined).to.equal(fits);
    });
  }

  it('takes the first of two with one prefix', () => {
    const two = [
      { prefix: 'r.example', at: 1 },
      { prefix: 'R.example:443/', at: 2 },
    ];
    expect(longestPrefix(two, 'r.example/a')?.at).to.equal(1);
    expect(canonicalPrefix('R.example:443/')).to.equal('r.example');
  });
});
