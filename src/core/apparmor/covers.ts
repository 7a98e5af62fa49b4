// SPDX-License-Identifier: Apache-2.0
// Whether a pattern matches all that another one matches: answered exactly, by walking both automata at once.
import { Automaton, utf8 } from './automaton.ts';
import { exactPath } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import type { Pattern } from './pattern.ts';
import { withoutVariables } from './variables.ts';

/** Pairs of states that are looked at for a pattern; beyond that it is not held for covered: the safe answer. */
const MOST_PAIRS = 20_000;

/** The work of one question or several; without any left a pattern is not held for covered. */
export interface Budget {
  /** Steps that are left: about as many states as may be made or stepped from. */
  steps: number;
}

/** Steps of one set of bytes, when bytes are told apart. */
const STEPS_OF_SET = 4;

/** Whether `wide` matches every path that `narrow` matches. False also where that would take too long to find out. */
export function covers(wide: Pattern, narrow: Pattern): boolean {
  return new Coverage([wide]).covers(narrow);
}

/** Patterns that together may cover others. */
export class Coverage {
  private readonly texts: ReadonlySet<string>;
  private readonly automaton: Automaton;

  /** Patterns for which the budget does not last cover nothing but themselves. */
  constructor(patterns: readonly Pattern[], budget: Budget = { steps: Infinity }) {
    this.texts = new Set(patterns.map(printPattern));
    this.automaton = new Automaton(patterns.flatMap((pattern) => expandedWithin(pattern, budget)));
  }

  /** Whether some of them match every path that a pattern matches. */
  covers(narrow: Pattern, budget: Budget = { steps: Infinity }): boolean {
    const text = printPattern(narrow);
    if (this.texts.has(text)) return true;
    const all = expandedWithin(narrow, budget);
    return all.length > 0 && all.every((one) => this.coversOne(one, budget));
  }

  private coversOne(narrow: Pattern, budget: Budget): boolean {
    const path = exactPath(narrow);
    return path === undefined ? this.coversAll(narrow, budget) : this.matches(path, budget);
  }

  /** Whether one of them matches a path. */
  matches(path: string, budget: Budget = { steps: Infinity }): boolean {
    let states = this.automaton.start();
    for (const byte of utf8(path)) {
      budget.steps -= states.length;
      if (budget.steps <= 0) return false;
      states = this.automaton.step(states, byte);
      if (states.length === 0) return false;
    }
    return this.automaton.accepts(states);
  }

  private coversAll(pattern: Pattern, budget: Budget): boolean {
    const narrow = new Automaton([pattern]);
    const sets = [...new Set([...narrow.sets, ...this.automaton.sets])];
    budget.steps -= sets.length * STEPS_OF_SET;
    const bytes = budget.steps > 0 ? representatives(sets) : [];
    const todo: (readonly [readonly number[], readonly number[]])[] = [[narrow.start(), this.automaton.start()]];
    const seen = new Set<string>();
    for (let pair = todo.pop(); pair !== undefined; pair = todo.pop()) {
      const [own, other] = pair;
      const key = `${own.join()} ${other.join()}`;
      if (own.length === 0 || seen.has(key)) continue;
      budget.steps -= (own.length + other.length + 1) * bytes.length;
      if (seen.size >= MOST_PAIRS || budget.steps <= 0) return false;
      if (narrow.accepts(own) && !this.automaton.accepts(other)) return false;
      seen.add(key);
      for (const byte of bytes) todo.push([narrow.step(own, byte), this.automaton.step(other, byte)]);
    }
    return true;
  }
}

/** The patterns without variables that a pattern stands for; none where the budget does not last for their states. */
function expandedWithin(pattern: Pattern, budget: Budget): readonly Pattern[] {
  if (budget.steps <= 0) return [];
  const all = withoutVariables(pattern);
  for (const one of all ?? [pattern]) budget.steps -= sizeOf(one);
  return budget.steps > 0 ? (all ?? []) : [];
}

/** About how many states a pattern has. */
function sizeOf(pattern: Pattern): number {
  return pattern.reduce((sum, item) => {
    if (item.type === 'literal') return sum + item.text.length;
    return item.type === 'choice' ? item.alternatives.reduce((own, one) => own + sizeOf(one) + 1, sum) : sum + 1;
  }, 0);
}

/** One byte for all bytes that different sets do not tell apart. */
function representatives(different: readonly Uint8Array[]): readonly number[] {
  const found = new Map<string, number>();
  for (let byte = 1; byte < 256; byte += 1) {
    const key = different.map((set) => String(set[byte])).join('');
    if (!found.has(key)) found.set(key, byte);
  }
  return [...found.values()];
}
