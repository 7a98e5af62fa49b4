// SPDX-License-Identifier: Apache-2.0
// A profile seen as a function: for each system call a fallback verdict, and verdicts under conditions. This is the form in
// which profiles can be compared and merged, because two profiles that say the same have the same answers.
import type { ArgCondition, Profile, Rule } from './model.ts';
import { compareVerdicts, verdictOf, type Verdict } from './verdict.ts';

/** A verdict that holds under conditions, all of them. */
export interface Guarded {
  readonly args: readonly ArgCondition[];
  readonly verdict: Verdict;
}

/** The answers to one system call. */
export interface Answers {
  /** What happens when no condition holds. */
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

function conditionText({ index, op, value, valueTwo }: ArgCondition): string {
  return `${String(index)} ${op} ${String(value)} ${String(valueTwo)}`;
}

function sameOnce(args: readonly ArgCondition[]): readonly ArgCondition[] {
  const byText = new Map(args.map((arg) => [conditionText(arg), arg]));
  return [...byText.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, arg]) => arg);
}

/** The canonical text of conditions: sorted, each once. Empty for none. */
export function conditionsKey(args: readonly ArgCondition[]): string {
  return sameOnce(args).map(conditionText).join('; ');
}

/**
 * The conjunctions that a rule stands for. OCI runtimes take several conditions on one argument as alternatives (libseccomp
 * knows one condition per argument), so such a rule is a rule for each condition; otherwise all conditions must hold.
 */
export function conjunctionsOf(rule: Rule): readonly (readonly ArgCondition[])[] {
  const indexes = new Set(rule.args.map((arg) => arg.index));
  return indexes.size < rule.args.length ? rule.args.map((arg) => [arg]) : [rule.args];
}

interface Draft {
  unconditional?: Verdict;
  readonly guarded: Map<string, Guarded>;
}

/** Of two rules for the same call under the same conditions the first counts, as libseccomp keeps it. */
function noteRule(draft: Draft, rule: Rule, defaultVerdict: Verdict): void {
  const verdict = verdictOf(rule.action, rule.errno);
  if (compareVerdicts(verdict, defaultVerdict) === 0) return;
  for (const args of conjunctionsOf(rule)) {
    const key = conditionsKey(args);
    if (key === '') draft.unconditional ??= verdict;
    else if (!draft.guarded.has(key)) draft.guarded.set(key, { args: sameOnce(args), verdict });
  }
}

function settle(draft: Draft, defaultVerdict: Verdict): Answers {
  if (draft.unconditional !== undefined) return { fallback: draft.unconditional, guarded: new Map() };
  return { fallback: defaultVerdict, guarded: draft.guarded };
}

/** The answers of a profile, as a runtime and libseccomp make a filter of it: an unconditional rule beats conditional ones. */
export function answersOf(profile: Profile): AnswerBook {
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  const drafts = new Map<string, Draft>();
  for (const rule of profile.rules) {
    for (const name of rule.names) {
      const draft = drafts.get(name) ?? { guarded: new Map() };
      drafts.set(name, draft);
      noteRule(draft, rule, defaultVerdict);
    }
  }
  const calls = new Map<string, Answers>();
  for (const [name, draft] of drafts) {
    const answers = settle(draft, defaultVerdict);
    if (differs(answers, defaultVerdict)) calls.set(name, answers);
  }
  return { defaultVerdict, calls };
}

/** Whether answers say more than the default. */
export function differs(answers: Answers, defaultVerdict: Verdict): boolean {
  return answers.guarded.size > 0 || compareVerdicts(answers.fallback, defaultVerdict) !== 0;
}
