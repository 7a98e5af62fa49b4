// SPDX-License-Identifier: Apache-2.0
// The words of a policy text, each with its place, as the lexer of apparmor_parser 3.0.8 parts them (parser_lex.l):
// what is a comment, where a quoted word ends, which braces are a block's and which a path's. It knows no rules; those
// apparmor_parser judges.
import {
  BEFORE_NAMES,
  COMMENT,
  CONDITION,
  INCLUDE,
  INCLUDED,
  KEYWORD,
  LABEL,
  MODES,
  NAME,
  QUOTED,
  SPACE,
  WORD,
  WORDS,
} from './token-patterns.ts';
import type { Mode } from './token-patterns.ts';

/** Where something is in a text: offsets of its first character and of the one behind it. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** The part that a word plays by its place. */
interface WordPlace {
  /** It begins a profile or a hat. */
  readonly isKeyword?: true;
  /** `->`, behind which a name stands. */
  readonly isArrow?: true;
  /** Stands where a profile's name is expected, so that it is no keyword. */
  readonly isName?: true;
  /** A value, or a word behind a keyword that has words of its own: no keyword either. */
  readonly isValue?: true;
}

/** A word or a sign of a policy. */
export type Token = Span &
  (
    | ({ readonly type: 'word'; readonly value: string; readonly quoted: boolean } & WordPlace)
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

/**
 * The words of a text that ends with a line break.
 * @throws LexicalFault
 */
export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let mode: Mode = 'rules';
  let at = skip(text, 0, mode, undefined);
  while (at < text.length) {
    const before = tokens.at(-1);
    const token = mode === 'rules' ? ruleTokenAt(text, at, tokens) : tokenIn(mode, text, at, tokens);
    const assigned: readonly Token[] =
      mode === 'rules' && token.type === 'equals' && isVariable(before) ? assignedWords(text, token.to) : [];
    tokens.push(token);
    for (const word of assigned) tokens.push(word);
    mode = modeBehind(mode, text, token);
    at = skip(text, assigned.at(-1)?.to ?? token.to, mode, tokens.at(-1));
  }
  return tokens;
}

function modeBehind(mode: Mode, text: string, token: Token): Mode {
  if (token.type === 'comma') return 'rules';
  const isKeyword = token.type === 'word' && !token.quoted && token.isName !== true && token.isValue !== true;
  if (mode !== 'rules' || !isKeyword || lastOf(CONDITION, text, token.from) !== undefined) return mode;
  return MODES.get(token.value) ?? mode;
}

function isVariable(token: Token | undefined): boolean {
  return token?.type === 'word' && !token.quoted && /^[@$]/.test(token.value);
}

/** The values of a variable, up to the end of the line, which stands for a comma. There are no comments among them. */
function assignedWords(text: string, start: number): readonly Token[] {
  const words: Token[] = [];
  for (let at = start; ;) {
    at = lastOf(CONTINUED, text, at) ?? at;
    const behind = lastOf(LINE_BREAK, text, at);
    if (behind !== undefined) return [...words, { type: 'comma', from: at, to: behind }];
    const word: Token = { ...wordAt(text, at, NAME), isValue: true };
    words.push(word);
    at = word.to;
  }
}

const CONTINUED = /(?:[ \t]|\\\n)+/y;
const BLANKS = /[ \t]+/y;
const LINE_BREAK = /\r?\n/y;

/** `at once`: on the same line, as the name of a profile; `later`: as that of a target. */
function nameStands(token: Token | undefined): 'at once' | 'later' | undefined {
  if (token?.type !== 'word' || token.quoted || token.isName === true || token.isValue === true) return undefined;
  if (token.isArrow === true) return 'later';
  return token.isKeyword === true && BEFORE_NAMES.includes(token.value) ? 'at once' : undefined;
}

/** `#include` is a directive, `# include` and `#` before anything else a comment: in rules only. */
function skip(text: string, start: number, mode: Mode, before: Token | undefined): number {
  const stands = nameStands(before);
  if (stands === 'at once') return lastOf(BLANKS, text, start) ?? start;
  if (stands === 'later' || mode !== 'rules' || before?.type === 'equals') return lastOf(SPACE, text, start) ?? start;
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

/** A name or a value, which may be behind some words in any mode. */
function expectedAt(text: string, at: number, tokens: readonly Token[]): Token | undefined {
  const [key, before] = [tokens.at(-2), tokens.at(-1)];
  if (nameStands(before) !== undefined) return { ...wordAt(text, at, NAME), isName: true };
  if (before?.type !== 'equals') return undefined;
  if (text.charAt(at) !== '(') return { ...wordAt(text, at, NAME), isValue: true };
  const ofConditions = key?.type === 'word' && !key.quoted && (key.value === 'peer' || key.value === 'xattrs');
  return ofConditions ? conditionsAt(text, at) : listAt(text, at);
}

function ruleTokenAt(text: string, at: number, tokens: readonly Token[]): Token {
  const expected = expectedAt(text, at, tokens);
  if (expected !== undefined) return expected;
  if (lastOf(INCLUDE, text, at) !== undefined) return includeAt(text, at);
  const character = text.charAt(at);
  const sign = SIGNS[character];
  if (sign !== undefined) return { type: sign, from: at, to: at + 1 };
  if (character === '(') return listAt(text, at);
  if (text.startsWith('+=', at)) return { type: 'equals', from: at, to: at + 2 };
  if (text.startsWith('->', at))
    return { type: 'word', value: '->', quoted: false, isArrow: true, from: at, to: at + 2 };
  const keyword = character === '^' ? at + 1 : lastOf(KEYWORD, text, at);
  if (keyword !== undefined)
    return { type: 'word', value: text.slice(at, keyword), quoted: false, isKeyword: true, from: at, to: keyword };
  return wordAt(text, at, '/@:&$'.includes(character) ? LABEL : WORD);
}

function tokenIn(mode: Exclude<Mode, 'rules'>, text: string, at: number, tokens: readonly Token[]): Token {
  const expected = expectedAt(text, at, tokens);
  if (expected !== undefined) return expected;
  const character = text.charAt(at);
  const lengths = WORDS[mode].map((expression) => (lastOf(expression, text, at) ?? at) - at);
  const longest = Math.max(...lengths);
  const word = WORDS[mode][lengths.indexOf(longest)];
  if (longest === 0 && character === ',') return { type: 'comma', from: at, to: at + 1 };
  if (mode === 'conditions' && character === '=') return { type: 'equals', from: at, to: at + 1 };
  if (mode === 'conditions' && character === '(') return listAt(text, at);
  const found = wordAt(text, at, word ?? NAME);
  const isArrow = mode === 'target' && found.value === '->' && !found.quoted;
  return isArrow ? { ...found, isArrow } : { ...found, isValue: true };
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

/** Words up to the bracket that closes them. */
function listAt(text: string, from: number): Token {
  const words: string[] = [];
  let at = from + 1;
  while (text.charAt(at) !== ')') {
    if (at >= text.length) throw new LexicalFault('the bracket is not closed', from);
    if (', \t\r\n'.includes(text.charAt(at))) at += 1;
    else {
      const word = wordAt(text, at, LISTED);
      words.push(word.value);
      at = word.to;
    }
  }
  return { type: 'list', words, from, to: at + 1 };
}

const LISTED = /(?:\\[ \t"!,()]|[^ \t\n"!,()])+/y;

/** `(KEY=VALUE KEY=(VALUE …))`: a bracket opens another list behind the sign only. */
function conditionsAt(text: string, from: number): Token {
  const words: string[] = [];
  let at = from + 1;
  while (text.charAt(at) !== ')') {
    if (at >= text.length) throw new LexicalFault('the bracket is not closed', from);
    if (', \t\r\n'.includes(text.charAt(at))) at += 1;
    else if (text.charAt(at) === '=') {
      const value = valueAt(text, at + 1);
      for (const word of value.words) words.push(word);
      at = value.to;
    } else {
      const key = wordAt(text, at, LISTED_KEY);
      words.push(key.value);
      at = key.to;
    }
  }
  return { type: 'list', words, from, to: at + 1 };
}

function valueAt(text: string, from: number): Span & { readonly words: readonly string[] } {
  const bracket = lastOf(BLANKS, text, from) ?? from;
  const list = text.charAt(bracket) === '(' ? listAt(text, bracket) : undefined;
  if (list?.type === 'list') return list;
  const word = wordAt(text, lastOf(SPACE, text, from) ?? from, LISTED);
  return { words: [word.value], from, to: word.to };
}

const LISTED_KEY = /[^ \t\n"!,=)]+/y;

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
