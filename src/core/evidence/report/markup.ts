// SPDX-License-Identifier: Apache-2.0
// Markup of HTML and SVG as text, in which nothing that was read from a file can become markup.
import { plainText } from '../../plain-text.ts';

/** Markup, which is put into other markup as it is. */
export interface Markup {
  readonly markup: string;
}

/** Something that stands between two tags. Texts are escaped. */
export type Content = Markup | string | readonly Content[];

/** Values of attributes; undefined leaves one out. */
export type Attributes = Readonly<Record<string, string | number | undefined>>;

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** A text as markup. */
export function escaped(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => ESCAPES[character] ?? '');
}

/** An element; one without content is closed at once where it is of SVG or empty by its nature. */
export function element(name: string, attributes: Attributes, ...content: readonly Content[]): Markup {
  const words = Object.entries(attributes).flatMap(([key, value]) =>
    value === undefined ? [] : [` ${key}="${escaped(typeof value === 'number' ? short(value) : value)}"`],
  );
  return { markup: `<${name}${words.join('')}>${content.map(textOf).join('')}</${name}>` };
}

/** A coordinate: a tenth of a unit is less than a pixel. */
export function short(value: number): string {
  return String(Math.round(value * 10) / 10);
}

function textOf(content: Content): string {
  if (typeof content === 'string') return escaped(content);
  return 'markup' in content ? content.markup : content.map(textOf).join('');
}
