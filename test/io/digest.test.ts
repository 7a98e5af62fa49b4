// SPDX-License-Identifier: Apache-2.0
// Hashes of texts: the same as core computes.
import { expect } from 'chai';
import { sha256Hex } from '../../src/core/sha256.ts';
import { digest } from '../../src/io/digest.ts';

describe('io/digest', () => {
  it('is the SHA-256 that core computes', () => {
    for (const text of ['', 'abc', 'ä€😀'.repeat(100)]) expect(digest(text)).to.equal(sha256Hex(text));
  });
});
