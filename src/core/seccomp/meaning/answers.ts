// SPDX-License-Identifier: Apache-2.0
// A profile seen as a function: for each system call a fallback verdict, and verdicts under conditions. This is the
// form in which profiles can be compared and merged, because two profiles that say the same have the same answers.
import { conjunctionKey, reduced } from './condition.ts';
import type { Conjunction } from './condition.ts';
import type { ArgCondition, Profile, Rule } from '../model.ts';
import { mostPermissive, sameVerdict, verdictOf } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** A verdict that holds under conditions, all of them. */
export interface Guarded {
  readonly args: Conjunction;
  readonly verdict: Verdict;
}

/** The answers to one system call. */
export interface Answers {
  /** The verdict when no condition holds. */
  readonly fallback: Verdict;
  /** Verdicts under conditions, by the canonical text of the conditions; none equals the fallback. */
  readonly guarded: ReadonlyMap<string, Guarded>;
}

/** A profile as a function from calls to verdicts. */
export interface AnswerBook {
  readonly defaultVerdict: Verdict;
  /** Only calls whose answers differ from the default. */
  readonly calls: ReadonlyMap<string, Answers>;
}

/** One spelling for each condition: valueTwo only where it counts, and only the bits that count. */
function spelled({ index, op, value, valueTwo }: ArgCondition): ArgCondition {
  return { index, op, value, valueTwo: op === 'SCMP_CMP_MASKED_EQ' ? valueTwo & value : 0n };
}

function byIndex(a: ArgCondition, b: ArgCondition): number {
  return a.index - b.index;
}

/**
 * The conjunctions that a rule stands for. OCI runtimes take the conditions of a rule that has several on one argument
 * as alternatives (libseccomp takes one condition for each argument), so such a rule is a rule for each condition; else
 * all must hold.
 */
export function conjunctionsOf(rule: Rule): readonly Conjunction[] {
  const args = rule.args.map(spelled).sort(byIndex);
  const indexes = new Set(args.map((arg) => arg.index));
  return indexes.size < args.length ? args.map((arg) => [arg]) : [args];
}

interface Draft {
  unconditional?: Verdict;
  readonly guarded: Map<string, Guarded>;
}

/** One of the conjunctions that a rule stands for, with its canonical text. */
export interface Alternative {
  readonly key: string;
  readonly args: Conjunction;
}

/** The conjunctions that a rule stands for, without conditions that always hold; none where no arguments satisfy it. */
export function alternativesOf(rule: Rule): readonly Alternative[] {
  return conjunctionsOf(rule).flatMap((conjunction) => {
    const args = reduced(conjunction, 64);
    return args === undefined ? [] : [{ key: conjunctionKey(args), args }];
  });
}

function noteRule(draft: Draft, alternatives: readonly Alternative[], verdict: Verdict): void {
  for (const { key, args } of alternatives) {
    const before = draft.guarded.get(key)?.verdict;
    if (key === '') draft.unconditional ??= verdict;
    else draft.guarded.set(key, { args, verdict: before === undefined ? verdict : mostPermissive(before, verdict) });
  }
}

function settle(draft: Draft, defaultVerdict: Verdict): Answers {
  if (draft.unconditional !== undefined) return { fallback: draft.unconditional, guarded: new Map() };
  return { fallback: defaultVerdict, guarded: draft.guarded };
}

/**
 * The answers of a profile, as a runtime and libseccomp make a filter of it: a rule that says what the default says is
 * none, the first unconditional rule of a call beats all others. Where a profile contradicts itself (see compileFilter)
 * the more permissive rule counts.
 */
export function answersOf(profile: Profile): AnswerBook {
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  const drafts = new Map<string, Draft>();
  for (const rule of profile.rules) {
    const verdict = verdictOf(rule.action, rule.errno);
    if (sameVerdict(verdict, defaultVerdict)) continue;
    const alternatives = alternativesOf(rule);
    for (const name of rule.names) {
      const draft = drafts.get(name) ?? { guarded: new Map() };
      drafts.set(name, draft);
      noteRule(draft, alternatives, verdict);
    }
  }
  const calls = new Map<string, Answers>();
  for (const [name, draft] of drafts) {
    const answers = settle(draft, defaultVerdict);
    if (differs(answers, defaultVerdict)) calls.set(name, answers);
  }
  return { defaultVerdict, calls };
}

/** The answers to one call; the default's where the profile does not name it. */
export function answersTo(book: AnswerBook, name: string): Answers {
  return book.calls.get(name) ?? { fallback: book.defaultVerdict, guarded: new Map() };
}

/** Whether answers say more than the default. */
export function differs(answers: Answers, defaultVerdict: Verdict): boolean {
  return answers.guarded.size > 0 || !sameVerdict(answers.fallback, defaultVerdict);
}
