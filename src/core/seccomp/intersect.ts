// SPDX-License-Identifier: Apache-2.0
// The intersection of profiles: it permits what all of them permit. Of the verdicts on a call the strictest holds, with
// the number of the first profile that gives it; the default is the strictest one. Architectures are those that all
// cover, the node's own among them; the processor's speculative stores are left alone only where all say so, and what
// any wants to be logged is. One thing lies outside, as in a union: runtimes answer calls newer than all that a profile
// names with ENOSYS (newer-calls.ts).
import { answersOf, answersTo, differs } from './meaning/answers.ts';
import type { AnswerBook, Answers } from './meaning/answers.ts';
import { Comparisons } from './meaning/comparisons.ts';
import { intersectAnswers } from './meaning/intersection.ts';
import { strictest, verdictFields } from './meaning/verdict.ts';
import { mergeProfiles, rulesOf } from './merge.ts';
import type { Architecture, Flag, Profile } from './model.ts';

/** An intersection. */
export interface IntersectedProfiles {
  /** In canonical form. */
  readonly profile: Profile;
  /** Calls whose conditions were too many to be written: they are stricter than the profiles together. */
  readonly stricter: readonly string[];
}

interface Draft {
  readonly book: AnswerBook;
  readonly stricter: ReadonlySet<string>;
}

function intersectBooks({ book: first, stricter: before }: Draft, second: AnswerBook): Draft {
  const defaultVerdict = strictest(first.defaultVerdict, second.defaultVerdict);
  const names = [...new Set([...first.calls.keys(), ...second.calls.keys()])].sort();
  const comparisons = new Comparisons();
  const calls = new Map<string, Answers>();
  const stricter = new Set(before);
  for (const name of names) {
    const parts = [answersTo(first, name), answersTo(second, name)] as const;
    const { answers, isStricter } = intersectAnswers(...parts, defaultVerdict, comparisons);
    if (isStricter) stricter.add(name);
    if (differs(answers, defaultVerdict)) calls.set(name, answers);
  }
  return { book: { defaultVerdict, calls }, stricter };
}

/** Filters always cover the architecture that they are loaded on, so no list means just that one. */
function intersectArchitectures(profiles: readonly Profile[]): readonly Architecture[] {
  const [first = [], ...others] = profiles.map(({ architectures }) => architectures);
  return first.filter((each) => each !== 'SCMP_ARCH_NATIVE' && others.every((list) => list.includes(each))).sort();
}

/** The flag that opens something; the others only tell more. */
const OPENING: Flag = 'SECCOMP_FILTER_FLAG_SPEC_ALLOW';

/** The flag that belongs to a listener. */
const OF_LISTENER: Flag = 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV';

/** No list where no profile has one; elsewhere a profile without one has what runtimes set then. */
function intersectFlags(
  profiles: readonly Profile[],
  listening: Profile | undefined,
): { readonly flags?: readonly Flag[] } {
  if (profiles.every(({ flags }) => flags === undefined)) return {};
  const lists = profiles.map(({ flags }) => flags ?? [OPENING]);
  const all = [...new Set(lists.flat())].filter((flag) => {
    if (flag === OPENING) return lists.every((list) => list.includes(flag));
    return flag !== OF_LISTENER || listening?.flags?.includes(flag) === true;
  });
  return { flags: all.sort() };
}

function listenerOf(listening: Profile | undefined): Pick<Profile, 'listenerPath' | 'listenerMetadata'> {
  const { listenerPath, listenerMetadata } = listening ?? {};
  return {
    ...(listenerPath === undefined ? {} : { listenerPath }),
    ...(listenerMetadata === undefined ? {} : { listenerMetadata }),
  };
}

/**
 * The intersection. That of one profile is its canonical form.
 *
 * @throws RangeError when there is none, or when one names a base: a base adds what the others need not permit
 */
export function intersectProfiles(profiles: readonly Profile[]): IntersectedProfiles {
  const based = profiles.find(({ baseProfileName }) => baseProfileName !== undefined);
  if (based !== undefined) {
    const why = 'a base adds rules that the others need not permit';
    throw new RangeError(`a profile with the base ${based.baseProfileName ?? ''} cannot be intersected: ${why}`);
  }
  const [first, ...others] = profiles.map(answersOf);
  if (first === undefined) throw new RangeError('no profiles to intersect');
  const { book, stricter } = others.reduce<Draft>(intersectBooks, { book: first, stricter: new Set() });
  const { action, errno } = verdictFields(book.defaultVerdict);
  const listening = profiles.find(({ listenerPath }) => listenerPath !== undefined);
  const profile = mergeProfiles([
    {
      defaultAction: action,
      ...(errno === undefined ? {} : { defaultErrno: errno }),
      architectures: intersectArchitectures(profiles),
      ...intersectFlags(profiles, listening),
      ...listenerOf(listening),
      rules: rulesOf(book),
    },
  ]);
  return { profile, stricter: [...stricter].sort() };
}
