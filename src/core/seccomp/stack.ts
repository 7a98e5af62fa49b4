// SPDX-License-Identifier: Apache-2.0
// A profile on its base profiles. A base adds rules and never weakens what stands on it: for each call, by name and
// arguments, the nearest profile that has a rule for it decides, and the default of the top profile decides where none
// has. That is not a union (union.ts), which permits whatever any part permits: the union of two deny lists denies
// nothing.
//
// A rule that repeats the default of its profile is a statement here, too: "mkdir: ERRNO" under a default of ERRNO
// keeps a base from allowing mkdir. Runtimes drop such rules, so a base's rule is written with the conditions that
// remain for it.
import { alternativesOf, answersOf, answersTo, differs } from './meaning/answers.ts';
import type { Answers, Guarded } from './meaning/answers.ts';
import { Comparisons } from './meaning/comparisons.ts';
import { canMeet, conjunctionKey } from './meaning/condition.ts';
import type { Conjunction } from './meaning/condition.ts';
import { rulesOf } from './merge.ts';
import type { Profile } from './model.ts';
import { remainder } from './meaning/remainder.ts';
import { sameVerdict, verdictFields, verdictOf } from './meaning/verdict.ts';
import type { Verdict } from './meaning/verdict.ts';

/** A base profile with the name by which warnings call it. */
export interface BaseProfile {
  readonly name: string;
  readonly profile: Profile;
}

/** A profile with the rules that its bases add. */
export interface StackedRules {
  readonly profile: Profile;
  /** Rules of bases that do not hold, or not for all arguments, and why: a sentence for each base and reason. */
  readonly warnings: readonly string[];
}

/** Most conjunctions that one rule of a base may become beside the rules above it. */
const MOST_CONJUNCTIONS = 256;

/** How many system calls a warning names. */
const NAMED = 10;

/**
 * The statement of one profile on one call: its answers, and the conditions under which a rule leaves the call to the
 * default.
 */
interface Statements {
  readonly answers: readonly Guarded[];
  readonly defaults: readonly Guarded[];
}

/** The statements of the profiles so far on one call, nearest first, and the rules to write for it. */
interface Draft {
  readonly said: Guarded[];
  readonly written: Guarded[];
}

/** Calls of one base for which something else holds than the base says. */
interface Overruled {
  /** A nearer profile decides, for some arguments at least. */
  readonly nearer: Set<string>;
  /** Calls for which the rest of the base's rules needs more conjunctions than a filter has room for. */
  readonly tooMany: Set<string>;
}

function statementsOf(profile: Profile): ReadonlyMap<string, Statements> {
  const book = answersOf(profile);
  const defaults = new Map<string, Guarded[]>();
  for (const rule of profile.rules) {
    const verdict = verdictOf(rule.action, rule.errno);
    if (!sameVerdict(verdict, book.defaultVerdict)) continue;
    const alternatives = alternativesOf(rule).map(({ args }) => ({ args, verdict }));
    for (const name of rule.names) {
      const known = defaults.get(name) ?? [];
      defaults.set(name, known);
      known.push(...alternatives);
    }
  }
  const names = new Set([...book.calls.keys(), ...defaults.keys()]);
  const statements = [...names].map((name) => {
    const { fallback, guarded } = answersTo(book, name);
    const always = !sameVerdict(fallback, book.defaultVerdict);
    const answers = always ? [{ args: [], verdict: fallback }] : [...guarded.values()];
    return [name, { answers, defaults: defaults.get(name) ?? [] }] as const;
  });
  return new Map(statements);
}

/** The part of a statement that is left beside those that precede it and differ. */
function remaining(
  { args, verdict }: Guarded,
  nearer: readonly Guarded[],
  comparisons: Comparisons,
): readonly Conjunction[] | undefined {
  if (!comparisons.spend(nearer.length)) return undefined;
  const others = nearer.filter((other) => !sameVerdict(other.verdict, verdict));
  return remainder(
    args,
    others.map((other) => other.args),
    MOST_CONJUNCTIONS,
  );
}

/** Adds what a base says of one call: its answers first, since they hold in it before what it leaves to its default. */
function addStatements(
  draft: Draft,
  name: string,
  { answers, defaults }: Statements,
  overruled: Overruled,
  comparisons: Comparisons,
): void {
  const nearer = [...draft.said];
  const add = (statement: Guarded, above: readonly Guarded[]): void => {
    const left = remaining(statement, above, comparisons);
    if (left === undefined) overruled.tooMany.add(name);
    else draft.written.push(...left.map((args) => ({ args, verdict: statement.verdict })));
    if (left !== undefined && nearer.some((other) => contradicts(other, statement))) overruled.nearer.add(name);
    draft.said.push(statement);
  };
  for (const statement of answers) add(statement, nearer);
  const aboveDefaults = [...nearer, ...answers];
  for (const statement of defaults) add(statement, aboveDefaults);
}

function contradicts(one: Guarded, other: Guarded): boolean {
  return !sameVerdict(one.verdict, other.verdict) && canMeet(one.args, other.args, 64);
}

function addBase(
  drafts: Map<string, Draft>,
  { name: base, profile }: BaseProfile,
  comparisons: Comparisons,
): readonly string[] {
  const overruled: Overruled = { nearer: new Set(), tooMany: new Set() };
  for (const [name, statements] of statementsOf(profile)) {
    const draft = drafts.get(name) ?? { said: [], written: [] };
    drafts.set(name, draft);
    addStatements(draft, name, statements, overruled, comparisons);
  }
  return [
    ...warning(overruled.nearer, base, 'a nearer profile decides, where it has rules'),
    ...warning(
      overruled.tooMany,
      base,
      'its rules are not added, as too many would be needed beside those of nearer ones',
    ),
  ];
}

function warning(calls: ReadonlySet<string>, base: string, reason: string): readonly string[] {
  if (calls.size === 0) return [];
  const names = [...calls].sort();
  const more = names.length > NAMED ? ` and ${String(names.length - NAMED)} more` : '';
  return [`base profile ${base}: for ${names.slice(0, NAMED).join(', ')}${more} ${reason}`];
}

/** The answers to one call under the top profile's default; unconditional ones precede all others, as in a filter. */
function answersIn({ written }: Draft, defaultVerdict: Verdict): Answers {
  const differing = written.filter(({ verdict }) => !sameVerdict(verdict, defaultVerdict));
  const always = differing.find(({ args }) => args.length === 0);
  if (always !== undefined) return { fallback: always.verdict, guarded: new Map() };
  return { fallback: defaultVerdict, guarded: new Map(differing.map((one) => [conjunctionKey(one.args), one])) };
}

/**
 * A profile with the rules of its bases, in canonical form. Default, architectures, flags and listener are the
 * profile's own.
 *
 * @param bases - nearest first; none of them contradicts itself
 */
export function stackProfiles(own: Profile, bases: readonly BaseProfile[]): StackedRules {
  const drafts = new Map<string, Draft>();
  for (const [name, { answers, defaults }] of statementsOf(own)) {
    drafts.set(name, { said: [...answers, ...defaults], written: [...answers] });
  }
  const comparisons = new Comparisons();
  const warnings = bases.flatMap((base) => addBase(drafts, base, comparisons));
  const defaultVerdict = verdictOf(own.defaultAction, own.defaultErrno);
  const answers = [...drafts].map(([name, draft]) => [name, answersIn(draft, defaultVerdict)] as const);
  const calls = new Map(answers.filter(([, one]) => differs(one, defaultVerdict)));
  const silent = [...drafts.keys()].filter((name) => !calls.has(name)).sort();
  // Runtimes answer calls newer than all that a profile names with ENOSYS, so a name must not go (newer-calls.ts).
  const repeated = silent.length === 0 ? [] : [{ names: silent, ...verdictFields(defaultVerdict), args: [] }];
  return { profile: { ...own, rules: [...rulesOf({ defaultVerdict, calls }), ...repeated] }, warnings };
}
