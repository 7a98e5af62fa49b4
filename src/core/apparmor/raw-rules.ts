// SPDX-License-Identifier: Apache-2.0
// Rules of a raw policy that do not do what they seem to, where apparmor_parser says nothing or not where.
import { Coverage } from './covers.ts';
import type { Budget } from './covers.ts';
import { isMode } from './file-modes.ts';
import { readPattern } from './pattern.ts';
import type { Pattern } from './pattern.ts';
import type { Rule } from './structure.ts';

/** Different profiles that a profile may name behind `->` of rules for programs (AA_EXEC_COUNT of 3.0 and 4.0). */
const MOST_TARGETS = 12;

/** A rule that names one profile too many, by its offset; undefined where there is none. */
export function excessTarget(rules: readonly Rule[]): number | undefined {
  const targets = new Set<string>();
  for (const rule of rules) {
    const target = execTarget(wordsOf(rule));
    if (target !== undefined) targets.add(target);
    if (targets.size > MOST_TARGETS) return rule[0]?.from;
  }
  return undefined;
}

/** The fault of such a rule. */
export const TOO_MANY_TARGETS = `names more than ${String(MOST_TARGETS)} profiles behind -> for programs, which no compiler takes`;

function wordsOf(rule: Rule): readonly string[] {
  return rule.flatMap((token) => (token.type === 'word' ? [token.value] : []));
}

/** `/bin/x px -> NAME`. */
function execTarget(words: readonly string[]): string | undefined {
  const arrow = words.indexOf('->');
  const isExec = words.slice(0, arrow).some((word) => isMode(word) && /[pc]i?u?x/i.test(word));
  return arrow > 0 && isExec ? words[arrow + 1] : undefined;
}

/** Steps for comparing the patterns of a policy. */
const MOST_STEPS = 200_000;

/** States for the patterns that others are compared with, for all rights together: some ten megabytes. */
const MOST_STATES = 50_000;

interface Denial {
  readonly path: string;
  readonly pattern: Pattern;
  /** Letters of what is refused. */
  readonly mode: string;
}

/**
 * Sentences about refusals that are to be logged and are not: a plain `deny` of the same wins, and keeps silent, for
 * each right by itself.
 */
export function silencedDenials(rules: readonly Rule[]): readonly string[] {
  const words = rules.map(wordsOf);
  const plain = words.flatMap((rule) => denialOf(rule, false));
  const budget: Budget = { steps: MOST_STEPS };
  const coverages = coveragesOf(plain);
  return words
    .flatMap((rule) => denialOf(rule, true))
    .filter(({ pattern, mode }) =>
      Array.from(mode).some((letter) => coverages.get(letter)?.covers(pattern, budget) === true),
    )
    .map(({ path }) => `refusals of ${path} are not logged: a deny without audit refuses them, too, and wins`);
}

/** The refused patterns, by the letters of rights. */
function coveragesOf(denials: readonly Denial[]): ReadonlyMap<string, Coverage> {
  const letters = [...new Set(denials.flatMap(({ mode }) => Array.from(mode)))];
  const budget: Budget = { steps: MOST_STATES };
  const patternsOf = (letter: string): readonly Pattern[] =>
    denials.filter(({ mode }) => mode.includes(letter)).map(({ pattern }) => pattern);
  return new Map(letters.map((letter) => [letter, new Coverage(patternsOf(letter), budget)]));
}

function denialOf(words: readonly string[], audited: boolean): readonly Denial[] {
  const at = words.indexOf('deny');
  if (at < 0 || words.slice(0, at).includes('audit') !== audited) return [];
  const rest = words.slice(at + 1);
  const path = rest.find((word) => /^[/@]/.test(word));
  const mode = rest.find(isMode);
  const { pattern } = path === undefined ? {} : readPattern(path);
  return path === undefined || mode === undefined || pattern === undefined ? [] : [{ path, pattern, mode }];
}
