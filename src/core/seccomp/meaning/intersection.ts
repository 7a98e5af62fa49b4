// SPDX-License-Identifier: Apache-2.0
// The answers to one system call that permit what both of two parts permit: wherever two verdicts meet, the stricter.
//
// Let d be the stricter of the parts' defaults and f the stricter of their fallbacks. The arguments fall into regions:
// where rules of both hold, where one of the first part does, where one of the second does, and the rest. Each has one
// verdict, and none overlaps with another of another verdict, because rules of one part that meet were made equal
// before. A rule whose verdict stands whatever the other part says is kept as it is. A profile can say f under
// conditions only where it is not d, so there the rest is written out as what no rule takes.
//
// Where that would be too long, the call gets the strictest verdict of all: it is never looser than a part.
import type { Answers, Guarded } from './answers.ts';
import type { Comparisons } from './comparisons.ts';
import { canMeet, conjunctionKey, reduced } from './condition.ts';
import type { Conjunction } from './condition.ts';
import { common, remainder } from './remainder.ts';
import { compareVerdicts, sameVerdict, strictest } from './verdict.ts';
import type { Verdict } from './verdict.ts';

const WIDTH = 64;

/** Most conjunctions of one call: a filter of the kernel has 4096 instructions for all of them. */
const MOST_CONJUNCTIONS = 256;

/** The answers, and whether they had to be stricter than the parts together. */
export interface Intersection {
  readonly answers: Answers;
  readonly isStricter: boolean;
}

/**
 * Guards without contradictions: where several meet, all get the strictest verdict among them. Nothing says which of
 * them counts, and this is below each.
 */
function lowered(guards: readonly Guarded[]): readonly Guarded[] {
  let open = [...guards].sort((a, b) => compareVerdicts(a.verdict, b.verdict));
  const settled: Guarded[] = [];
  for (let first = open[0]; first !== undefined; first = open[0]) {
    const { verdict } = first;
    const level = open.filter((guard) => sameVerdict(guard.verdict, verdict));
    open = open.slice(level.length);
    for (const guard of level) {
      const meets = (other: Guarded): boolean => canMeet(guard.args, other.args, WIDTH);
      level.push(...open.filter(meets).map(({ args }) => ({ args, verdict })));
      open = open.filter((other) => !meets(other));
    }
    settled.push(...level);
  }
  return settled;
}

function withVerdict(conjunctions: readonly Conjunction[], verdict: Verdict): readonly Guarded[] {
  return conjunctions.flatMap((conjunction) => {
    const args = reduced(conjunction, WIDTH);
    return args === undefined ? [] : [{ args, verdict }];
  });
}

/** Where rules of one part hold and none of the other: undefined where that is too long. */
function alone(
  guards: readonly Guarded[],
  others: readonly Guarded[],
  verdictOf: (own: Verdict) => Verdict,
): readonly Guarded[] | undefined {
  const taken = others.map(({ args }) => args);
  const found: Guarded[] = [];
  for (const { args, verdict } of guards) {
    const left = remainder(args, taken, MOST_CONJUNCTIONS);
    if (left === undefined || found.length + left.length > MOST_CONJUNCTIONS) return undefined;
    found.push(...withVerdict(left, verdictOf(verdict)));
  }
  return found;
}

/** Where rules of both hold: undefined where that is too long. */
function together(one: readonly Guarded[], other: readonly Guarded[]): readonly Guarded[] | undefined {
  const found: Guarded[] = [];
  for (const own of one) {
    for (const theirs of other.filter(({ args }) => canMeet(own.args, args, WIDTH))) {
      found.push(...withVerdict(common(own.args, theirs.args), strictest(own.verdict, theirs.verdict)));
      if (found.length > MOST_CONJUNCTIONS) return undefined;
    }
  }
  return found;
}

/** The guards whose verdict stands wherever they hold, whatever the other part says there; and the others. */
function parted(
  guards: readonly Guarded[],
  others: readonly Guarded[],
  fallback: Verdict,
  meet: (own: Verdict, theirs: Verdict) => Verdict,
): { readonly whole: readonly Guarded[]; readonly split: readonly Guarded[] } {
  const stands = ({ args, verdict }: Guarded): boolean =>
    sameVerdict(meet(verdict, fallback), verdict) &&
    others.every((other) => sameVerdict(meet(verdict, other.verdict), verdict) || !canMeet(args, other.args, WIDTH));
  const { whole = [], split = [] } = Object.groupBy(guards, (guard) => (stands(guard) ? 'whole' : 'split'));
  return { whole, split };
}

/** The regions in which some rule holds; undefined where they are too many. */
function regions(first: Answers, second: Answers): readonly Guarded[] | undefined {
  const [one, other] = [lowered([...first.guarded.values()]), lowered([...second.guarded.values()])];
  const swapped = (own: Verdict, theirs: Verdict): Verdict => strictest(theirs, own);
  const own = parted(one, other, second.fallback, strictest);
  const theirs = parted(other, one, first.fallback, swapped);
  const parts = [
    own.whole,
    theirs.whole,
    together(own.split, theirs.split),
    alone(own.split, other, (verdict) => strictest(verdict, second.fallback)),
    alone(theirs.split, one, (verdict) => strictest(first.fallback, verdict)),
  ];
  const all = parts.flatMap((part) => part ?? []);
  return parts.includes(undefined) || all.length > MOST_CONJUNCTIONS ? undefined : all;
}

function answersWith(fallback: Verdict, guards: readonly Guarded[]): Answers {
  const said = guards.filter(({ verdict }) => !sameVerdict(verdict, fallback));
  return { fallback, guarded: new Map(said.map((guard) => [conjunctionKey(guard.args), guard])) };
}

/** The strictest of all, unconditionally. */
function strictestOf(first: Answers, second: Answers): Intersection {
  const guards = [...first.guarded.values(), ...second.guarded.values()];
  const fallback = guards.reduce((least, { verdict }) => strictest(least, verdict), first.fallback);
  return { answers: answersWith(strictest(fallback, second.fallback), []), isStricter: true };
}

/**
 * The intersection of two profiles' answers to one call.
 *
 * @param defaultVerdict - the stricter of their defaults
 * @param comparisons - how often conditions may still be compared
 */
export function intersectAnswers(
  first: Answers,
  second: Answers,
  defaultVerdict: Verdict,
  comparisons: Comparisons,
): Intersection {
  const fallback = strictest(first.fallback, second.fallback);
  const [own, theirs] = [first.guarded.size, second.guarded.size];
  if (!comparisons.spend(own * own + own * theirs + theirs * theirs)) return strictestOf(first, second);
  const guards = regions(first, second)?.filter(({ verdict }) => !sameVerdict(verdict, fallback));
  if (guards === undefined) return strictestOf(first, second);
  if (guards.length === 0 || sameVerdict(fallback, defaultVerdict)) {
    return { answers: answersWith(fallback, guards), isStricter: false };
  }
  const taken = guards.map(({ args }) => args);
  const rest = taken.some((args) => args.length === 0) ? [] : remainder([], taken, MOST_CONJUNCTIONS);
  if (rest === undefined) return strictestOf(first, second);
  const all = [...guards, ...withVerdict(rest, fallback)];
  return { answers: answersWith(defaultVerdict, all), isStricter: false };
}
