// SPDX-License-Identifier: Apache-2.0
// How large the automaton of a profile's paths gets. apparmor_parser puts all file rules of a profile into one, and
// numbers its states with 16 bits: 2,200 names of 32 random digits are too many, 20,000 folders with the same names
// within are not, as what is behind them is the same.
import type { FileRule } from './spec.ts';

/** States that a profile may have, of 65,535: wildcards need some that are not counted here. */
export const MOST_STATES = 60_000;

/**
 * About how many states the automaton of these rules has, or any number above MOST_STATES where it has more than those.
 * Right for paths without patterns: as many as there are different ways in which a path may go on.
 *
 * @param rules - by their patterns' texts, in order
 */
export function statesOf(rules: ReadonlyMap<string, FileRule>, modes: (rule: FileRule) => string): number {
  const beginnings = beginningsOf([...rules.keys()]);
  return beginnings <= MOST_STATES ? beginnings : different(rules, modes);
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

/**
 * The number of beginnings that are not the same as another one in all that follows. Texts in order never come back to
 * what another one has left, so that is settled at once, and no more is kept than the different ones and the way to the
 * text that is looked at: a tree of all of them would be hundreds of megabytes.
 */
function different(rules: ReadonlyMap<string, FileRule>, modes: (rule: FileRule) => string): number {
  const numbers = new Map<string, number>();
  /** For each beginning of the last text, shortest first: what may follow it, as far as that is settled. */
  const way = [''];
  let last = '';
  const settleTo = (length: number): void => {
    while (way.length > length + 1) {
      const key = way.pop() ?? '';
      const number = numbers.get(key) ?? numbers.size;
      numbers.set(key, number);
      const before = way.pop() ?? '';
      way.push(`${before}${last.charAt(way.length)}${String(number)},`);
    }
  };
  for (const [text, rule] of rules) {
    settleTo(shared(text, last));
    if (numbers.size > MOST_STATES) return numbers.size;
    while (way.length < text.length) way.push('');
    way.push(`${modes(rule)}\n`);
    last = text;
  }
  settleTo(0);
  return numbers.size + 1;
}
