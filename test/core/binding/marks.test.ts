// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { parseBound, parseSkipped, printBound, printSkipped } from '../../../src/core/binding/marks.ts';

describe('core/binding/marks', () => {
  const bound = [
    { container: 'web', binding: 'nginx.v1' },
    { container: 'init-0', binding: 'default' },
  ];

  it('are printed in order and read again', () => {
    const text = printBound(bound);
    expect(text).to.equal('init-0=default,web=nginx.v1');
    expect(parseBound(text)).to.have.deep.members(bound);
    const skipped = bound.map((mark) => ({ ...mark, reason: 'ProfileSetByAuthor' as const }));
    expect(printSkipped(skipped)).to.equal('init-0=default:ProfileSetByAuthor,web=nginx.v1:ProfileSetByAuthor');
    expect(parseSkipped(printSkipped(skipped))).to.have.deep.members(skipped);
  });

  it('are none where nothing is bound', () => {
    expect([printBound([]), printSkipped([])]).to.deep.equal([undefined, undefined]);
    expect([...parseBound(undefined), ...parseSkipped('')]).to.deep.equal([]);
  });

  it('of anybody else are passed over', () => {
    expect(parseBound('a=b=c,=x,y=,web=good,a=b:c')).to.deep.equal([{ container: 'web', binding: 'good' }]);
    expect(parseSkipped('web=b:NoSuchReason,web=b,web=b:WindowsPod')).to.deep.equal([
      { container: 'web', binding: 'b', reason: 'WindowsPod' },
    ]);
  });
});
