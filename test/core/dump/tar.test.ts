// SPDX-License-Identifier: Apache-2.0
// Archives as tar(1) reads them.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { tarOf } from '../../../src/core/dump/tar.ts';

function tar(args: readonly string[], archive: string): string {
  return execFileSync('tar', [...args, '-f', '-'], { input: archive, encoding: 'utf8' });
}

describe('an archive', () => {
  it('is read by tar', () => {
    const long = `${'d'.repeat(90)}/${'e'.repeat(90)}/f`;
    const archive = tarOf(
      [
        { path: 'a/b.txt', text: 'grün\n' },
        { path: long, text: '' },
        { path: 'c', text: 'x'.repeat(512) },
      ],
      86_400,
    );
    const listing = tar(['--utc', '-tv'], archive);
    expect(listing.match(/1970-01-02 00:00/g)).to.have.length(3);
    expect(tar(['-t'], archive)).to.equal(`a/b.txt\n${long}\nc\n`);
    expect(tar(['-xO', 'a/b.txt'], archive)).to.equal('grün\n');
    expect(tar(['-xO', 'c'], archive)).to.equal('x'.repeat(512));
    expect(Buffer.byteLength(archive) % 512).to.equal(0);
  });

  it('has every text, whatever is in it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const archive = Buffer.from(tarOf([{ path: 'a', text }], 0));
        const size = Number.parseInt(archive.toString('latin1', 124, 135), 8);
        expect(archive.toString('utf8', 512, 512 + size)).to.equal(text.toWellFormed());
      }),
    );
  });

  it('refuses a path that has no room', () => {
    expect(() => tarOf([{ path: 'x'.repeat(101), text: '' }], 0)).to.throw(RangeError, 'too long for an archive');
  });
});
