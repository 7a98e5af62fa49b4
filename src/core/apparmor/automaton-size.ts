// SPDX-License-Identifier: Apache-2.0
// How large the automaton of a profile's paths gets. apparmor_parser puts all file rules of a profile into one, and
// numbers its states with 16 bits: 2,200 names of 32 random digits are too many, 20,000 folders with the same names
// within are not, as what is behind them is the same.
import type { FileRule } from './spec.ts';

/** States that a profile may have, of 65,535: wildcards need some that are not counted here. */
export const MOST_STATES = 60_000;

interface Node {
  readonly next: Map<string, Node>;
  ends: string;
}

/**
 * About how many states the automaton of these rules has. Exact for paths without patterns: as many as there are
 * different ways in which a path may go on.
 *
 * @param rules - by their patterns' texts, in order
 */
export function statesOf(rules: ReadonlyMap<string, FileRule>, modes: (rule: FileRule) => string): number {
  const nodes = beginningsOf([...rules.keys()]);
  return nodes <= MOST_STATES ? nodes : different(treeOf(rules, modes));
}

/** How many different beginnings texts in order have. */
function beginningsOf(texts: readonly string[]): number {
  return texts.reduce((sum, text, at) => sum + text.length - shared(text, texts[at - 1] ?? ''), 1);
}

function shared(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a.charCodeAt(length) === b.charCodeAt(length)) length += 1;
  return length;
}

function treeOf(rules: ReadonlyMap<string, FileRule>, modes: (rule: FileRule) => string): Node {
  const root: Node = { next: new Map(), ends: '' };
  for (const [text, rule] of rules) {
    let node = root;
    for (const character of text) {
      const next: Node = node.next.get(character) ?? { next: new Map(), ends: '' };
      node.next.set(character, next);
      node = next;
    }
    node.ends = modes(rule);
  }
  return root;
}

/**
 * The number of nodes that are not the same as another one with all that follows. A path may have 4,095 characters, so
 * nodes are gone through in a list, and not by a function that calls itself.
 */
function different(root: Node): number {
  const nodes = [root];
  for (const node of nodes) nodes.push(...node.next.values());
  const ids = new Map<Node, number>();
  const known = new Map<string, number>();
  for (const node of nodes.reverse()) {
    const key = node.ends + Array.from(node.next, ([character, next]) => `${character}${String(ids.get(next))}`).join();
    const id = known.get(key) ?? known.size;
    known.set(key, id);
    ids.set(node, id);
  }
  return known.size;
}
