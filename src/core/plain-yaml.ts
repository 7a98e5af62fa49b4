// SPDX-License-Identifier: Apache-2.0
// Reads the YAML that spoc and kubectl write for a profile: block mappings and sequences of plain words, texts in
// quotes and decimal integers, behind a `---` or none. Anything else (an escape, a flow, an anchor, a word such as
// `yes` that YAML 1.1 gives another type) is left to a whole parser. That one takes ten milliseconds to load and read a
// profile, which is a quarter of the start of Node.js; a test holds this reader against it.

/** A value of such a text. */
export type PlainValue = string | number | readonly PlainValue[] | { readonly [key: string]: PlainValue };

interface Line {
  readonly indent: number;
  readonly text: string;
}

/** The next line to read. Lines of a sequence are rewritten as their dash is read. */
interface Cursor {
  readonly lines: Line[];
  at: number;
}

/**
 * Begins with a letter, so that it is no number, date or operator; no colon, hash or blank, so that it is one word. A
 * key must not have more than 1024 characters.
 */
const WORD = /^[A-Za-z][A-Za-z0-9_./-]{0,252}$/;
/** Words that YAML 1.1 reads as booleans or null. */
const TYPED_WORD = /^(?:y|n|yes|no|true|false|on|off|null)$/i;
/** Decimal integers that a double holds exactly; a zero in front makes octal ones. */
const INTEGER = /^(?:0|[1-9][0-9]{0,14})$/;
/** A text in quotes on one line, without an escape: printable ASCII but the quote, and in double ones the backslash. */
const QUOTED = /^(?:"([ !#-[\]-~]*)"|'([ -&(-~]*)')$/;
const PAIR = /^([^:\s]+):(?: +(\S.*))?$/;
const DASH = /^-( +)\S/;
const SPACES = /^ */;
/** Blanks at the end of a line that mean nothing; others, as a no-break space, belong to the word. */
const TRAILING = /[ \t\r]+$/;

/** Leaves a text to the whole parser. */
const NOT_PLAIN = new Error('not plain');

function linesOf(text: string): Line[] {
  return text.split('\n').flatMap((line) => {
    const indent = SPACES.exec(line)?.[0].length ?? 0;
    const content = line.slice(indent).replace(TRAILING, '');
    return content === '' || content.startsWith('#') ? [] : [{ indent, text: content }];
  });
}

function wordOf(text: string): string {
  if (WORD.test(text) && !TYPED_WORD.test(text)) return text;
  throw NOT_PLAIN;
}

function valueOf(text: string): PlainValue {
  if (INTEGER.test(text)) return Number(text);
  if (text === '{}') return {};
  if (text === '[]') return [];
  const quoted = QUOTED.exec(text);
  return quoted === null ? wordOf(text) : (quoted[1] ?? quoted[2] ?? '');
}

function isDash(line: Line | undefined): boolean {
  return line !== undefined && DASH.test(line.text);
}

/** The value below a key: deeper, or a sequence that is as deep as its key. */
function belowKey(cursor: Cursor, indent: number): PlainValue {
  const next = cursor.lines[cursor.at];
  if (next === undefined || next.indent < indent) throw NOT_PLAIN;
  if (next.indent === indent && !isDash(next)) throw NOT_PLAIN;
  return blockAt(cursor, next.indent);
}

function mappingAt(cursor: Cursor, indent: number): PlainValue {
  const members = new Map<string, PlainValue>();
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (line === undefined || line.indent < indent || (line.indent === indent && isDash(line))) break;
    const [, name = '', value] = PAIR.exec(line.text) ?? [];
    const key = wordOf(name);
    if (line.indent > indent || members.has(key)) throw NOT_PLAIN;
    cursor.at += 1;
    members.set(key, value === undefined ? belowKey(cursor, indent) : valueOf(value));
  }
  return Object.fromEntries(members);
}

function itemAt(cursor: Cursor, line: Line): PlainValue {
  const dash = 1 + (DASH.exec(line.text)?.[1]?.length ?? 0);
  const text = line.text.slice(dash);
  if (text.includes(':') && !/^["']/.test(text)) {
    cursor.lines[cursor.at] = { indent: line.indent + dash, text };
    return mappingAt(cursor, line.indent + dash);
  }
  cursor.at += 1;
  return valueOf(text);
}

function sequenceAt(cursor: Cursor, indent: number): PlainValue {
  const items: PlainValue[] = [];
  for (;;) {
    const line = cursor.lines[cursor.at];
    if (line === undefined || line.indent < indent || (line.indent === indent && !isDash(line))) return items;
    if (line.indent > indent) throw NOT_PLAIN;
    items.push(itemAt(cursor, line));
  }
}

function blockAt(cursor: Cursor, indent: number): PlainValue {
  return isDash(cursor.lines[cursor.at]) ? sequenceAt(cursor, indent) : mappingAt(cursor, indent);
}

/** Whether the line begins a document, and says nothing else. */
function isMarker(line: Line | undefined): boolean {
  return line !== undefined && line.indent === 0 && line.text === '---';
}

/** The one document of a plain text; undefined where a whole parser has to read it, or has to say why it cannot. */
export function parsePlainYaml(text: string): PlainValue | undefined {
  const lines = linesOf(text);
  const first = isMarker(lines[0]) ? 1 : 0;
  const cursor: Cursor = { lines, at: first };
  try {
    const value = blockAt(cursor, 0);
    return cursor.at === cursor.lines.length && cursor.at > first ? value : undefined;
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}
