// SPDX-License-Identifier: Apache-2.0
// The union of profiles: what any of them permits, it permits. Merging is commutative, associative and idempotent, and never
// stricter than a part. A filter can say one of three things about a call: a verdict for all of its arguments; the default,
// and one verdict above it under conditions; or the default, and verdicts below it under conditions. The union is the least
// of these that every part is below:
//
// - verdicts above the default under conditions keep their conditions, all of them: conditions are never joined, because those
//   of one rule are ANDed and the joined rule would be stricter than both;
// - where such verdicts differ, or another part has one for all arguments, the greatest holds for all arguments: of two rules
//   that hold for the same call libseccomp takes either;
// - a verdict below the default under conditions stays as far as every part agrees: it is the greatest that any part gives;
// - a part with a lesser default than the union keeps what it permits above that, but for all arguments. Recordings all have
//   the same default, so that their conditions stay.
import { answersOf, differs, type AnswerBook, type Answers, type Guarded } from './answers.ts';
import type { Architecture, Flag, Profile, Rule } from './model.ts';
import { compareVerdicts, mostPermissive, verdictFields, type Verdict } from './verdict.ts';

function isAbove(verdict: Verdict, other: Verdict): boolean {
  return compareVerdicts(verdict, other) > 0;
}

const UNGUARDED: ReadonlyMap<string, Guarded> = new Map();

function always(fallback: Verdict): Answers {
  return { fallback, guarded: UNGUARDED };
}

type Keyed = readonly [key: string, guarded: Guarded];

function guardsAbove(parts: readonly Answers[], verdict: Verdict): readonly Keyed[] {
  return parts.flatMap(({ guarded }) => [...guarded]).filter(([, guard]) => isAbove(guard.verdict, verdict));
}

/** Brings the answers of one part to one of the three forms. */
function settle(answers: Answers, defaultVerdict: Verdict): Answers {
  const above = guardsAbove([answers], defaultVerdict);
  if (above.length === 0) return answers;
  return uniteAbove(above, answers.fallback);
}

/** The answers of a part whose default is less than that of the union. */
function raise(answers: Answers, defaultVerdict: Verdict): Answers {
  const above = guardsAbove([answers], defaultVerdict).map(([, { verdict }]) => verdict);
  return always(mostPermissive(defaultVerdict, answers.fallback, ...above));
}

/** Guards above the fallback: as they are when they agree on the verdict, else the greatest for all arguments. */
function uniteAbove(above: readonly Keyed[], fallback: Verdict): Answers {
  const verdicts = above.map(([, { verdict }]) => verdict);
  const greatest = mostPermissive(fallback, ...verdicts);
  const agree = verdicts.every((verdict) => compareVerdicts(verdict, greatest) === 0);
  return agree ? { fallback, guarded: new Map(above) } : always(greatest);
}

/** Guards below the default: where every part restricts, with the greatest verdict that a part gives there. */
function uniteBelow(parts: readonly Answers[], defaultVerdict: Verdict): Answers {
  const guarded = new Map<string, Guarded>();
  for (const [key, { args, verdict: own }] of parts.flatMap((part) => [...part.guarded])) {
    const given = parts.map((part) => part.guarded.get(key)?.verdict ?? part.fallback);
    const verdict = mostPermissive(own, ...given);
    if (isAbove(defaultVerdict, verdict)) guarded.set(key, { args, verdict });
  }
  return { fallback: defaultVerdict, guarded };
}

function uniteAnswers(parts: readonly Answers[], defaultVerdict: Verdict): Answers {
  const [first = always(defaultVerdict), ...others] = parts;
  const fallback = mostPermissive(first.fallback, ...others.map((part) => part.fallback));
  const above = guardsAbove(parts, defaultVerdict);
  if (isAbove(fallback, defaultVerdict))
    return always(mostPermissive(fallback, ...above.map(([, { verdict }]) => verdict)));
  if (above.length > 0) return uniteAbove(above, fallback);
  return isAbove(defaultVerdict, fallback) ? always(fallback) : uniteBelow(parts, defaultVerdict);
}

/** What one part says about a call, in the terms of a union with the given default. */
function answersTo(book: AnswerBook, name: string, defaultVerdict: Verdict): Answers {
  const own = settle(book.calls.get(name) ?? always(book.defaultVerdict), book.defaultVerdict);
  return isAbove(defaultVerdict, book.defaultVerdict) ? raise(own, defaultVerdict) : own;
}

function uniteBooks(books: readonly [AnswerBook, ...AnswerBook[]]): AnswerBook {
  const [first, ...others] = books;
  const defaultVerdict = mostPermissive(first.defaultVerdict, ...others.map((book) => book.defaultVerdict));
  const calls = new Map<string, Answers>();
  for (const name of new Set(books.flatMap((book) => [...book.calls.keys()]))) {
    const parts = books.map((book) => answersTo(book, name, defaultVerdict));
    const answers = uniteAnswers(parts, defaultVerdict);
    if (differs(answers, defaultVerdict)) calls.set(name, answers);
  }
  return { defaultVerdict, calls };
}

interface Entry extends Guarded {
  readonly key: string;
  readonly name: string;
}

function entriesOf(book: AnswerBook): readonly Entry[] {
  return [...book.calls].flatMap(([name, { fallback, guarded }]) => {
    const own =
      compareVerdicts(fallback, book.defaultVerdict) === 0 ? [] : [{ name, key: '', args: [], verdict: fallback }];
    return [...own, ...[...guarded].map(([key, entry]) => ({ name, key, ...entry }))];
  });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** One rule for each verdict and conditions, with all its names; the most permissive first, unconditional before conditional. */
function rulesOf(book: AnswerBook): readonly Rule[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entriesOf(book)) {
    const group = `${entry.verdict.action} ${String(entry.verdict.errno)} ${entry.key}`;
    groups.set(group, [...(groups.get(group) ?? []), entry]);
  }
  const sorted = [...groups.values()].sort(([a], [b]) =>
    a === undefined || b === undefined ? 0 : compareVerdicts(b.verdict, a.verdict) || compareTexts(a.key, b.key),
  );
  return sorted.flatMap((entries) => {
    const [first] = entries;
    if (first === undefined) return [];
    return [
      { names: entries.map(({ name }) => name).sort(compareTexts), ...verdictFields(first.verdict), args: first.args },
    ];
  });
}

function uniteArchitectures(profiles: readonly Profile[]): readonly Architecture[] {
  if (profiles.every((profile) => profile.architectures.length === 0)) return [];
  const all = profiles.flatMap(({ architectures }): readonly Architecture[] =>
    architectures.length === 0 ? ['SCMP_ARCH_NATIVE'] : architectures,
  );
  return [...new Set(all)].sort(compareTexts);
}

function uniteFlags(profiles: readonly Profile[]): readonly Flag[] {
  return [...new Set(profiles.flatMap((profile) => profile.flags))].sort(compareTexts);
}

/** The one value that all profiles which have any agree on; of several the first in order. */
function agreed<K extends 'listenerPath' | 'listenerMetadata'>(
  profiles: readonly Profile[],
  key: K,
): Partial<Pick<Profile, K>> {
  const [value] = profiles.flatMap((profile) => profile[key] ?? []).sort(compareTexts);
  return value === undefined ? {} : (Object.fromEntries([[key, value]]) as Pick<Profile, K>);
}

function commonBase(profiles: readonly Profile[]): Pick<Profile, 'baseProfileName'> {
  const bases = [...new Set(profiles.flatMap(({ baseProfileName }) => baseProfileName ?? []))];
  if (bases.length > 1)
    throw new RangeError(`profiles with different bases cannot be merged: ${bases.sort().join(', ')}`);
  const [baseProfileName] = bases;
  return baseProfileName === undefined ? {} : { baseProfileName };
}

/**
 * The union of profiles in canonical form: equal profiles have equal unions, names are sorted, nothing is said twice, and
 * what the default says already is left out. The union of one profile is its canonical form.
 *
 * @throws RangeError when there is none, or when they name different base profiles
 */
export function mergeProfiles(profiles: readonly Profile[]): Profile {
  const [first, ...others] = profiles.map(answersOf);
  if (first === undefined) throw new RangeError('no profiles to merge');
  const book = uniteBooks([first, ...others]);
  const { action, errno } = verdictFields(book.defaultVerdict);
  return {
    defaultAction: action,
    ...(errno === undefined ? {} : { defaultErrno: errno }),
    architectures: uniteArchitectures(profiles),
    flags: uniteFlags(profiles),
    ...agreed(profiles, 'listenerPath'),
    ...agreed(profiles, 'listenerMetadata'),
    ...commonBase(profiles),
    rules: rulesOf(book),
  };
}

/** Whether the first profile permits all that the second permits: whether merging the second into it changes nothing. */
export function covers(profile: Profile, other: Profile): boolean {
  const own = mergeProfiles([profile]);
  const both = mergeProfiles([profile, other]);
  return sameText(own) === sameText(both);
}

function sameText(profile: Profile): string {
  return JSON.stringify(profile, (_key, value: unknown) => (typeof value === 'bigint' ? value.toString() : value));
}
