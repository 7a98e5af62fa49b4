// SPDX-License-Identifier: Apache-2.0
// Whether one profile permits already what another one permits. Answered by what the profiles mean: a rule is also covered by
// one under wider conditions. Never says yes wrongly; says no where only several rules together would cover one.
import { answersOf, answersTo, type Answers, type Guarded } from './answers.ts';
import { canMeet, isWithin, type Conjunction } from './condition.ts';
import { mergeProfiles } from './merge.ts';
import type { Profile } from './model.ts';
import { compareVerdicts, type Verdict } from './verdict.ts';

const WIDTH = 64;

function isBelow(verdict: Verdict, other: Verdict): boolean {
  return compareVerdicts(verdict, other) < 0;
}

/** Whether the answers are nowhere below a verdict while the conditions hold. */
function givesUnder(answers: Answers, args: Conjunction, wanted: Verdict): boolean {
  const guards = [...answers.guarded.values()];
  const around = guards.find((guard) => isWithin(args, guard.args));
  if (around !== undefined) return !isBelow(around.verdict, wanted);
  const possible = guards.filter((guard) => canMeet(args, guard.args, WIDTH)).map(({ verdict }) => verdict);
  return [answers.fallback, ...possible].every((verdict) => !isBelow(verdict, wanted));
}

/** Whether the answers are nowhere below the other's fallback, but where the other is so itself. */
function givesFallback(answers: Answers, other: Answers): boolean {
  if (isBelow(answers.fallback, other.fallback)) return false;
  const excused = (guard: Guarded): boolean =>
    [...other.guarded.values()].some(
      ({ args, verdict }) => !isBelow(guard.verdict, verdict) && isWithin(guard.args, args),
    );
  return [...answers.guarded.values()].every((guard) => !isBelow(guard.verdict, other.fallback) || excused(guard));
}

function coversAnswers(answers: Answers, other: Answers): boolean {
  const guards = [...other.guarded.values()];
  return givesFallback(answers, other) && guards.every(({ args, verdict }) => givesUnder(answers, args, verdict));
}

/** What merging changes besides rules: architectures, flags, listener, base. */
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
  return (
    !isBelow(own.defaultVerdict, others.defaultVerdict) &&
    [...names].every((name) => coversAnswers(answersTo(own, name), answersTo(others, name))) &&
    surroundings([profile]) === surroundings([profile, other])
  );
}
