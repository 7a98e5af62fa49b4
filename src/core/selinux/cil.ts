// SPDX-License-Identifier: Apache-2.0
// Reads the common intermediate language of SELinux (CIL) into a tree with positions, as the lexer and the parser of
// libsepol do (cil_lexer.l, cil_parser.c of 3.4 to 3.11), and stricter where these are surprising: a carriage return
// counts only before a line feed, and a line mark must end in the list in which it began. Quotes are taken off words,
// because to the compiler ("allow" ...) is an allow rule. Not recursive: the text may come from anybody.

/** A place in a text: lines and columns from 1, columns in UTF-16 units. */
export interface CilPlace {
  readonly line: number;
  readonly column: number;
}

/** A word, without its quotes. */
export interface CilWord extends CilPlace {
  readonly kind: 'word';
  readonly text: string;
}

/** A list in parentheses. */
export interface CilList extends CilPlace {
  readonly kind: 'list';
  readonly items: readonly CilNode[];
}

/** A part of a text. */
export type CilNode = CilWord | CilList;

/** Something that is wrong with a text; the reason is a sentence without a full stop. */
export interface CilFault extends CilPlace {
  readonly reason: string;
}

/** The statements of a text up to its end or its first fault. */
export interface CilText {
  readonly statements: readonly CilList[];
  readonly fault: CilFault | undefined;
}

/** Lists in one another. Compilers walk them by recursion, and no policy that people write comes near. */
const DEEPEST = 500;

/** Kinds of characters; 0 for those that can stand in quotes and comments only. */
const SYMBOL = 1;
const BLANK = 2;
const LINE_FEED = 3;
const OPEN = 4;
const CLOSE = 5;
const QUOTE = 6;
const SEMICOLON = 7;

const KINDS = new Uint8Array(128);
for (const [kind, characters] of [
  [SYMBOL, '0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'],
  [SYMBOL, "[].@=/*-_$%+!|&^:~`#{}'<>?,"],
  [BLANK, ' \t\r'],
  [LINE_FEED, '\n'],
  [OPEN, '('],
  [CLOSE, ')'],
  [QUOTE, '"'],
  [SEMICOLON, ';'],
] as const) {
  for (const character of characters) KINDS[character.charCodeAt(0)] = kind;
}

/** Whether a word needs no quotes. */
export function isSymbol(text: string): boolean {
  for (let at = 0; at < text.length; at++) if (KINDS[text.charCodeAt(at)] !== SYMBOL) return false;
  return text !== '';
}

const MARK = ';;*';
const MARK_END = /^[ \t]*lme[ \t]*\r?$/;
const MARK_START = /^[ \t]*lm[sx][ \t]+\d{1,9}[ \t]+("[^"]*"|[^\s"();\\]+)[ \t]*\r?$/;
const MARK_HINT = 'begins a line mark, not a comment; write a comment without the asterisk';

/** Reads a text. */
export function readCil(text: string): CilText {
  return new CilReader(text).read();
}

type OpenList = CilPlace & { readonly kind: 'list'; readonly items: CilNode[] };

class CilReader {
  private readonly text: string;
  private readonly statements: CilNode[] = [];
  /** The lists that are open, the innermost last. */
  private readonly open: OpenList[] = [];
  /** How many lists were open at each line mark that has not ended. */
  private readonly marks: number[] = [];
  private at = 0;
  private line = 1;
  private lineStart = 0;

  constructor(text: string) {
    this.text = text;
  }

  read(): CilText {
    const lone = /\r(?!\n)/.exec(this.text)?.index ?? this.text.length;
    let fault: CilFault | undefined;
    while (fault === undefined && this.at < lone) fault = this.step();
    if (fault === undefined && lone < this.text.length) {
      fault = this.faultAt(lone, 'a carriage return without a line feed');
    }
    const statements = this.statements.flatMap((node) => (node.kind === 'list' ? [node] : []));
    return { statements, fault: fault ?? this.endFault() };
  }

  private step(): CilFault | undefined {
    switch (KINDS[this.text.charCodeAt(this.at)]) {
      case SYMBOL:
        return this.word();
      case BLANK:
        this.at++;
        return undefined;
      case LINE_FEED:
        this.line++;
        this.lineStart = ++this.at;
        return undefined;
      case OPEN:
        return this.begin();
      case CLOSE:
        return this.close();
      case QUOTE:
        return this.quoted();
      case SEMICOLON:
        return this.comment();
      default:
        return this.faultAt(this.at, `the character ${shown(this.text, this.at)} can stand in quotes only`);
    }
  }

  private word(): CilFault | undefined {
    const start = this.at;
    while (KINDS[this.text.charCodeAt(this.at)] === SYMBOL) this.at++;
    return this.add(this.text.slice(start, this.at), start);
  }

  private quoted(): CilFault | undefined {
    const start = this.at;
    const end = this.text.indexOf('"', start + 1);
    const word = end < 0 ? '' : this.text.slice(start + 1, end);
    if (end < 0 || word.includes('\n')) return this.faultAt(start, 'a quotation mark that is not closed in its line');
    if (word.includes('\0')) return this.faultAt(start, 'a NUL character');
    this.at = end + 1;
    return this.add(word, start);
  }

  private add(text: string, start: number): CilFault | undefined {
    const list = this.open.at(-1);
    if (list === undefined) return this.faultAt(start, 'a word outside of parentheses');
    list.items.push({ kind: 'word', text, line: this.line, column: start - this.lineStart + 1 });
    return undefined;
  }

  private begin(): CilFault | undefined {
    if (this.open.length >= DEEPEST) return this.faultAt(this.at, `more than ${String(DEEPEST)} lists in one another`);
    const list: OpenList = { kind: 'list', items: [], line: this.line, column: this.at - this.lineStart + 1 };
    (this.open.at(-1)?.items ?? this.statements).push(list);
    this.open.push(list);
    this.at++;
    return undefined;
  }

  private close(): CilFault | undefined {
    if (this.marks.length > 0 && this.marks.at(-1) === this.open.length) {
      return this.faultAt(this.at, 'a line mark that has not ended before the list in which it began');
    }
    if (this.open.pop() === undefined) return this.faultAt(this.at, 'a closing parenthesis without its opening one');
    this.at++;
    return undefined;
  }

  private comment(): CilFault | undefined {
    const start = this.at;
    const feed = this.text.indexOf('\n', start);
    this.at = feed < 0 ? this.text.length : feed;
    if (start !== this.lineStart || !this.text.startsWith(MARK, start)) return undefined;
    const rest = this.text.slice(start + MARK.length, this.at);
    if (feed >= 0 && MARK_START.test(rest)) {
      this.marks.push(this.open.length);
      return undefined;
    }
    if (feed < 0 || !MARK_END.test(rest)) return this.faultAt(start, `${MARK} ${MARK_HINT}`);
    const isEnd = this.marks.pop() === this.open.length;
    return isEnd ? undefined : this.faultAt(start, 'the end of a line mark that did not begin here');
  }

  private endFault(): CilFault | undefined {
    const list = this.open.at(-1);
    if (list !== undefined) return { ...placeOf(list), reason: 'a parenthesis that is not closed' };
    return this.marks.length > 0 ? this.faultAt(this.text.length, 'a line mark that has not ended') : undefined;
  }

  private faultAt(at: number, reason: string): CilFault {
    return { line: this.line, column: at - this.lineStart + 1, reason };
  }
}

/** The place of a part. */
export function placeOf({ line, column }: CilPlace): CilPlace {
  return { line, column };
}

function shown(text: string, at: number): string {
  const code = text.codePointAt(at) ?? 0;
  const number = `U+${code.toString(16).toUpperCase().padStart(4, '0')}`;
  return code > 0x20 && code < 0x7f ? `${number} (${String.fromCodePoint(code)})` : number;
}
