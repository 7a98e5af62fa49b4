// SPDX-License-Identifier: Apache-2.0
// Texts that cannot steer a terminal.
import { expect } from 'chai';
import { plainText } from '../../src/core/plain-text.ts';

describe('core/plain-text', () => {
  it('shows in place of what would steer a terminal, or turn letters around, that something was there', () => {
    expect(plainText('a\u001b[31mb\u009bc\rd\u202Ee\u0000')).to.equal(
      'a\u{FFFD}[31mb\u{FFFD}c\u{FFFD}d\u{FFFD}e\u{FFFD}',
    );
  });

  it('leaves all other texts as they are', () => {
    const text = 'line\n\tünïcode 😀 العربية';
    expect(plainText(text)).to.equal(text);
  });
});
