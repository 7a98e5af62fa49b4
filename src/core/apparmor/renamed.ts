// SPDX-License-Identifier: Apache-2.0
// A policy text under another name: for a second profile with the same rules in one kernel.
import { withLastLineBreak } from './names.ts';
import { parsePolicy } from './structure.ts';
import type { Span, Token } from './tokens.ts';

/**
 * The text with its outermost profile named `name`, and with what its rules say of that profile: as a peer, as a target
 * of executions.
 * @throws LexicalFault for a text that cannot be read
 */
export function renamedPolicy(policy: string, name: string): string {
  const text = withLastLineBreak(policy);
  const { profiles, rules } = parsePolicy(text);
  const outermost = profiles.find(({ depth }) => depth === 0);
  if (outermost === undefined) return text;
  const before = outermost.name;
  const references = rules.flatMap((rule) => rule.flatMap((token, at) => reference(text, before, rule[at - 1], token)));
  const spans = [unquoted(text, outermost.nameSpan), ...references].sort((a, b) => b.from - a.from);
  return spans.reduce((written, { from, to }) => written.slice(0, from) + name + written.slice(to), text);
}

/** The part of a word that names the profile, where it stands behind an arrow or as a peer. */
function reference(text: string, name: string, before: Token | undefined, token: Token): readonly Span[] {
  if (token.type !== 'word' || before === undefined) return [];
  const isTarget = before.type === 'word' && before.value === '->';
  const isPeer = before.type === 'equals' && /\b(peer|label)[ \t]*=[ \t]*$/.test(text.slice(0, token.from));
  const isNamed = token.value === name || token.value.startsWith(`${name}//`);
  if (!isNamed || (!isTarget && !isPeer)) return [];
  const { from } = unquoted(text, token);
  return [{ from, to: from + name.length }];
}

function unquoted(text: string, { from, to }: Span): Span {
  return text[from] === '"' ? { from: from + 1, to: to - 1 } : { from, to };
}
