// SPDX-License-Identifier: Apache-2.0
// The types that an expression of types can mean, as far as its words tell. In doubt it means too many.
import type { CilNode } from './cil.ts';

/** The meaning of an expression. */
export interface TypeWords {
  /** Names of which every type can be in the set. */
  readonly words: readonly string[];
  /** Whether types can be in the set that the expression does not name. */
  readonly isOpen: boolean;
}

/** The types of an expression that has the right form. */
export function typeWords(node: CilNode | undefined): TypeWords {
  if (node === undefined) return { words: [], isOpen: false };
  if (node.kind === 'word') return { words: [node.text], isOpen: false };
  const [first] = node.items;
  const operator = first?.kind === 'word' ? first.text : '';
  if (operator === 'all' || operator === 'not') return { words: [], isOpen: true };
  const isNamed = operator === 'and' || operator === 'or' || operator === 'xor';
  const parts = node.items.slice(isNamed ? 1 : 0).map(typeWords);
  const closed = parts.filter(({ isOpen }) => !isOpen);
  // All that two sets share is in the one that is known.
  if (operator === 'and' && closed.length > 0) return { words: wordsOf(closed), isOpen: false };
  return { words: wordsOf(parts), isOpen: closed.length < parts.length };
}

function wordsOf(parts: readonly TypeWords[]): readonly string[] {
  return parts.flatMap(({ words }) => words);
}
