// SPDX-License-Identifier: Apache-2.0
// The notation of pages: which of their blocks are run, where, and which output fits what a page shows.
import { expect } from 'chai';
import { blocksOf } from '../../../tools/docs/blocks.ts';
import { fits } from '../../../tools/docs/expectation.ts';
import { readPage } from '../../../tools/docs/page.ts';

function blocks(...lines: readonly string[]) {
  return blocksOf(readPage('docs/a.md', lines.join('\n')));
}

describe('blocksOf()', () => {
  it('takes the commands of a console with the output below each', () => {
    expect(
      blocks('<!-- run: machine -->', '', '# A', '', '```console', '$ a \\', '    b', 'out', '$ c', '```'),
    ).to.deep.equal([
      {
        type: 'commands',
        line: 5,
        place: 'machine',
        steps: [
          { command: 'a \\\n    b', expected: 'out\n' },
          { command: 'c', expected: '' },
        ],
      },
    ]);
  });

  it('lets a comment before a block go before that of the page, for this block only', () => {
    const page = [
      '<!-- run: cluster -->',
      '',
      '# A',
      '',
      '<!-- not run: it needs a bank -->',
      '',
      '```sh',
      'pay',
      '```',
      '',
      '```sh',
      'ls',
      '```',
    ];
    expect(blocks(...page).map(({ type }) => type)).to.deep.equal(['skipped', 'commands']);
  });

  it('takes a block of any language as a file', () => {
    const found = blocks('# A', '', '<!-- file: web.yaml -->', '', '```yaml', 'a: 1', '```');
    expect(found).to.deep.equal([{ type: 'file', line: 5, name: 'web.yaml', content: 'a: 1\n' }]);
  });

  it('leaves other languages alone', () => {
    expect(blocks('# A', '', '```yaml', 'a: 1', '```')).to.deep.equal([]);
  });

  it('wants a language of each block that may hold commands', () => {
    const fault = 'fence this block, and name its language';
    expect(() => blocks('# A', '', '    npm test')).to.throw(`docs/a.md:3: ${fault}`);
    expect(() => blocks('# A', '', '```', 'npm test', '```')).to.throw(`docs/a.md:3: ${fault}`);
    expect(() => blocks('# A', '', '```bash', 'npm test', '```')).to.throw(fault);
  });

  const bad: readonly (readonly [string, readonly string[], string])[] = [
    ['commands of which nothing says where they run', ['```sh', 'ls', '```'], 'docs/a.md:3: no comment says where'],
    [
      'an unknown place',
      ['<!-- run: moon -->', '', '```sh', 'ls', '```'],
      "docs/a.md:5: commands run on the machine or the cluster, not on 'moon'",
    ],
    [
      'a block that is not run without a reason',
      ['<!-- not run: -->', '', '```sh', 'ls', '```'],
      'docs/a.md:5: a block that is not run says why',
    ],
    [
      'a console without a command',
      ['<!-- run: machine -->', '', '```console', 'ls', '```'],
      'docs/a.md:5: no line of this block begins',
    ],
  ];
  for (const [what, lines, message] of bad)
    it(`refuses ${what}`, () => {
      expect(() => blocks('# A', '', ...lines)).to.throw(message);
    });
});

describe('fits()', () => {
  const cases: readonly (readonly [string, string, string, boolean])[] = [
    ['equal lines', 'a\nb\n', 'a\nb\n', true],
    ['another line', 'a\n', 'b\n', false],
    ['a line more', 'a\n', 'a\nb\n', false],
    ['a line less', 'a\nb\n', 'a\n', false],
    ['nothing', '', '', true],
    ['something where nothing is shown', '', 'a\n', false],
    ['an output without an end of line', 'a\n', 'a', true],
    ['any text', 'a … c\n', 'a b b c\n', true],
    ['any lines', 'a\n…\nz\n', 'a\nb\nc\nz\n', true],
    ['no lines', 'a\n…\nz\n', 'a\nz\n', true],
    ['wider columns', 'NAME  STATE\na     b\n', 'NAME     STATE   \na        b       \n', true],
    ['another time', '2026/11/24 10:09:09 Wrote it\n', '2027/01/02 03:04:05 Wrote it\n', true],
    ['no time', '2026/11/24 10:09:09 Wrote it\n', 'now Wrote it\n', false],
    ['characters of patterns', 'a.b* (c) [d]\n', 'a.b* (c) [d]\n', true],
    ['a dot that is none', 'a.b\n', 'axb\n', false],
    ['an empty line', 'a\n\nb\n', 'a\n\nb\n', true],
  ];
  for (const [what, expected, actual, is] of cases)
    it(`${is ? 'takes' : 'refuses'} ${what}`, () => {
      expect(fits(expected, actual)).to.equal(is);
    });
});
