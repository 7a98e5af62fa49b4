// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { decodeText } from '../../src/io/input-file.ts';

const TEXT = '{"comment":"Größe 😀"}';

function utf16be(text: string): Buffer {
  return Buffer.from(text, 'utf16le').swap16();
}

describe('decodeText()', () => {
  it('reads UTF-8 and UTF-16 in both orders, with a byte order mark and without', () => {
    for (const mark of ['', '\ufeff']) {
      const text = mark + TEXT;
      for (const bytes of [Buffer.from(text), Buffer.from(text, 'utf16le'), utf16be(text)]) {
        expect(decodeText(bytes)).to.equal(TEXT);
      }
    }
    expect(decodeText(Buffer.alloc(0))).to.equal('');
  });

  it('refuses bytes that are no text, instead of names with replacement characters', () => {
    expect(() => decodeText(Buffer.from([0x61, 0xff, 0x62]))).to.throw('is no text in UTF-8');
    expect(() => decodeText(Buffer.from([0xff, 0xfe, 0x00, 0xd8]))).to.throw('is no text in UTF-16LE');
  });
});
