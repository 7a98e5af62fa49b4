// SPDX-License-Identifier: Apache-2.0
// The union of profiles: what any of them permits, it permits. Merging is commutative and idempotent, associative among
// profiles of one default, and never stricter than a part (see union.ts). The default is the most permissive one; the
// lists of architectures and flags are united. One thing lies outside: runtimes answer calls newer than all that a
// profile names with ENOSYS (newer-calls.ts), and a union names more calls.
import { answersOf, answersTo, differs } from './meaning/answers.ts';
import type { AnswerBook, Answers, Guarded } from './meaning/answers.ts';
import { Comparisons } from './meaning/comparisons.ts';
import type { Architecture, Flag, Profile, Rule } from './model.ts';
import { contestsAmong, uniteAnswers } from './meaning/union.ts';
import { compareVerdicts, mostPermissive, sameVerdict, verdictFields } from './meaning/verdict.ts';

function uniteBooks(books: readonly [AnswerBook, ...AnswerBook[]]): AnswerBook {
  const [first, ...others] = books;
  const defaultVerdict = mostPermissive(first.defaultVerdict, ...others.map((book) => book.defaultVerdict));
  // In one order, whichever part comes first: the comparisons may last for some of the calls only.
  const names = [...new Set(books.flatMap((book) => [...book.calls.keys()]))].sort(compareTexts);
  const contests = new Comparisons();
  const comparisons = new Comparisons();
  const calls = new Map<string, Answers>();
  for (const name of names) {
    const parts = [answersTo(first, name), ...others.map((book) => answersTo(book, name))] as const;
    if (!contests.spend(contestsAmong(parts))) {
      throw new RangeError(
        `the rules of different actions for ${name} that compare arguments are too many to be merged`,
      );
    }
    const answers = uniteAnswers(parts, defaultVerdict, comparisons);
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
    const own = sameVerdict(fallback, book.defaultVerdict) ? [] : [{ name, key: '', args: [], verdict: fallback }];
    return [...own, ...[...guarded].map(([key, entry]) => ({ name, key, ...entry }))];
  });
}

function compareTexts(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/**
 * The rules of answers: one for each verdict and conditions, with all its names; the most permissive first,
 * unconditional before conditional.
 */
export function rulesOf(book: AnswerBook): readonly Rule[] {
  const groups = new Map<string, Entry[]>();
  for (const entry of entriesOf(book)) {
    const id = `${entry.verdict.action} ${String(entry.verdict.errno)} ${entry.key}`;
    const group = groups.get(id) ?? [];
    groups.set(id, group);
    group.push(entry);
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

/** No list where no profile has one: it means something else than an empty one. */
function uniteFlags(profiles: readonly Profile[]): { readonly flags?: readonly Flag[] } {
  const lists = profiles.flatMap(({ flags }): (readonly Flag[])[] => (flags === undefined ? [] : [flags]));
  return lists.length === 0 ? {} : { flags: [...new Set(lists.flat())].sort(compareTexts) };
}

/** The one value of a field among the profiles that set it: a listener, a base. */
function onlyValue<K extends 'listenerPath' | 'listenerMetadata' | 'baseProfileName'>(
  profiles: readonly Profile[],
  key: K,
): Partial<Pick<Profile, K>> {
  const values = [...new Set(profiles.flatMap((profile) => profile[key] ?? []))].sort(compareTexts);
  if (values.length > 1) throw new RangeError(`profiles with different ${key} cannot be merged: ${values.join(', ')}`);
  const [value] = values;
  return value === undefined ? {} : (Object.fromEntries([[key, value]]) as Pick<Profile, K>);
}

/**
 * The union of profiles in canonical form: equal profiles have equal unions, names are sorted, nothing is said twice,
 * and what the default says already is left out. The union of one profile is its canonical form.
 *
 * @throws RangeError when there is none, when they name different base profiles or listeners, or when rules that may
 *   contradict each other are too many to be compared
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
    ...uniteFlags(profiles),
    ...onlyValue(profiles, 'listenerPath'),
    ...onlyValue(profiles, 'listenerMetadata'),
    ...onlyValue(profiles, 'baseProfileName'),
    rules: rulesOf(book),
  };
}
