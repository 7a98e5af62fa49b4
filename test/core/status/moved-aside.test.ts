// SPDX-License-Identifier: Apache-2.0
// The condition about what was moved aside: bounded and plain, whatever names somebody chose.
import { expect } from 'chai';
import { intactOf } from '../../../src/core/status/moved-aside.ts';

describe('core/status/moved-aside', () => {
  it('is true where nothing was in the way', () => {
    expect(intactOf([])).to.include({ type: 'Intact', status: 'True' });
  });

  it('names a few paths, counts the others, and is bounded', () => {
    const paths = Array.from({ length: 30 }, (_, i) => `/operator/ns${String(i)}/.moved-aside-${'x'.repeat(300)}`);
    const { status, message } = intactOf(paths);
    expect(status).to.equal('False');
    expect(message).to.contain('/operator/ns4/').and.to.contain(' and 25 more');
    expect(message.length).to.be.lessThan(1200);
  });

  it('steers no terminal', () => {
    expect(intactOf(['/operator/a\u001b[31m\n\u202e/.moved-aside-1']).message).to.match(/^[ -~\uFFFD]+$/);
  });
});
