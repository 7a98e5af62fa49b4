// SPDX-License-Identifier: Apache-2.0
// Prints pages as HTML: links between files of the tree become links between files of the site, and blocks of console
// show which lines are typed. Nothing is loaded from another place.
import path from 'node:path';
import type { Token } from 'markdown-it';
import type { Part } from './navigation.ts';
import { INDEX } from './navigation.ts';
import { markdown, resolveLink } from './page.ts';
import type { Page } from './page.ts';

/** Path of a file of the tree on the site: a page without `docs/`, other files below `files/`. */
export function sitePath(file: string): string {
  if (file === INDEX) return 'index.html';
  if (file.endsWith('.md')) return file.replace(/^docs\//, '').replace(/\.md$/, '.html');
  return file.startsWith('docs/') ? file.slice('docs/'.length) : `files/${file}`;
}

/** A relative address from one file of the site to another. */
function relative(from: string, to: string): string {
  return path.posix.relative(path.posix.dirname(from), to);
}

/** Escapes text for HTML, attributes included. */
export function escapeHtml(text: string): string {
  return markdown.utils.escapeHtml(text);
}

function consoleBlock(content: string): string {
  let goesOn = false;
  const shown = content
    .trimEnd()
    .split('\n')
    .map((line) => {
      const isTyped = line.startsWith('$ ') || goesOn;
      goesOn = isTyped && line.endsWith('\\');
      return isTyped ? `<b>${escapeHtml(line)}</b>` : escapeHtml(line);
    });
  return `<pre class="console"><code>${shown.join('\n')}</code></pre>\n`;
}

/** The address on the site of a link that is written in a page. */
function siteAddress(page: string, target: string): string {
  const link = resolveLink(page, target);
  if (link === undefined) return target;
  const address = link.file === page ? '' : relative(sitePath(page), sitePath(link.file));
  return `${address}${link.anchor === '' ? '' : `#${link.anchor}`}`;
}

/** The mark of code in a cell of a table. */
const IN_CELL = { isCell: true };

/** A copy of a token whose links lead to files of the site. */
function onSite(page: string, token: Token, isCell: boolean): Token {
  const copy = Object.assign(Object.create(Object.getPrototypeOf(token) as object) as Token, token);
  copy.attrs = (token.attrs ?? []).map(([name, value]) => [
    name,
    ['href', 'src'].includes(name) ? siteAddress(page, String(value)) : value,
  ]);
  if (token.children !== null) copy.children = token.children.map((child) => onSite(page, child, isCell));
  if (isCell && token.type === 'code_inline') copy.meta = IN_CELL;
  return copy;
}

const { rules } = markdown.renderer;
const { fence } = rules;
/** Comments direct tests; nothing else of HTML is in pages. */
rules.html_block = () => '';
rules.html_inline = () => '';
rules.table_open = () => '<div class="table"><table>\n';
rules.table_close = () => '</table></div>\n';
/** Long names of fields and metrics may be broken in a table, or they would push the other columns off the page. */
rules.code_inline = (tokens, index) => {
  const { content, meta } = tokens[index] ?? { content: '', meta: null };
  const pieces = meta === IN_CELL ? content.split(/(?<=[._/])(?=\w)|(?<=[a-z])(?=[A-Z])/) : [content];
  return `<code>${pieces.map(escapeHtml).join('<wbr>')}</code>`;
};
rules.fence = (tokens, index, options, env, renderer) => {
  const token = tokens[index];
  if (token?.info === 'console') return consoleBlock(token.content);
  return fence?.(tokens, index, options, env, renderer) ?? '';
};

function bodyOf(page: Page): string {
  let isCell = false;
  const tokens = page.tokens.map((token) => {
    if (token.type === 'td_open' || token.type === 'td_close') isCell = token.type === 'td_open';
    return onSite(page.file, token, isCell);
  });
  return markdown.renderer.render(tokens, markdown.options, {});
}

function navigationHtml(here: string, parts: readonly Part[], titles: ReadonlyMap<string, string>): string {
  const item = (file: string): string => {
    const to = sitePath(file);
    const current = to === here ? ' aria-current="page"' : '';
    return `<li><a href="${relative(here, to)}"${current}>${escapeHtml(titles.get(file) ?? file)}</a></li>`;
  };
  return parts
    .map(({ title, files }) => `<h2>${escapeHtml(title)}</h2><ul>${files.map(item).join('')}</ul>`)
    .join('\n');
}

function tableOfContents(page: Page): string {
  const headings = page.headings.filter(({ level }) => level === 2);
  if (headings.length < 3) return '';
  const items = headings.map(({ anchor, text }) => `<li><a href="#${anchor}">${escapeHtml(text)}</a></li>`);
  return `<nav class="contents" aria-label="On this page"><ul>${items.join('')}</ul></nav>`;
}

/** The whole HTML of a page. */
export function renderPage(page: Page, parts: readonly Part[], titles: ReadonlyMap<string, string>): string {
  const here = sitePath(page.file);
  const root = relative(here, 'index.html').replace(/index\.html$/, '');
  const name = 'Security Profiles Operator';
  const title = page.file === INDEX ? name : `${page.title} · ${name}`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="stylesheet" href="${root}site.css">
<script defer src="${root}minisearch.js"></script>
<script defer src="${root}search-sections.js"></script>
<script defer src="${root}search.js" data-root="${root}"></script>
</head>
<body>
<a class="skip" href="#main">Skip to the text</a>
<header>
<a class="name" href="${root}index.html">${name}</a>
<search><input id="search" type="search" placeholder="Search" aria-label="Search" autocomplete="off">
<ol id="results" hidden></ol></search>
</header>
<details class="menu"><summary>All pages</summary><nav aria-label="All pages">
${navigationHtml(here, parts, titles)}
</nav></details>
<main id="main">
${bodyOf(page).replace('</h1>', `</h1>${tableOfContents(page)}`)}</main>
</body>
</html>
`;
}
