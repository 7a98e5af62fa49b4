// SPDX-License-Identifier: Apache-2.0
// The profiles in a policy text: their names, flags and places, with hats and children. Rules are passed over word by
// word: their sense is apparmor_parser's to judge. That it names the same profiles is checked where it runs.
import { LexicalFault, tokensOf } from './tokens.ts';
import type { Span, Token } from './tokens.ts';

/** A profile, a child or a hat in a text. */
export interface ProfileBlock {
  /** As the kernel knows it: `parent//child`. */
  readonly name: string;
  /** How deep it lies within others; 0 for one that lies in none. */
  readonly depth: number;
  /** Its name in the text, and the rest of its head up to the brace. */
  readonly nameSpan: Span;
  /** The path of executables that get the profile by themselves. */
  readonly attachment: string | undefined;
  /** Its list of flags with the brackets; undefined where it has none. */
  readonly flags: (Span & { readonly words: readonly string[] }) | undefined;
  /** Words of its head that have values, other than its flags: `xattrs`. */
  readonly settings: readonly string[];
  /** Offset of the brace that opens it. */
  readonly open: number;
}

/** A file that a text includes. */
export interface Include extends Span {
  readonly path: string;
  /** `<…>`: looked for in the folders of the parser. */
  readonly searched: boolean;
}

/** A rule: its words in order, within a profile or before the first. */
export type Rule = readonly Token[];

/** A policy text, taken apart. */
export interface PolicyText {
  readonly profiles: readonly ProfileBlock[];
  readonly includes: readonly Include[];
  readonly rules: readonly Rule[];
}

/** An open block: a profile's, or another one such as that behind `if`. */
interface Block {
  /** The profile that it is of, or lies in. */
  readonly profile: string | undefined;
  /** How many profiles it is of, and lies in. */
  readonly profiles: number;
  readonly from: number;
}

/** Blocks within each other, profiles, and characters of a profile's full name: more than any policy has by far. */
const MOST_DEPTH = 32;
const MOST_PROFILES = 1000;
const LONGEST_NAME = 1024;

/**
 * Takes a text apart that ends with a line break.
 * @throws LexicalFault for what cannot be read, with its offset
 */
export function parsePolicy(text: string): PolicyText {
  const profiles: ProfileBlock[] = [];
  const includes: Include[] = [];
  const rules: Rule[] = [];
  const blocks: Block[] = [];
  let words: Token[] = [];
  for (const token of tokensOf(text)) {
    if (token.type === 'include') includes.push(token);
    else if (token.type === 'open') {
      blocks.push(opened(text, words, token, blocks, profiles));
      words = [];
    } else if (token.type === 'close') {
      if (blocks.pop() === undefined) throw new LexicalFault('the brace closes nothing', token.from);
      words = [];
    } else if (token.type === 'comma') {
      rules.push(words);
      words = [];
    } else words.push(token);
  }
  const [unclosed] = blocks.slice(-1);
  if (unclosed !== undefined) throw new LexicalFault('the brace is not closed', unclosed.from);
  return { profiles, includes, rules };
}

function opened(
  text: string,
  words: readonly Token[],
  brace: Span,
  blocks: readonly Block[],
  profiles: ProfileBlock[],
): Block {
  if (blocks.length >= MOST_DEPTH) throw new LexicalFault(`more than ${String(MOST_DEPTH)} braces deep`, brace.from);
  const around = blocks.at(-1);
  const head = headOf(text, words);
  if (head === undefined && around !== undefined) return { ...around, from: brace.from };
  if (head === undefined) throw new LexicalFault('a profile needs a name before its brace', brace.from);
  const name = around?.profile === undefined ? head.name : `${around.profile}//${head.name}`;
  checkSize(name, profiles.length, head.nameSpan);
  const depth = around?.profiles ?? 0;
  profiles.push({ ...head, name, depth, open: brace.from });
  return { profile: name, profiles: depth + 1, from: brace.from };
}

function checkSize(name: string, before: number, { from }: Span): void {
  if (before >= MOST_PROFILES) throw new LexicalFault(`more than ${String(MOST_PROFILES)} profiles`, from);
  if (name.length > LONGEST_NAME) {
    throw new LexicalFault(`the profile's full name has more than ${String(LONGEST_NAME)} characters`, from);
  }
}

type Head = Pick<ProfileBlock, 'name' | 'nameSpan' | 'attachment' | 'flags' | 'settings'>;

/** The head of a profile; undefined for that of another block. */
function headOf(text: string, words: readonly Token[]): Head | undefined {
  const start = words.findIndex((token) => token.type === 'word' && token.isKeyword === true);
  const [name, ...rest] = start >= 0 ? words.slice(start + 1) : words;
  if (name?.type !== 'word' || (start < 0 && !/^[/:@]/.test(name.value))) return undefined;
  const [next] = rest;
  const attachment = next?.type === 'word' && /^[/@"{]/.test(text.charAt(next.from)) ? next.value : undefined;
  const list = flagsOf(rest);
  const settings = rest.flatMap((key, index) =>
    key.type === 'word' && rest[index + 1]?.type === 'equals' && key.value !== 'flags' ? [key.value] : [],
  );
  return { name: name.value, nameSpan: name, attachment, flags: list, settings };
}

/** `flags=(…)`, or a list without a word before it. */
function flagsOf(words: readonly Token[]): ProfileBlock['flags'] {
  const at = words.findIndex((token) => token.type === 'list');
  for (let index = at; index >= 0 && index < words.length; index += 1) {
    const list = words[index];
    const key = words[index - 2];
    const isOther = words[index - 1]?.type === 'equals' && !(key?.type === 'word' && key.value === 'flags');
    if (list?.type === 'list' && !isOther) return list;
  }
  return undefined;
}
