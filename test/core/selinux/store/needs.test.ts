// SPDX-License-Identifier: Apache-2.0
import { expect } from 'chai';
import { marked } from '../../../../src/core/selinux/store/mark.ts';
import { needs, profilesInNeedOf } from '../../../../src/core/selinux/store/needs.ts';

describe('core/selinux/store/needs', () => {
  const within = (body: string): string => `(block heir_n\n${body}\n)\n`;

  for (const body of [
    '(blockinherit web_n)',
    '(blockinherit\n.web_n)',
    '(allow process web_n.process ( process ( signal )))',
    '(booleanif b (true (allow process .web_n.process (file (read)))))',
  ]) {
    it(`sees that ${JSON.stringify(body)} needs the block`, () => expect(needs(within(body), 'web_n')).to.equal(true));
  }

  for (const body of [
    '(blockinherit web_n2)',
    '(blockinherit x.web_n)',
    '; web_n\n(blockinherit container)',
    '(optional o (allow process web_n.process ( process ( signal ))))',
  ]) {
    it(`sees that ${JSON.stringify(body)} does not`, () => expect(needs(within(body), 'web_n')).to.equal(false));
  }

  it('names the profiles by their marks', () => {
    const heir = { kind: 'RawSelinuxProfile', namespace: 'n', name: 'heir' };
    const texts = [
      { name: 'web_n', text: '(block web_n)' },
      { name: 'heir_n', text: marked(within('(blockinherit web_n)'), heir) },
      { name: 'other_n', text: within('(blockinherit web_n)') },
    ];
    expect(profilesInNeedOf('web_n', texts)).to.deep.equal([heir]);
  });
});
