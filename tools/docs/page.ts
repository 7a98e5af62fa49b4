// SPDX-License-Identifier: Apache-2.0
// A page of the documents as it stands in the tree: its title, headings, links and HTML, read from CommonMark. The
// addresses of headings are those that GitHub gives, so that a link works there and on the site alike.
import path from 'node:path';
import MarkdownIt from 'markdown-it';
import type { Token } from 'markdown-it';

/** A heading: its level (1 to 6), its text and its address within the page. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/** A link or picture of a page, as it is written. */
export interface Link {
  readonly target: string;
  readonly text: string;
  readonly line: number;
}

/** The text below one heading, without markup. */
export interface Section {
  readonly heading: Heading;
  readonly text: string;
}

/** A page. */
export interface Page {
  /** Path from the root of the tree, with forward slashes. */
  readonly file: string;
  readonly title: string;
  readonly headings: readonly Heading[];
  readonly links: readonly Link[];
  readonly sections: readonly Section[];
  /** Tokens of markdown-it, for the printer. */
  readonly tokens: readonly Token[];
}

/** The parser of all pages; raw HTML is kept for comments, which direct the tests. */
export const markdown = new MarkdownIt({ html: true });

/** The address that GitHub gives a heading: lower case, no punctuation, hyphens for spaces. */
export function slugOf(text: string): string {
  return text
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\p{M}\s_-]/gu, '')
    .replace(/\s/g, '-');
}

/** Gives each heading its address; equal ones are numbered from 1. */
class Anchors {
  private readonly used = new Map<string, number>();

  next(text: string): string {
    const slug = slugOf(text);
    const count = this.used.get(slug) ?? 0;
    this.used.set(slug, count + 1);
    return count === 0 ? slug : `${slug}-${String(count)}`;
  }
}

/** The text of a line of markdown without its markup. */
function plainText(token: Token): string {
  return (token.children ?? [])
    .map(({ type, content }) => (type === 'softbreak' ? ' ' : type.startsWith('html') ? '' : content))
    .join('');
}

/** The address of a link or a picture, as it is written. */
export function addressOf(token: Token): string {
  return String(token.attrGet(token.type === 'image' ? 'src' : 'href') ?? '');
}

function linksOf(token: Token, line: number): readonly Link[] {
  const children = token.children ?? [];
  return children.flatMap((child, index) => {
    if (child.type === 'image') return [{ target: addressOf(child), text: child.content, line }];
    if (child.type !== 'link_open') return [];
    const end = children.findIndex((other, at) => at > index && other.type === 'link_close');
    const text = children.slice(index + 1, end).map(({ content }) => content);
    return [{ target: addressOf(child), text: text.join(''), line }];
  });
}

/**
 * Reads a page; headings get their address as the attribute `id`.
 *
 * @throws Error when it does not begin with a heading of the first level, which is its title
 */
export function readPage(file: string, text: string): Page {
  const tokens = markdown.parse(text, {});
  const anchors = new Anchors();
  const headings: Heading[] = [];
  const links: Link[] = [];
  const texts: string[][] = [];
  for (const [index, token] of tokens.entries()) {
    const line = (token.map?.[0] ?? 0) + 1;
    if (token.type === 'heading_open') {
      const heading = plainText(tokens[index + 1] ?? token);
      const anchor = anchors.next(heading);
      token.attrSet('id', anchor);
      headings.push({ level: Number(token.tag.slice(1)), text: heading, anchor });
      texts.push([]);
    } else if (token.type === 'inline') {
      links.push(...linksOf(token, line));
      if (tokens[index - 1]?.type !== 'heading_open') texts.at(-1)?.push(plainText(token));
    } else if (token.type === 'fence') texts.at(-1)?.push(token.content);
  }
  const [first] = headings;
  if (first?.level !== 1) throw new Error(`${file}: a page begins with its title, a heading of the first level`);
  const sections = headings.map((heading, index) => ({ heading, text: (texts[index] ?? []).join('\n') }));
  return { file, title: first.text, headings, links, sections, tokens };
}

/** A link within the tree: the file that it names, from the root, and the heading; undefined for other addresses. */
export function resolveLink(
  page: string,
  target: string,
): { readonly file: string; readonly anchor: string } | undefined {
  if (/^[a-z][a-z0-9+.-]*:/i.test(target) || target.startsWith('//')) return undefined;
  const [name = '', anchor = ''] = target.split('#');
  const file = name === '' ? page : path.posix.join(path.posix.dirname(page), decodeURIComponent(name));
  return { file, anchor: decodeURIComponent(anchor) };
}
