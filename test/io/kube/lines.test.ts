// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import fc from 'fast-check';
import { linesOf } from '../../../src/io/kube/lines.ts';

describe('linesOf()', () => {
  async function* pieces(bytes: Buffer, cuts: readonly number[]): AsyncGenerator<Uint8Array> {
    const places = [...new Set([0, ...cuts.map((cut) => cut % (bytes.length + 1)), bytes.length])].sort(
      (a, b) => a - b,
    );
    for (const [index, from] of places.entries()) yield bytes.subarray(from, places[index + 1] ?? from);
  }

  it('finds the same lines however the bytes are cut', async () => {
    const line = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((text) => !text.includes('\n') && text.isWellFormed());
    const law = fc.asyncProperty(fc.array(line), fc.array(fc.nat(200)), async (lines, cuts) => {
      const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(''));
      const found: string[] = [];
      for await (const text of linesOf(pieces(bytes, cuts))) found.push(text);
      expect(found).to.deep.equal(lines);
    });
    await fc.assert(law);
  });
});
