// SPDX-License-Identifier: Apache-2.0
// Rules that a filter does not contain although they are written. runc (1.1.5, 1.5.2) and crun (1.8.1) leave out rules
// whose action and error number are the default's; libseccomp (2.5.4) forgets the conditional rules of a call that has
// an unconditional one. So "allow clone" followed by "clone with CLONE_NEWUSER: default action" allows clone with any
// arguments, whatever the order of the two.
import { conjunctionsOf } from '../meaning/answers.ts';
import { Comparisons } from '../meaning/comparisons.ts';
import { canMeet, isWithin, reduced } from '../meaning/condition.ts';
import type { Conjunction } from '../meaning/condition.ts';
import { sameVerdict, verdictOf, verdictText } from '../meaning/verdict.ts';
import type { Verdict } from '../meaning/verdict.ts';
import type { Profile } from '../model.ts';

/** A rule, or one of its alternatives, as it speaks of one call. */
interface Statement {
  readonly conditions: Conjunction;
  readonly verdict: Verdict;
  /** Which rule of the profile it is. */
  readonly rule: number;
}

/** Why a rule has no effect, with the rule that holds instead. */
interface Finding {
  readonly kind: 'default' | 'unconditional';
  readonly statement: Statement;
  readonly stronger: Statement;
}

/** How many calls a sentence names. */
const NAMED = 10;

function statementsByCall(profile: Profile): ReadonlyMap<string, readonly Statement[]> {
  const calls = new Map<string, Statement[]>();
  for (const [index, rule] of profile.rules.entries()) {
    const verdict = verdictOf(rule.action, rule.errno);
    const statements = conjunctionsOf(rule).flatMap((conjunction) => {
      const conditions = reduced(conjunction, 64);
      return conditions === undefined ? [] : [{ conditions, verdict, rule: index }];
    });
    for (const name of rule.names) {
      const known = calls.get(name);
      if (known === undefined) calls.set(name, [...statements]);
      else known.push(...statements);
    }
  }
  return calls;
}

/** Whether a rule that says the default is an "otherwise" beside a narrower one: it may be left out. */
function isOtherwise(statement: Statement, other: Statement): boolean {
  return isWithin(other.conditions, statement.conditions) && !isWithin(statement.conditions, other.conditions);
}

/** The rules of one call that have no effect; 'unknown' when that takes too many comparisons. */
function findingsAmong(
  statements: readonly Statement[],
  defaultVerdict: Verdict,
  comparisons: Comparisons,
): readonly Finding[] | 'unknown' {
  const effective = statements.filter(({ verdict }) => !sameVerdict(verdict, defaultVerdict));
  const always = effective.find(({ conditions }) => conditions.length === 0);
  const findings: Finding[] = [];
  for (const statement of statements) {
    if (!sameVerdict(statement.verdict, defaultVerdict)) {
      if (always === undefined || sameVerdict(always.verdict, statement.verdict)) continue;
      findings.push({ kind: 'unconditional', statement, stronger: always });
      continue;
    }
    if (!comparisons.spend(effective.length)) return 'unknown';
    const stronger = effective.find(
      (other) => canMeet(other.conditions, statement.conditions, 64) && !isOtherwise(statement, other),
    );
    if (stronger !== undefined) findings.push({ kind: 'default', statement, stronger });
  }
  return findings;
}

function sentenceOf({ kind, statement, stronger }: Finding, names: readonly string[]): string {
  const more = names.length > NAMED ? ` and ${String(names.length - NAMED)} more` : '';
  const calls = `${names.slice(0, NAMED).join(', ')}${more}`;
  const other = `${verdictText(stronger.verdict, statement.verdict)} of syscalls[${String(stronger.rule)}]`;
  const rule = `syscalls[${String(statement.rule)}]: ${verdictText(statement.verdict, stronger.verdict)} for ${calls}`;
  return kind === 'default'
    ? `${rule} has no effect: runtimes leave out rules that repeat the default action, and ${other} holds for these calls`
    : `${rule} has no effect: ${other} holds for all their arguments`;
}

/**
 * Warnings about rules that no filter contains: a sentence for each rule, with the calls that it concerns.
 */
export function ineffectiveRules(profile: Profile): readonly string[] {
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  const comparisons = new Comparisons();
  const found = new Map<string, { readonly finding: Finding; readonly names: Set<string> }>();
  const unknown: string[] = [];
  for (const [name, statements] of statementsByCall(profile)) {
    if (statements.length < 2) continue;
    const findings = findingsAmong(statements, defaultVerdict, comparisons);
    if (findings === 'unknown') unknown.push(name);
    else {
      for (const finding of findings) {
        const key = `${finding.kind} ${String(finding.statement.rule)} ${String(finding.stronger.rule)}`;
        const known = found.get(key) ?? { finding, names: new Set<string>() };
        found.set(key, known);
        known.names.add(name);
      }
    }
  }
  const uncompared = unknown.map((name) => `syscalls: too many rules for ${name} to tell whether all have an effect`);
  return [...[...found.values()].map(({ finding, names }) => sentenceOf(finding, [...names])), ...uncompared];
}
