// SPDX-License-Identifier: Apache-2.0
// A policy text under another name: for a second profile with the same rules in one kernel.
import { withLastLineBreak } from './names.ts';
import { parsePolicy } from './structure.ts';
import type { Rule } from './structure.ts';
import type { Span, Token } from './tokens.ts';

/**
 * The text with its outermost profile named `name`, and with what its rules say of that profile: as a peer, as a target
 * of executions. Takes time as the text is long: a tenant may have written half a megabyte of such rules.
 * @throws LexicalFault for a text that cannot be read
 */
export function renamedPolicy(policy: string, name: string): string {
  const text = withLastLineBreak(policy);
  const { profiles, rules } = parsePolicy(text);
  const outermost = profiles.find(({ depth }) => depth === 0);
  if (outermost === undefined) return text;
  const before = outermost.name;
  const references = rules.flatMap((rule) => rule.flatMap((token, at) => reference(text, before, rule, token, at)));
  const spans = [unquoted(text, outermost.nameSpan), ...references].sort((a, b) => a.from - b.from);
  const kept = [...spans.map(({ from }) => from), text.length].map((to, at) => text.slice(spans[at - 1]?.to ?? 0, to));
  return kept.join(name);
}

/** The part of a word that names the profile, where it stands behind an arrow or as a peer. */
function reference(text: string, name: string, rule: Rule, token: Token, at: number): readonly Span[] {
  if (token.type !== 'word' || (token.value !== name && !token.value.startsWith(`${name}//`))) return [];
  const [key, sign] = [rule[at - 2], rule[at - 1]];
  const isTarget = sign?.type === 'word' && sign.value === '->';
  const isPeer = sign?.type === 'equals' && key?.type === 'word' && PEERS.includes(key.value);
  if (!isTarget && !isPeer) return [];
  const { from } = unquoted(text, token);
  return [{ from, to: from + name.length }];
}

const PEERS: readonly string[] = ['peer', 'label'];

function unquoted(text: string, { from, to }: Span): Span {
  return text[from] === '"' ? { from: from + 1, to: to - 1 } : { from, to };
}
