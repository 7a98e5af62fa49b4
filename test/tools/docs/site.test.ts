// SPDX-License-Identifier: Apache-2.0
// The documents lead nowhere wrong, and the site that is made of them holds together by itself: every address in its
// HTML is a file of the site and a heading that is there.
import { expect } from 'chai';
import path from 'node:path';
import { deadLinks, navigationOf, unlistedPages } from '../../../tools/docs/navigation.ts';
import { readPage, slugOf } from '../../../tools/docs/page.ts';
import { renderPage } from '../../../tools/docs/render.ts';
import { readDocuments, siteFiles } from '../../../tools/docs/site.ts';

const root = path.join(import.meta.dirname, '../../..');

function addressesOf(html: string): readonly string[] {
  return [...html.matchAll(/(?:href|src)="([^"]*)"/g)].map(([, address = '']) => address);
}

describe('the documents', () => {
  const documents = readDocuments(root);

  it('have no dead link, and a line of the index for every page', () => {
    expect(documents.faults).to.deep.equal([]);
  });

  it('become a site whose addresses all lead to a file of it', () => {
    const files = siteFiles(root, documents);
    const ids = new Map(
      [...files].map(([file, content]) => [
        file,
        new Set([...content.toString().matchAll(/ id="([^"]+)"/g)].map(([, id]) => id)),
      ]),
    );
    const dead = [...files].flatMap(([file, content]) =>
      (file.endsWith('.html') ? addressesOf(content.toString()) : [])
        .filter((address) => !/^(https?|mailto):/.test(address))
        .filter((address) => {
          const [name = '', anchor = ''] = address.split('#');
          const to = name === '' ? file : path.posix.join(path.posix.dirname(file), name);
          return !files.has(to) || (anchor !== '' && ids.get(to)?.has(decodeURIComponent(anchor)) !== true);
        })
        .map((address) => `${file}: ${address}`),
    );
    expect(dead).to.deep.equal([]);
  });

  it('load nothing from another place, so that they can be read without a network', () => {
    const loaded = [...siteFiles(root, documents)]
      .filter(([file]) => file.endsWith('.html'))
      .flatMap(([, html]) => [
        ...html.toString().matchAll(/<(?:script|link|img|iframe)[^>]*(?:src|href)="https?:[^>]*>/g),
      ]);
    expect(loaded.map(([tag]) => tag)).to.deep.equal([]);
  });

  it('can be searched, each heading with its page', () => {
    const script = siteFiles(root, documents).get('search-sections.js')?.toString() ?? '';
    const sections = JSON.parse(script.slice(script.indexOf('['), script.lastIndexOf(';'))) as { id: string }[];
    expect(sections.map(({ id }) => id)).to.include('explanation/how-recording-works.html#what-was-lost-is-said');
  });
});

describe('a check of documents', () => {
  const index = readPage(
    'docs/README.md',
    '# All\n\n## One\n\n- [a](a.md)\n- [a again](a.md)\n\n## Two\n\n[b](../B.md)\n',
  );
  const page = readPage('docs/a.md', '# A\n\n## A part\n\n[x](x.md) [y](../B.md#no) [self](#a-part) [no](#nope)\n');

  it('reads the navigation from the index, each page once', () => {
    expect(navigationOf(index)).to.deep.equal([
      { title: 'One', files: ['docs/a.md'] },
      { title: 'Two', files: ['B.md'] },
    ]);
  });

  it('names a page that nothing leads to', () => {
    const lonely = readPage('docs/how-to/lonely.md', '# Lonely\n');
    expect(unlistedPages([index, page, lonely], navigationOf(index))).to.deep.equal([
      'docs/how-to/lonely.md: no line of docs/README.md leads to it',
    ]);
  });

  it('names links to files and headings that are not there', () => {
    const other = readPage('B.md', '# B\n');
    expect(deadLinks([index, page, other], (file) => ['docs/a.md', 'B.md'].includes(file))).to.deep.equal([
      'docs/a.md:5: x.md: there is no docs/x.md',
      'docs/a.md:5: ../B.md#no: B.md has no heading with this address',
      'docs/a.md:5: #nope: docs/a.md has no heading with this address',
    ]);
  });

  it('refuses a page without a title', () => {
    expect(() => readPage('docs/a.md', 'No title\n')).to.throw('docs/a.md: a page begins with its title');
  });

  it('addresses headings as GitHub does, equal ones by number', () => {
    expect(slugOf('`spoc run`: what it does, and why')).to.equal('spoc-run-what-it-does-and-why');
    const { headings } = readPage('docs/a.md', '# A\n\n## Same\n\n## Same\n');
    expect(headings.map(({ anchor }) => anchor)).to.deep.equal(['a', 'same', 'same-1']);
  });

  it('prints what a page says and nothing that its text could smuggle in', () => {
    const hostile = readPage(
      'docs/a.md',
      '# <script>alert(1)</script> T\n\n<img src=x onerror=alert(1)>\n\n```console\n$ echo "<b>"\n<i>\n```\n',
    );
    const html = renderPage(hostile, [], new Map());
    expect(html).to.include('<b>$ echo &quot;&lt;b&gt;&quot;</b>\n&lt;i&gt;');
    expect(html).to.not.include('alert(1)>').and.to.not.include('<script>alert');
  });

  it('lets long names be broken in tables, and nowhere else', () => {
    const page = readPage('docs/a.md', '# A\n\n`a.bC_<d>`\n\n| x |\n| - |\n| `a.bC_<d>` |\n\n`a.b`\n');
    const html = renderPage(page, [], new Map());
    expect(html).to.include('<td><code>a.<wbr>b<wbr>C_&lt;d&gt;</code></td>');
    expect(html).to.include('<p><code>a.bC_&lt;d&gt;</code></p>').and.include('<p><code>a.b</code></p>');
  });
});
