// SPDX-License-Identifier: Apache-2.0
// The canonical text of patterns, as apparmor_parser 3.0.8 reads it within quotation marks.
import type { Item, Pattern, Range } from './pattern.ts';

/** The canonical text of a pattern. Equal trees have equal texts, and it is read to the same tree again. */
export function printPattern(pattern: Pattern): string {
  return printItems(pattern, '*?[]{}');
}

function printItems(items: Pattern, special: string): string {
  return items.map((item, at) => beforeItem(printItem(item, special), items[at + 1])).join('');
}

/** A sign before a choice would begin the name of a variable. */
function beforeItem(text: string, next: Item | undefined): string {
  return next?.type === 'choice' && text.endsWith('@') ? text.slice(0, -1) + octal(AT_SIGN) : text;
}

const AT_SIGN = 0x40;

function printItem(item: Item, special: string): string {
  switch (item.type) {
    case 'literal':
      return printLiteral(item.text, special);
    case 'any':
      return item.slashes ? '**' : '*';
    case 'one':
      return '?';
    case 'class':
      return isCaret(item) ? '^' : `[${item.negated ? '^' : ''}${printRanges(item.ranges)}]`;
    case 'choice':
      return `{${item.alternatives.map((one) => printItems(one, '*?[]{},')).join(',')}}`;
    case 'variable':
      return `@{${item.name}}`;
    default:
      return item satisfies never;
  }
}

function printLiteral(text: string, special: string): string {
  return UNCHANGED.test(text) ? text : Array.from(text, (one) => printCharacter(one, special)).join('');
}

/** Texts without a character that may have to be written otherwise. */
const UNCHANGED = /^[\w/.:=~#%+<>()$ -]*$/;

/**
 * A character that is meant literally. A backslash is printed by its number: apparmor_parser takes `\\"` at the end of
 * a word for a quotation mark within it, and the rules behind for a part of the path.
 */
function printCharacter(character: string, special: string): string {
  if (special.includes(character)) return `\\${character}`;
  if (character === '\n') return '\\n';
  if (character === '\r') return '\\r';
  const code = character.charCodeAt(0);
  return code < 0x20 || code === 0x7f || character === '"' || character === '\\' ? octal(code) : character;
}

function octal(code: number): string {
  return `\\${code.toString(8).padStart(3, '0')}`;
}

/**
 * A minus stands first and a caret last, even escaped ones: behind another character `\-` makes a range for
 * apparmor_parser, and `[\^a]` means all but `a`.
 */
function printRanges(ranges: readonly Range[]): string {
  const others = ranges.flatMap(([first, last]): readonly Range[] => {
    const from = first === MINUS || first === CARET ? first + 1 : first;
    const to = last === MINUS || last === CARET ? last - 1 : last;
    return from > to ? [] : [[from, to]];
  });
  const ends = new Set(ranges.flat());
  return (ends.has(MINUS) ? '-' : '') + others.map(printRange).join('') + (ends.has(CARET) ? '^' : '');
}

const MINUS = 0x2d;
const CARET = 0x5e;

/** Which cannot stand first, and so not alone. */
function isCaret({ negated, ranges: [range, ...others] }: Extract<Item, { type: 'class' }>): boolean {
  return !negated && others.length === 0 && range?.[0] === CARET && range[1] === CARET;
}

function printRange([first, last]: Range): string {
  if (first === last) return printMember(first);
  return printMember(first) + (last === first + 1 ? '' : '-') + printMember(last);
}

/** Wildcards stay wildcards within brackets, and `[*]` becomes something that nobody means. */
function printMember(code: number): string {
  const character = String.fromCharCode(code);
  if (character === '"' || character === '\\' || code < 0x20 || code === 0x7f) return octal(code);
  return '[]*?'.includes(character) ? `\\${character}` : character;
}
