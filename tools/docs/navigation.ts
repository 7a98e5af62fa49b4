// SPDX-License-Identifier: Apache-2.0
// The order of the pages. It is written once, in docs/README.md, which people read as well: each heading of the second
// level is a part of the site, and the pages that it links to are in it. Also the faults that links can have.
import { addressOf, resolveLink } from './page.ts';
import type { Page } from './page.ts';

/** The page with the order of all others, and the first page of the site. */
export const INDEX = 'docs/README.md';

/** A part of the navigation. */
export interface Part {
  readonly title: string;
  /** Paths of its pages, in order. */
  readonly files: readonly string[];
}

/** The navigation as the index says. Pages are listed where a part links to them first. */
export function navigationOf(index: Page): readonly Part[] {
  const seen = new Set([index.file]);
  const parts: { title: string; files: string[] }[] = [];
  for (const [at, token] of index.tokens.entries()) {
    if (token.type === 'heading_open' && token.tag === 'h2')
      parts.push({ title: index.tokens[at + 1]?.content ?? '', files: [] });
    for (const child of token.children ?? []) {
      const part = parts.at(-1);
      if (child.type !== 'link_open' || part === undefined) continue;
      const link = resolveLink(index.file, addressOf(child));
      if (link === undefined || !link.file.endsWith('.md') || seen.has(link.file)) continue;
      seen.add(link.file);
      part.files.push(link.file);
    }
  }
  return parts.filter(({ files }) => files.length > 0);
}

/** A fault of the documents, as one sentence with its place. */
export type DocumentFault = string;

/** Pages in docs/ that the navigation does not lead to. */
export function unlistedPages(pages: readonly Page[], parts: readonly Part[]): readonly DocumentFault[] {
  const listed = new Set(parts.flatMap(({ files }) => files));
  return pages
    .filter(({ file }) => file !== INDEX && file.startsWith('docs/') && !listed.has(file))
    .map(({ file }) => `${file}: no line of ${INDEX} leads to it`);
}

/**
 * Links that lead nowhere: to a file that is not in the tree, or to a heading that its page does not have.
 *
 * @param exists - whether a path from the root of the tree is there
 */
export function deadLinks(pages: readonly Page[], exists: (file: string) => boolean): readonly DocumentFault[] {
  const anchors = new Map(pages.map(({ file, headings }) => [file, new Set(headings.map(({ anchor }) => anchor))]));
  return pages.flatMap(({ file, links }) =>
    links.flatMap(({ target, line }) => {
      const place = `${file}:${String(line)}: ${target}`;
      const link = resolveLink(file, target);
      if (link === undefined) return [];
      if (!exists(link.file)) return [`${place}: there is no ${link.file}`];
      if (link.anchor === '') return [];
      const known = anchors.get(link.file);
      if (known === undefined) return [`${place}: ${link.file} is no page of the documents`];
      return known.has(link.anchor) ? [] : [`${place}: ${link.file} has no heading with this address`];
    }),
  );
}
