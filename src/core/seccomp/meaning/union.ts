// SPDX-License-Identifier: Apache-2.0
// The least permissive answers to one system call that permit whatever any of several parts permits.
//
// Let d be the greatest of the parts' defaults and f the greatest of their fallbacks (a part that does not name the
// call answers with its default). A profile can say things under conditions only where nothing unconditional is said,
// so where f is not d, the call gets the greatest verdict of all, unconditionally. Else f holds, and
//
// - every verdict above f is kept, under its own conditions. Conditions are never joined: those of one rule are ANDed,
//   and the joined rule would be stricter than both. Where two such verdicts can hold at once, no runtime promises
//   which one counts, so both become the greater;
// - a verdict below f is kept where every part agrees: each has it under the same conditions, or answers below f
//   throughout. It becomes the greatest that any of them gives. Otherwise f holds.
//
// So the union of one part is that part, without what it says twice, and uniting is commutative and idempotent. It is
// associative among parts of one default; across defaults the order of several steps may matter, as a verdict that the
// default of one step says already is forgotten. No step is ever stricter than a part.
import type { Answers, Guarded } from './answers.ts';
import { differingPairs } from './comparisons.ts';
import type { Comparisons } from './comparisons.ts';
import { canMeet, conjunctionKey, isWithin } from './condition.ts';
import { compareVerdicts, mostPermissive, returnValue, sameVerdict } from './verdict.ts';
import type { Verdict } from './verdict.ts';

/** Merging compares conditions as on 64-bit machines: what cannot meet there cannot meet with narrower arguments. */
const WIDTH = 64;

type Guards = ReadonlyMap<string, Guarded>;

function isAbove(verdict: Verdict, other: Verdict): boolean {
  return compareVerdicts(verdict, other) > 0;
}

function guardsWhere(guards: Guards, wanted: (guard: Guarded, key: string) => boolean): Guards {
  return new Map([...guards].filter(([key, guard]) => wanted(guard, key)));
}

/** The guards of all parts; where several have the same conditions, the greatest verdict. */
function allGuards(all: readonly Guards[]): Guards {
  const guards = new Map<string, Guarded>();
  for (const [key, { args, verdict }] of all.flatMap((some) => [...some])) {
    guards.set(key, { args, verdict: mostPermissive(verdict, guards.get(key)?.verdict ?? verdict) });
  }
  return guards;
}

function meets(a: Guarded, b: Guarded): boolean {
  return canMeet(a.args, b.args, WIDTH);
}

/**
 * Raises verdicts until those that can hold at once are equal: the greatest takes all that meets it, and what meets
 * those.
 */
function raiseToCommon(guards: Guards): Guards {
  const raised = new Map(guards);
  let open = [...guards].sort(([, a], [, b]) => compareVerdicts(b.verdict, a.verdict));
  let first = open[0];
  while (first !== undefined) {
    const { verdict } = first[1];
    const level = open.filter(([, guard]) => sameVerdict(guard.verdict, verdict));
    open = open.slice(level.length);
    for (const [, guard] of level) {
      const met = open.filter(([, lower]) => meets(guard, lower));
      if (met.length === 0) continue;
      for (const [key, lower] of met) raised.set(key, { ...lower, verdict });
      open = open.filter(([key, lower]) => raised.get(key) === lower);
      level.push(...met);
    }
    first = open[0];
  }
  return raised;
}

/** Whether the guard holds for one value of each argument that it looks at. */
function isPoint({ args }: Guarded): boolean {
  return args.every(({ op }) => op === 'SCMP_CMP_EQ');
}

/**
 * The guards that may include a guard. A point lies in another point only where that one has some of its conditions,
 * which is looked up: a call may have thousands of such rules, and each with each would be millions.
 */
function candidates(guards: Guards): {
  readonly around: (guard: Guarded) => Iterable<readonly [string, Guarded]>;
  /** How many there are for all guards together. */
  readonly count: number;
} {
  const all = [...guards];
  const loose = all.filter(([, guard]) => !isPoint(guard));
  const points = all.filter(([, guard]) => isPoint(guard)).map(([, { args }]) => args.map(({ index }) => index));
  const shapes = new Map(points.map((indexes) => [indexes.join(), indexes] as const));
  const around = (guard: Guarded): Iterable<readonly [string, Guarded]> => {
    if (!isPoint(guard)) return all;
    const lookups = [...shapes.values()].flatMap((shape): (readonly [string, Guarded])[] => {
      const key = conjunctionKey(guard.args.filter(({ index }) => shape.includes(index)));
      const found = guards.get(key);
      return found === undefined ? [] : [[key, found]];
    });
    return [...loose, ...lookups];
  };
  return { around, count: loose.length * all.length + points.length * (loose.length + shapes.size - 1) };
}

/**
 * Without guards that another one of the same verdict includes. Keys differ, so that two that include each other say
 * the same. Of guards that are too many to compare all are kept: it means the same.
 */
function withoutIncluded(guards: Guards, comparisons: Comparisons): Guards {
  const { around, count } = candidates(guards);
  if (!comparisons.spend(count)) return guards;
  return guardsWhere(guards, (guard, key) => {
    for (const [otherKey, other] of around(guard)) {
      const includes =
        otherKey !== key &&
        sameVerdict(other.verdict, guard.verdict) &&
        isWithin(guard.args, other.args) &&
        (otherKey < key || !isWithin(other.args, guard.args));
      if (includes) return false;
    }
    return true;
  });
}

/**
 * Answers without contradictions: where verdicts meet, those above the fallback are raised, those below it give way.
 */
function withoutContradictions({ fallback, guarded }: Answers): Answers {
  const above = raiseToCommon(guardsWhere(guarded, ({ verdict }) => isAbove(verdict, fallback)));
  const below = guardsWhere(guarded, ({ verdict }) => isAbove(fallback, verdict));
  const byVerdict = Map.groupBy([...above.values(), ...below.values()], ({ verdict }) => returnValue(verdict));
  const quiet = guardsWhere(below, (guard) =>
    [...byVerdict].every(
      ([value, others]) => value === returnValue(guard.verdict) || !others.some((other) => meets(guard, other)),
    ),
  );
  return { fallback, guarded: new Map([...above, ...quiet]) };
}

function greatest(first: Verdict, others: Iterable<Guarded>): Verdict {
  let verdict = first;
  for (const other of others) verdict = mostPermissive(verdict, other.verdict);
  return verdict;
}

/** The greatest answer of a part under the conditions of a key, as far as the union can tell. */
function greatestIn(part: Answers, fallback: Verdict): (key: string) => Verdict {
  if (sameVerdict(part.fallback, fallback)) return (key) => part.guarded.get(key)?.verdict ?? fallback;
  const verdict = greatest(part.fallback, part.guarded.values());
  return () => verdict;
}

function uniteBelow(parts: readonly Answers[], fallback: Verdict): Guards {
  const guards = new Map<string, Guarded>();
  const answers = parts.map((part) => greatestIn(part, fallback));
  for (const [key, { args }] of parts.flatMap(({ guarded }) => [...guarded])) {
    const [first = fallback, ...others] = answers.map((answer) => answer(key));
    const verdict = mostPermissive(first, ...others);
    if (isAbove(fallback, verdict)) guards.set(key, { args, verdict });
  }
  return guards;
}

/** Most pairs of guards that uniting these parts compares, because their verdicts differ. */
export function contestsAmong(parts: readonly Answers[]): number {
  return differingPairs(
    parts.flatMap(({ guarded }) => Array.from(guarded.values(), ({ verdict }) => returnValue(verdict))),
  );
}

/**
 * The union of the answers of several profiles to one call.
 *
 * @param parts - at least one
 * @param defaultVerdict - the greatest of the profiles' defaults
 * @param comparisons - how often conditions may still be compared to say nothing twice
 */
export function uniteAnswers(
  parts: readonly [Answers, ...Answers[]],
  defaultVerdict: Verdict,
  comparisons: Comparisons,
): Answers {
  const all = parts.map(withoutContradictions);
  const [first, ...others] = parts.map((part) => part.fallback);
  const fallback = mostPermissive(first ?? defaultVerdict, ...others);
  const above = guardsWhere(allGuards(all.map(({ guarded }) => guarded)), ({ verdict }) => isAbove(verdict, fallback));
  if (!sameVerdict(fallback, defaultVerdict)) {
    return { fallback: greatest(fallback, above.values()), guarded: new Map() };
  }
  const guarded = new Map([...withoutIncluded(raiseToCommon(above), comparisons), ...uniteBelow(all, fallback)]);
  return { fallback, guarded };
}
