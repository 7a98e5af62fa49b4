// SPDX-License-Identifier: Apache-2.0
// The difference between two seccomp profiles, by what they mean: for each call, what becomes of it under all of its
// arguments. Calls are compared by name, as a profile is for machines of any architecture; what a name becomes on one
// of them is compared with filters of a kernel (in-force.ts).
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import type { AnswerBook, Answers } from '../seccomp/meaning/answers.ts';
import { Decisions, TooLarge } from '../seccomp/meaning/decisions.ts';
import type { Decision } from '../seccomp/meaning/decisions.ts';
import { exampleOf, regionsOf } from '../seccomp/meaning/regions.ts';
import type { Width } from '../seccomp/meaning/spans.ts';
import { compareVerdicts, sameVerdict } from '../seccomp/meaning/verdict.ts';
import type { Architecture, Profile } from '../seccomp/model.ts';
import { allSyscalls } from '../seccomp/syscalls.ts';
import type { CallChange, Difference, FieldChange } from './change.ts';
import { worstFirst } from './order.ts';
import { VerdictNumbers } from './verdict-numbers.ts';

/** More than any number of verdicts: each action with each error number. */
const MOST_VERDICTS = 2 ** 20;

/** The answers to a call as a decision. Of rules that hold at once the more permissive counts, as in answersOf(). */
export function decisionOf(answers: Answers, decisions: Decisions, numbers: VerdictNumbers): Decision {
  const guards = [...answers.guarded.values()].sort((a, b) => compareVerdicts(a.verdict, b.verdict));
  return guards.reduce(
    (otherwise, { args, verdict }) =>
      decisions.choose(decisions.allHold(args, 64), decisions.always(numbers.numberOf(verdict)), otherwise),
    decisions.always(numbers.numberOf(answers.fallback)),
  );
}

/** A change of a call without its verdicts and arguments. */
export type Place = Pick<CallChange, 'call' | 'architecture'>;

/** Where two decisions about a call differ: a change for each pair of verdicts. */
export function changesBetween(
  [before, after]: readonly [Decision, Decision],
  place: Place,
  decisions: Decisions,
  numbers: VerdictNumbers,
  width: Width,
): readonly CallChange[] {
  if (before === after) return [];
  const pairs = decisions.combine(before, after, (from, to) => (from === to ? -1 : from * MOST_VERDICTS + to));
  return [...decisions.resultsOf(pairs)]
    .filter((pair) => pair >= 0)
    .map((pair) => ({
      type: 'call',
      ...place,
      from: numbers.verdictOf(Math.floor(pair / MOST_VERDICTS)),
      to: numbers.verdictOf(pair % MOST_VERDICTS),
      regions: regionsOf(decisions, pairs, pair, width),
      example: exampleOf(decisions, pairs, pair),
    }));
}

function callChanges(name: string, before: Answers, after: Answers): readonly CallChange[] {
  const [decisions, numbers] = [new Decisions(), new VerdictNumbers()];
  const pair = [decisionOf(before, decisions, numbers), decisionOf(after, decisions, numbers)] as const;
  return changesBetween(pair, { call: name }, decisions, numbers, 64);
}

/** Every call where the defaults differ, else those that a profile names. */
function namesIn(before: AnswerBook, after: AnswerBook): readonly string[] {
  const named = [...before.calls.keys(), ...after.calls.keys()];
  const isSame = sameVerdict(before.defaultVerdict, after.defaultVerdict);
  return [...new Set(isSame ? named : [...named, ...allSyscalls(), '*'])];
}

/** Architectures that are listed twice, or in another order, are the same. */
function architectureChanges(before: Profile, after: Profile): readonly FieldChange[] {
  const field = 'architectures';
  const onlyIn = (own: readonly Architecture[], other: readonly Architecture[]): readonly Architecture[] =>
    [...new Set(own)].filter((one) => one !== 'SCMP_ARCH_NATIVE' && !other.includes(one)).sort();
  const [gone, come] = [
    onlyIn(before.architectures, after.architectures),
    onlyIn(after.architectures, before.architectures),
  ];
  return [
    ...come.map((to): FieldChange => ({ type: 'field', field, from: '', to, direction: 'let-in' })),
    ...gone.map((from): FieldChange => ({ type: 'field', field, from, to: '', direction: 'shut-out' })),
  ];
}

/** Runtimes set SPEC_ALLOW where a profile has no list (model.ts); what is compared is what is in force. */
function flagsText({ flags }: Profile): string {
  return [...new Set(flags ?? ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'])].sort().join(', ');
}

function otherFields(before: Profile, after: Profile): readonly FieldChange[] {
  const texts = (profile: Profile): Readonly<Record<string, string>> => ({
    baseProfileName: profile.baseProfileName ?? '',
    flags: flagsText(profile),
    listenerPath: profile.listenerPath ?? '',
    listenerMetadata: profile.listenerMetadata ?? '',
  });
  const [old, young] = [texts(before), texts(after)];
  return Object.keys(old).flatMap((field): readonly FieldChange[] => {
    const [from = '', to = ''] = [old[field], young[field]];
    return from === to ? [] : [{ type: 'field', field, from, to, direction: 'answer' }];
  });
}

/** The difference between two profiles: what the second lets in or shuts out that the first does not. */
export function diffProfiles(before: Profile, after: Profile): Difference {
  const [old, young] = [answersOf(before), answersOf(after)];
  const changes: CallChange[] = [];
  const unknown: string[] = [];
  for (const name of namesIn(old, young)) {
    try {
      changes.push(...callChanges(name, answersTo(old, name), answersTo(young, name)));
    } catch (cause) {
      if (!(cause instanceof TooLarge)) throw cause;
      unknown.push(`${name}: ${cause.message}`);
    }
  }
  const fields = [...architectureChanges(before, after), ...otherFields(before, after)];
  return { changes: worstFirst([...fields, ...changes]), unknown };
}
