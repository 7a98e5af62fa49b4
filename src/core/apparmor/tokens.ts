// SPDX-License-Identifier: Apache-2.0
// The words of a policy text, each with its place, as the lexer of apparmor_parser 3.0.8 parts them (parser_lex.l):
// what is a comment, where a quoted word ends, which braces are a block's and which a path's. It knows no rules; those
// apparmor_parser judges.

/** Where something is in a text: offsets of its first character and of the one behind it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** A word or a sign of a policy. */
export type Token = Span &
  /** `isName`: stands where a profile's name is expected, so that it is no keyword. */
  (
    | { readonly type: 'word'; readonly value: string; readonly quoted: boolean; readonly isName?: true }
    /** `(…)`, with the words in it. */
    | { readonly type: 'list'; readonly words: readonly string[] }
    | { readonly type: 'open' }
    | { readonly type: 'close' }
    /** The comma behind a rule. */
    | { readonly type: 'comma' }
    | { readonly type: 'equals' }
    /** `searched`: `<…>`, looked for in the folders of the parser. */
    | { readonly type: 'include'; readonly path: string; readonly searched: boolean }
  );

/** A text that cannot be parted into words. */
export class LexicalFault extends Error {
  /** Offset in the text. */
  readonly at: number;

  constructor(reason: string, at: number) {
    super(reason);
    this.at = at;
  }
}

/** Characters of words outside of quotation marks; a comma counts where another one follows. */
const ID = String.raw`(?:\\[ \t"!,]|[^ \t\r\n"!,]|,(?=[^ \t\r\n"!,])[^ \t\r\n"!,])`;

const SPACE = /(?:[ \t\n]|\r\n)+/y;
const COMMENT = /#[^\n]*\n/y;
const INCLUDE = /#?include(?:[ \t]+if[ \t]+exists)?(?=[ \t<"])/y;
const INCLUDED = /[ \t\r\n]*(?:<([^">\t\r\n]+)>|<"([^"\0]*)">|"((?:\\"|[^"\0])*)"|((?:\\[ \t"!,]|[^ \t\r\n"!,<>])+))/y;
/** The longest one counts: a quotation mark behind a backslash ends a word only where there is no other one. */
const QUOTED = /"((?:\\"|[^"\0])*)"/y;
const NAME = new RegExp(`${ID}+`, 'y');
/** Paths, variables and labels: with braces, brackets and signs. A variable that is assigned ends before the sign. */
const LABEL = new RegExp(
  String.raw`(?:[/:&]${ID}*|[@$](?:\{[A-Za-z]\w*\}|[A-Za-z]\w*)(?:(?![=+])${ID}+)?|[@$]${ID}*)`,
  'y',
);
/** Anything else ends before signs. */
const PLAIN = /(?:->|[^\s"!,={}()])(?:[^\s"!,={}()]|,(?=[^\s"!,={}()]))*/y;

/** A keyword ends where its letters end, whatever follows: a name that begins with a sign. */
const KEYWORD = /(?:profile|hat)(?![A-Za-z0-9_])/y;

/** Words behind which a name stands, in which no sign means anything. */
const BEFORE_NAMES: readonly string[] = ['profile', 'hat', '^'];

/**
 * The words of a text that ends with a line break.
 * @throws LexicalFault
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let at = 0;
  for (at = skip(text, at, undefined); at < text.length; at = skip(text, at, tokens.at(-1))) {
    const token = tokenAt(text, at, tokens.at(-1));
    const assigned = token.type === 'equals' && isVariable(tokens.at(-1)) ? assignedWords(text, token.to) : [];
    tokens.push(token);
    for (const word of assigned) tokens.push(word);
    at = assigned.at(-1)?.to ?? token.to;
  }
  return tokens;
}

function isVariable(token: Token | undefined): boolean {
  return token?.type === 'word' && !token.quoted && /^[@$]/.test(token.value);
}

/** The values of a variable, up to the end of the line, which stands for a comma. There are no comments among them. */
function assignedWords(text: string, start: number): readonly Token[] {
  const words: Token[] = [];
  for (let at = start; ;) {
    at = lastOf(BLANKS, text, at) ?? at;
    const behind = lastOf(LINE_BREAK, text, at);
    if (behind !== undefined) return [...words, { type: 'comma', from: at, to: behind }];
    const word = wordAt(text, at, NAME);
    words.push(word);
    at = word.to;
  }
}

const BLANKS = /(?:[ \t]|\\\n)+/y;
const LINE_BREAK = /\r?\n/y;

function standsBeforeName(token: Token | undefined): boolean {
  return token?.type === 'word' && !token.quoted && token.isName !== true && BEFORE_NAMES.includes(token.value);
}

/** `#include` is a directive, `# include` and `#` before anything else a comment. */
function skip(text: string, start: number, before: Token | undefined): number {
  if (standsBeforeName(before)) return lastOf(BLANKS, text, start) ?? start;
  for (let at = start; ;) {
    const behind =
      lastOf(SPACE, text, at) ?? (lastOf(INCLUDE, text, at) === undefined ? lastOf(COMMENT, text, at) : at);
    if (behind === undefined || behind === at) return at;
    at = behind;
  }
}

function lastOf(expression: RegExp, text: string, at: number): number | undefined {
  expression.lastIndex = at;
  return expression.test(text) ? expression.lastIndex : undefined;
}

const SIGNS: Readonly<Record<string, 'open' | 'close' | 'comma' | 'equals'>> = {
  '{': 'open',
  '}': 'close',
  ',': 'comma',
  '=': 'equals',
};

function tokenAt(text: string, at: number, before: Token | undefined): Token {
  const character = text.charAt(at);
  if (standsBeforeName(before)) return { ...wordAt(text, at, NAME), isName: true };
  if (lastOf(INCLUDE, text, at) !== undefined) return includeAt(text, at);
  if (before?.type === 'equals' && character !== '(') return wordAt(text, at, NAME);
  const sign = SIGNS[character];
  if (sign !== undefined) return { type: sign, from: at, to: at + 1 };
  if (character === '(') return listAt(text, at);
  const keyword = lastOf(KEYWORD, text, at);
  if (keyword !== undefined)
    return { type: 'word', value: text.slice(at, keyword), quoted: false, from: at, to: keyword };
  if (character === '^') return { type: 'word', value: '^', quoted: false, from: at, to: at + 1 };
  if (text.startsWith('+=', at)) return { type: 'equals', from: at, to: at + 2 };
  return wordAt(text, at, '/@:&$'.includes(character) ? LABEL : PLAIN);
}

function wordAt(text: string, from: number, unquoted: RegExp): Token & { readonly type: 'word' } {
  const quoted = text.charAt(from) === '"';
  const expression = quoted ? QUOTED : unquoted;
  expression.lastIndex = from;
  const [whole, inner] = expression.exec(text) ?? [];
  if (whole === undefined) throw new LexicalFault(faultAt(text, from, quoted), from);
  const value = quoted ? (inner ?? '') : whole.replace(/\\([ \t"!,])/g, '$1');
  return { type: 'word', value, quoted, from, to: from + whole.length };
}

function faultAt(text: string, at: number, quoted: boolean): string {
  if (quoted) return 'the quotation mark is not closed';
  const character = text.charAt(at);
  return `${JSON.stringify(character)} cannot stand here; within a path it needs quotation marks around the path`;
}

/** A list ends with its bracket; in one of conditions, values may be lists again. */
function listAt(text: string, from: number): Token {
  const words: string[] = [];
  let depth = 1;
  let at = from + 1;
  while (depth > 0) {
    if (at >= text.length) throw new LexicalFault('the bracket is not closed', from);
    const character = text.charAt(at);
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if ('()=, \t\r\n'.includes(character)) {
      at += 1;
      continue;
    }
    const word = wordAt(text, at, LISTED);
    words.push(word.value);
    at = word.to;
  }
  return { type: 'list', words, from, to: at };
}

const LISTED = /(?:\\[ \t"!,()]|[^ \t\r\n"!,()=])+/y;

function includeAt(text: string, from: number): Token {
  const start = lastOf(INCLUDE, text, from) ?? from;
  INCLUDED.lastIndex = start;
  const [whole, ...paths]: readonly (string | undefined)[] = INCLUDED.exec(text) ?? [];
  const path = paths.find((one) => one !== undefined);
  if (whole === undefined || path === undefined) throw new LexicalFault('include names no file', from);
  const searched = whole.trimStart().startsWith('<');
  return { type: 'include', path: path.trim(), searched, from, to: start + whole.length };
}

/** A place in a text as users count: `line 3, column 5`, both from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

/** The place of an offset. */
export function placeOf(text: string, offset: number): Place {
  const before = text.slice(0, offset);
  const line = before.split('\n').length;
  return { line, column: offset - before.lastIndexOf('\n') };
}

/** A place in words. */
export function placeText({ line, column }: Place): string {
  return `line ${String(line)}, column ${String(column)}`;
}
