// SPDX-License-Identifier: Apache-2.0
// Whether one profile permits already what another one permits. Answered by what the profiles mean: a rule is also
// covered by one under wider conditions. Never says yes wrongly; says no where only several rules together would cover
// one, or where there is too much to compare.
import { answersOf, answersTo } from './meaning/answers.ts';
import type { Answers, Guarded } from './meaning/answers.ts';
import { canMeet, isWithin } from './meaning/condition.ts';
import { Comparisons } from './meaning/comparisons.ts';
import { mergeProfiles } from './merge.ts';
import type { Profile } from './model.ts';
import { compareVerdicts } from './meaning/verdict.ts';
import type { Verdict } from './meaning/verdict.ts';

const WIDTH = 64;

function isBelow(verdict: Verdict, other: Verdict): boolean {
  return compareVerdicts(verdict, other) < 0;
}

/**
 * Whether the answers are nowhere below a verdict while the conditions hold. The same conditions are looked up, not
 * searched for.
 */
function givesUnder(answers: Answers, key: string, { args, verdict: wanted }: Guarded, left: Comparisons): boolean {
  const same = answers.guarded.get(key);
  if (same !== undefined) return !isBelow(same.verdict, wanted);
  if (!left.spend(2 * answers.guarded.size)) return false;
  const guards = [...answers.guarded.values()];
  const around = guards.find((guard) => isWithin(args, guard.args));
  if (around !== undefined) return !isBelow(around.verdict, wanted);
  const possible = guards.filter((guard) => canMeet(args, guard.args, WIDTH));
  return !isBelow(answers.fallback, wanted) && possible.every(({ verdict }) => !isBelow(verdict, wanted));
}

/** Whether the answers are nowhere below the other's fallback, but where the other is so itself. */
function givesFallback(answers: Answers, other: Answers, left: Comparisons): boolean {
  if (isBelow(answers.fallback, other.fallback)) return false;
  const excuses = (guard: Guarded, { args, verdict }: Guarded): boolean =>
    !isBelow(guard.verdict, verdict) && isWithin(guard.args, args);
  const excused = (key: string, guard: Guarded): boolean => {
    const same = other.guarded.get(key);
    if (same !== undefined && excuses(guard, same)) return true;
    return left.spend(other.guarded.size) && [...other.guarded.values()].some((excuse) => excuses(guard, excuse));
  };
  return [...answers.guarded].every(([key, guard]) => !isBelow(guard.verdict, other.fallback) || excused(key, guard));
}

function coversAnswers(answers: Answers, other: Answers, left: Comparisons): boolean {
  return (
    givesFallback(answers, other, left) &&
    [...other.guarded].every(([key, guard]) => givesUnder(answers, key, guard, left))
  );
}

/** The fields that merging changes besides rules: architectures, flags, listener, base. */
function surroundings(profiles: readonly Profile[]): string {
  const { architectures, flags, listenerPath, listenerMetadata, baseProfileName } = mergeProfiles(profiles);
  return JSON.stringify({ architectures, flags, listenerPath, listenerMetadata, baseProfileName });
}

/**
 * Whether the first profile permits all that the second one permits, on the same architectures.
 * @throws RangeError as mergeProfiles
 */
export function covers(profile: Profile, other: Profile): boolean {
  const own = answersOf(mergeProfiles([profile]));
  const others = answersOf(mergeProfiles([other]));
  const names = new Set([...own.calls.keys(), ...others.calls.keys()]);
  const left = new Comparisons();
  return (
    !isBelow(own.defaultVerdict, others.defaultVerdict) &&
    [...names].every((name) => coversAnswers(answersTo(own, name), answersTo(others, name), left)) &&
    surroundings([profile]) === surroundings([profile, other])
  );
}
