// SPDX-License-Identifier: Apache-2.0
// The site as a whole: reads the pages, says what is wrong with them, and makes every file of the site in memory.
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { deadLinks, INDEX, navigationOf, unlistedPages } from './navigation.ts';
import type { DocumentFault, Part } from './navigation.ts';
import { readPage, resolveLink } from './page.ts';
import type { Page } from './page.ts';
import { renderPage, sitePath } from './render.ts';

/** All pages, and their order. */
export interface Documents {
  readonly pages: readonly Page[];
  readonly parts: readonly Part[];
  readonly faults: readonly DocumentFault[];
}

/** Pages outside of docs/ that belong to the documents. */
const OTHER_PAGES: readonly string[] = [
  'README.md',
  'ARCHITECTURE.md',
  'CONTRIBUTING.md',
  'SECURITY.md',
  'deploy/helm/README.md',
  'tools/lab/README.md',
];

/** Reads the pages below a root. Pages outside of docs/ are in the site when the index leads to them. */
export function readDocuments(root: string): Documents {
  const found = globSync('docs/**/*.md', { cwd: root }).sort();
  const others = OTHER_PAGES.filter((file) => existsSync(path.join(root, file)));
  const pages = [...found, ...others].map((file) => readPage(file, readFileSync(path.join(root, file), 'utf8')));
  const index = pages.find(({ file }) => file === INDEX);
  if (index === undefined) throw new Error(`there is no ${INDEX}, which has the order of the pages`);
  const parts = navigationOf(index);
  const exists = (file: string): boolean => existsSync(path.join(root, file));
  return { pages, parts, faults: [...unlistedPages(pages, parts), ...deadLinks(pages, exists)] };
}

/** Pages of the site in order: the index, and all that it leads to. */
function publishedPages({ pages, parts }: Documents): readonly Page[] {
  const byFile = new Map(pages.map((page) => [page.file, page]));
  return [INDEX, ...parts.flatMap(({ files }) => files)].flatMap((file) => byFile.get(file) ?? []);
}

/** The index of the search: an entry for each heading, as a script, because pages may be opened from a disk. */
function searchScript(pages: readonly Page[]): string {
  const sections = pages.flatMap((page) =>
    page.sections.map(({ heading, text }, id) => ({
      id: `${sitePath(page.file)}#${id === 0 ? '' : heading.anchor}`,
      page: page.title,
      title: heading.text,
      text: text.replace(/\s+/g, ' '),
    })),
  );
  return `var SEARCH_SECTIONS = ${JSON.stringify(sections).replaceAll('<', '\\u003c')};\n`;
}

/** Files of the tree that pages link to and that are no pages, such as manifests and pictures. */
function linkedFiles(root: string, pages: readonly Page[]): readonly string[] {
  const links = pages.flatMap(({ file, links }) =>
    links.flatMap(({ target }) => resolveLink(file, target)?.file ?? []),
  );
  return [...new Set(links)].filter((file) => !file.endsWith('.md') && path.extname(file) !== '' && isIn(root, file));
}

function isIn(root: string, file: string): boolean {
  return !file.startsWith('..') && existsSync(path.join(root, file));
}

/** Every file of the site by its path. */
export function siteFiles(root: string, documents: Documents): ReadonlyMap<string, string | Buffer> {
  const pages = publishedPages(documents);
  const titles = new Map(pages.map(({ file, title }) => [file, title]));
  const asset = (name: string): Buffer => readFileSync(path.join(import.meta.dirname, 'assets', name));
  return new Map<string, string | Buffer>([
    ['search-sections.js', searchScript(pages)],
    ['site.css', asset('site.css')],
    ['search.js', asset('search.js')],
    ['minisearch.js', readFileSync(path.join(root, 'node_modules/minisearch/dist/umd/index.js'))],
    ...linkedFiles(root, pages).map((file) => [sitePath(file), readFileSync(path.join(root, file))] as const),
    ...pages.map((page) => [sitePath(page.file), renderPage(page, documents.parts, titles)] as const),
  ]);
}
