// SPDX-License-Identifier: Apache-2.0
// The digest of the pure core against the one of OpenSSL.
import { createHash } from 'node:crypto';
import { expect } from 'chai';
import fc from 'fast-check';
import { sha256Hex } from '../../src/core/sha256.ts';

const reference = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

describe('core/sha256', () => {
  it('agrees with node:crypto at every length around the block size', () => {
    for (let length = 0; length < 200; length++) {
      const text = 'é'.repeat(length >> 1) + 'x'.repeat(length & 1);
      expect(sha256Hex(text)).to.equal(reference(text));
    }
  });

  it('agrees with node:crypto on any text', () => {
    fc.assert(fc.property(fc.string({ unit: 'grapheme' }), (text) => sha256Hex(text) === reference(text)));
  });
});
