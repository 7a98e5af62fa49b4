// SPDX-License-Identifier: Apache-2.0
// The union of profiles: what any of them permits, it permits. Merging is commutative, associative and idempotent, and never
// stricter than a part. It works on answers, call by call:
//
// - the fallback of the union is the greatest of the fallbacks (a part that does not name a call answers with its default);
// - a verdict above the fallback under conditions is kept from whichever part has it: conditions are never joined, because
//   conditions of one rule are ANDed and the joined rule would be stricter than both;
// - a verdict below the fallback under conditions is kept only as far as every part agrees: it is raised to the greatest
//   answer that any part may give while the conditions hold.
import { answersOf, differs, type AnswerBook, type Answers, type Guarded } from './answers.ts';
import type { Architecture, Flag, Profile, Rule } from './model.ts';
import { compareVerdicts, mostPermissive, verdictFields, type Verdict } from './verdict.ts';

function answersTo(book: AnswerBook, name: string): Answers {
  return book.calls.get(name) ?? { fallback: book.defaultVerdict, guarded: new Map() };
}

/** The greatest answer that one part may give while the conditions of `key` hold. */
function greatestUnder(answers: Answers, key: string): Verdict {
  const own = answers.guarded.get(key)?.verdict ?? answers.fallback;
  const above = [...answers.guarded.values()].filter(({ verdict }) => compareVerdicts(verdict, answers.fallback) > 0);
  return mostPermissive(own, ...above.map(({ verdict }) => verdict));
}

function unionUnder(parts: readonly Answers[], guarded: Guarded, key: string, fallback: Verdict): Verdict {
  const given = parts.flatMap((part) => part.guarded.get(key)?.verdict ?? []);
  const best = mostPermissive(guarded.verdict, ...given);
  if (compareVerdicts(best, fallback) > 0) return best;
  return mostPermissive(guarded.verdict, ...parts.map((part) => greatestUnder(part, key)));
}

function uniteAnswers(parts: readonly [Answers, ...Answers[]]): Answers {
  const [first, ...others] = parts;
  const fallback = mostPermissive(first.fallback, ...others.map((part) => part.fallback));
  const guarded = new Map<string, Guarded>();
  for (const [key, entry] of parts.flatMap((part) => [...part.guarded])) {
    const verdict = unionUnder(parts, entry, key, fallback);
    if (compareVerdicts(verdict, fallback) !== 0) guarded.set(key, { args: entry.args, verdict });
  }
  return { fallback, guarded: withoutDoubtful(guarded, fallback) };
}

/** A verdict below the fallback gives way where one above it exists: both conditions may hold at once. */
function withoutDoubtful(guarded: ReadonlyMap<string, Guarded>, fallback: Verdict): ReadonlyMap<string, Guarded> {
  const above = [...guarded].filter(([, { verdict }]) => compareVerdicts(verdict, fallback) > 0);
  return above.length === 0 ? guarded : new Map(above);
}

function uniteBooks(books: readonly [AnswerBook, ...AnswerBook[]]): AnswerBook {
  const [first, ...others] = books;
  const defaultVerdict = mostPermissive(first.defaultVerdict, ...others.map((book) => book.defaultVerdict));
  const names = new Set(books.flatMap((book) => [...book.calls.keys()]));
  const calls = new Map<string, Answers>();
  for (const name of names) {
    const answers = uniteAnswers([answersTo(first, name), ...others.map((book) => answersTo(book, name))]);
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
