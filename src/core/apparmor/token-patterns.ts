// SPDX-License-Identifier: Apache-2.0
// The words of the lexer of apparmor_parser 3.0.8 (parser_lex.l) as patterns, and its states, which decide what a brace
// or a # is.

/** Characters of words outside of quotation marks; a comma counts where another one follows. */
const ID = String.raw`(?:\\[ \t"!,]|[^ \t\r\n"!,]|,[^ \t\r\n"!,])`;

/** White space, with line breaks. */
export const SPACE = /(?:[ \t\n]|\r\n)+/y;
/** Up to the end of its line. */
export const COMMENT = /#[^\n]*\n/y;
/** Behind `#include` anything is a path; behind `include` only what stands behind white space. */
export const INCLUDE = /(?:#include(?:[ \t]+if[ \t]+exists(?=[ \t]))?|include(?:[ \t]+if[ \t]+exists)?(?=[ \t<"]))/y;
/** The file behind the directive: `<…>`, in quotation marks, or plain. */
export const INCLUDED =
  /[ \t\r\n]*(?:<([^">\t\r\n]+)>|<"([^"\0]*)">|"((?:\\"|[^"\0])*)"|((?:\\[ \t"!,]|[^ \t\r\n"!,<>]|,[^ \t\r\n"!,<>])+))/y;
/** The longest one counts: a quotation mark behind a backslash ends a word only where there is no other one. */
export const QUOTED = /"((?:\\"|[^"\0])*)"/y;
/** Of a profile, a value and the like. */
export const NAME = new RegExp(`${ID}+`, 'y');
/** Paths, variables and labels: with braces, brackets and signs. A variable that is assigned ends before the sign. */
export const LABEL = new RegExp(
  String.raw`(?:[/:&]${ID}*|[@$](?:\{[A-Za-z]\w*\}|[A-Za-z]\w*)(?:(?![=+])${ID}+)?|[@$]${ID}*)`,
  'y',
);
/** Words of rules, which end before any sign. */
export const WORD = /[A-Za-z]\w*/y;
/** A word that has a value: no keyword, whatever it is. */
export const CONDITION = /[A-Za-z]\w*(?=[ \t]*=|[ \t]+in[ \t]*\()/y;

/** A keyword ends where its letters end, whatever follows: a name that begins with a sign. */
export const KEYWORD = /(?:profile|hat)(?!\w|[ \t]*=|[ \t]+in[ \t]*\()/y;

/** Words behind which a name stands, in which no sign means anything. */
export const BEFORE_NAMES: readonly string[] = ['profile', 'hat', '^'];

/**
 * How the lexer reads on: in `rules` braces, comments and includes are what they seem; behind some keywords, up to the
 * comma, they are characters of words as any other.
 */
export type Mode = 'rules' | 'network' | 'target' | 'limit' | 'conditions' | 'version';

/** The mode behind a keyword. */
export const MODES: ReadonlyMap<string, Mode> = new Map<string, Mode>([
  ['network', 'network'],
  ['change_profile', 'target'],
  ['rlimit', 'limit'],
  ['mount', 'conditions'],
  ['remount', 'conditions'],
  ['umount', 'conditions'],
  ['unmount', 'conditions'],
  ['dbus', 'conditions'],
  ['signal', 'conditions'],
  ['ptrace', 'conditions'],
  ['unix', 'conditions'],
  ['abi', 'version'],
]);

/** The words of the modes other than `rules`. The longest one counts, the first of several. */
export const WORDS: Readonly<Record<Exclude<Mode, 'rules'>, readonly RegExp[]>> = {
  network: [NAME],
  target: [/->/y, NAME],
  limit: [/-?\d+/y, /[A-Za-z_]+/y, /<=/y],
  conditions: [/->/y, CONDITION, /[^ \t\n"!,=()+&](?:[^ \t\n"!,=)]|,[^ \t\n"!,=)])*/y, LABEL],
  version: [/<[^">\t\r\n]+>/y, /<"[^"\0]*">/y, /(?:\\[ \t"!,]|[^ \t\r\n"!,<>]|,[^ \t\r\n"!,<>])+/y],
};
