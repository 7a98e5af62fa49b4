// SPDX-License-Identifier: Apache-2.0
// AppArmor's patterns of paths, read to a tree and printed in one canonical way. The language is that of
// apparmor_parser 3.0.8 within quotation marks (parser_misc.c and parser_regex.c): what that one would refuse, or take
// for something else than it looks like, is a fault here. `\` takes a character literally, `\n`, `\r`, `\t` and three
// octal digits stand for one.

/** One part of a pattern. */
export type Item =
  /** Characters that stand for themselves, as many as there are in a row. */
  | { readonly type: 'literal'; readonly text: string }
  /** `*` or, with slashes, `**`; at least one character where it is a whole segment (`/d/*`). */
  | { readonly type: 'any'; readonly slashes: boolean; readonly least: 0 | 1 }
  /** `?`: one byte that is no slash. */
  | { readonly type: 'one' }
  /** `[a-z]`, or all bytes but those, the slash included. */
  | { readonly type: 'class'; readonly negated: boolean; readonly ranges: readonly Range[] }
  | { readonly type: 'choice'; readonly alternatives: readonly Pattern[] }
  /** `@{NAME}`. */
  | { readonly type: 'variable'; readonly name: string };

/** First and last character of a range, as their codes. */
export type Range = readonly [first: number, last: number];

/** A pattern: its parts in order. */
export type Pattern = readonly Item[];

/** The pattern of a text, or why it is none. */
export type PatternReading =
  { readonly pattern: Pattern; readonly fault?: undefined } | { readonly pattern?: undefined; readonly fault: string };

/** Characters that mean something in a pattern and are meant literally behind a backslash. */
const SPECIAL = '"\\*?[]{}^,-@!';

/** Letters behind a backslash that stand for a character. */
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

const VARIABLE = /@\{([A-Za-z][A-Za-z0-9_]*)\}/y;
const OCTAL = /[0-3][0-7]{2}/y;

/** Braces within braces that apparmor_parser takes (MAX_ALT_DEPTH of 3.0 and 4.0, less one). */
const MOST_DEPTH = 49;

/** A place in the text that is read; what stops the reading is thrown as a Fault. */
interface Cursor {
  readonly text: string;
  at: number;
  /** Braces that are open. */
  depth: number;
}

class Fault extends Error {}

/** Texts in which nothing means anything but itself: most of a long profile. */
const SIMPLE = /^[\w/.:=~#%+<>()$ -]+$/;

/** Reads a pattern. */
export function readPattern(text: string): PatternReading {
  if (SIMPLE.test(text)) return { pattern: [literal(text)] };
  const cursor: Cursor = { text, at: 0, depth: 0 };
  try {
    const items = readItems(cursor);
    return { pattern: withLeasts(joined(items), true) };
  } catch (cause) {
    if (cause instanceof Fault) return { fault: cause.message };
    throw cause;
  }
}

function readItems(cursor: Cursor): Pattern {
  const items: Item[] = [];
  while (cursor.at < cursor.text.length) {
    const character = cursor.text.charAt(cursor.at);
    if (cursor.depth > 0 && (character === ',' || character === '}')) break;
    items.push(readItem(cursor, character));
  }
  return items;
}

function readItem(cursor: Cursor, character: string): Item {
  switch (character) {
    case '\\':
      return { type: 'literal', text: readEscape(cursor) };
    case '*':
      return readAny(cursor);
    case '?':
      cursor.at += 1;
      return { type: 'one' };
    case '[':
      return readClass(cursor);
    case '{':
      return readChoice(cursor);
    case '@':
      return readVariable(cursor) ?? readLiteral(cursor);
    case ']':
    case '}':
      throw new Fault(`${character} closes nothing; the character itself is written \\${character}`);
    case '"':
      throw new Fault('a quotation mark is written \\042');
    default:
      return readLiteral(cursor);
  }
}

/** All up to the next character that may mean something. */
function readLiteral(cursor: Cursor): Item {
  PLAIN.lastIndex = cursor.at + 1;
  const text = cursor.text.charAt(cursor.at) + (PLAIN.exec(cursor.text)?.[0] ?? '');
  if (text.includes('\0')) throw new Fault('holds a NUL character');
  cursor.at += text.length;
  return { type: 'literal', text };
}

const PLAIN = /[^\\*?[\]{}@,"]*/y;

function readEscape(cursor: Cursor): string {
  const character = cursor.text.charAt(cursor.at + 1);
  if (character === '') throw new Fault('ends with a backslash; the character itself is written \\\\');
  OCTAL.lastIndex = cursor.at + 1;
  const [octal] = OCTAL.exec(cursor.text) ?? [];
  cursor.at += octal === undefined ? 2 : 4;
  if (octal !== undefined && octal !== '000') return asciiOf(octal);
  const control = CONTROLS[character];
  if (control !== undefined) return control;
  if (!SPECIAL.includes(character)) {
    throw new Fault(`\\${character} is not what it seems: only *?[]{}^,-@! and the backslash are escaped with one`);
  }
  return character;
}

/** apparmor_parser takes the number for a byte, of which a letter beyond ASCII has several. */
function asciiOf(octal: string): string {
  const code = Number.parseInt(octal, 8);
  if (code > 0x7f) throw new Fault(`\\${octal} is a byte and no letter; letters beyond ASCII stand for themselves`);
  return String.fromCharCode(code);
}

function readAny(cursor: Cursor): Item {
  const slashes = cursor.text.startsWith('**', cursor.at);
  cursor.at += slashes ? 2 : 1;
  return { type: 'any', slashes, least: 0 };
}

function readVariable(cursor: Cursor): Item | undefined {
  if (cursor.text.charAt(cursor.at + 1) !== '{') return undefined;
  VARIABLE.lastIndex = cursor.at;
  const [whole, name] = VARIABLE.exec(cursor.text) ?? [];
  if (whole === undefined || name === undefined) {
    throw new Fault('@{ begins the name of a variable, such as @{PROC}; the characters themselves are written @\\{');
  }
  cursor.at += whole.length;
  return { type: 'variable', name };
}

function readChoice(cursor: Cursor): Item {
  const alternatives: Pattern[] = [];
  cursor.depth += 1;
  if (cursor.depth > MOST_DEPTH) throw new Fault(`holds more than ${String(MOST_DEPTH)} {} within each other`);
  do {
    cursor.at += 1;
    alternatives.push(readItems(cursor));
  } while (cursor.text.charAt(cursor.at) === ',');
  if (cursor.text.charAt(cursor.at) !== '}') throw new Fault('{ is not closed');
  cursor.at += 1;
  cursor.depth -= 1;
  if (alternatives.length < 2) {
    throw new Fault('{} holds only one alternative; the braces themselves are written \\{ and \\}');
  }
  return { type: 'choice', alternatives };
}

function readClass(cursor: Cursor): Item {
  const negated = cursor.text.charAt(cursor.at + 1) === '^';
  cursor.at += negated ? 2 : 1;
  const ranges: Range[] = [];
  while (cursor.text.charAt(cursor.at) !== ']') {
    const first = readMember(cursor);
    const isRange = cursor.text.charAt(cursor.at) === '-' && cursor.text.charAt(cursor.at + 1) !== ']';
    if (isRange) cursor.at += 1;
    const last = isRange ? readMember(cursor) : first;
    if (last < first) throw new Fault('a range within [] runs backwards');
    ranges.push([first, last]);
  }
  cursor.at += 1;
  if (ranges.length === 0) throw new Fault('[] is empty; the brackets themselves are written \\[ and \\]');
  return { type: 'class', negated, ranges: joinedRanges(ranges) };
}

/** A class holds bytes: a letter beyond ASCII has several, and each would be matched by itself. */
function readMember(cursor: Cursor): number {
  const character = cursor.text.charAt(cursor.at);
  if (character === '') throw new Fault('[ is not closed');
  const code = (character === '\\' ? readEscape(cursor) : character).charCodeAt(0);
  if (character !== '\\') cursor.at += 1;
  if (code > 0x7f) throw new Fault('letters beyond ASCII cannot stand within []');
  if (code === 0) throw new Fault('holds a NUL character');
  return code;
}

/** Ranges in order, with those put together that overlap or touch. */
function joinedRanges(ranges: readonly Range[]): readonly Range[] {
  const result: Range[] = [];
  for (const [first, last] of [...ranges].sort(([a], [b]) => a - b)) {
    const before = result.at(-1);
    if (before === undefined || first > before[1] + 1) result.push([first, last]);
    else result[result.length - 1] = [before[0], Math.max(before[1], last)];
  }
  return result;
}

/** With one literal in place of several in a row, and one slash likewise, as apparmor_parser has it. */
function joined(items: Pattern): Pattern {
  const result: Item[] = [];
  for (const item of items) {
    const before = result.at(-1);
    if (item.type === 'choice') result.push({ ...item, alternatives: item.alternatives.map(joined) });
    else if (item.type !== 'literal') result.push(item);
    else if (before?.type === 'literal') result[result.length - 1] = literal(before.text + item.text);
    else result.push(literal(item.text));
  }
  return result;
}

function literal(text: string): Item {
  return { type: 'literal', text: text.includes('//') ? text.replace(/\/+/g, '/') : text };
}

/** A wildcard between slashes, or between a slash and the end of the whole pattern, stands for something. */
function withLeasts(items: Pattern, isWhole: boolean): Pattern {
  const result: Item[] = [];
  // From the end: several wildcards in a row have the same part behind them, which is looked for once.
  let after: Item | undefined;
  for (let at = items.length - 1; at >= 0; at -= 1) {
    const item = items[at];
    if (item === undefined) continue;
    const isEnd = after === undefined ? isWhole : beginsWithSlash(after);
    result.push(withLeast(item, items[at - 1], isEnd));
    if (item.type !== 'any') after = item;
  }
  return result.reverse();
}

function withLeast(item: Item, before: Item | undefined, isEnd: boolean): Item {
  if (item.type === 'choice') {
    return { ...item, alternatives: item.alternatives.map((one) => withLeasts(one, false)) };
  }
  if (item.type !== 'any') return item;
  return { ...item, least: isEnd && before?.type === 'literal' && before.text.endsWith('/') ? 1 : 0 };
}

function beginsWithSlash(item: Item): boolean {
  return item.type === 'literal' && item.text.startsWith('/');
}

/**
 * The pattern that stands for exactly one path, such as comes from a record.
 *
 * @param path - a real one, in which nothing means anything but itself
 */
export function literalPattern(path: string): Pattern {
  return path === '' ? [] : [literal(path)];
}

/** The path that a pattern stands for; undefined where it stands for several. */
export function exactPath([first, ...others]: Pattern): string | undefined {
  return first?.type === 'literal' && others.length === 0 ? first.text : undefined;
}
