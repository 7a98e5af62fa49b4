// SPDX-License-Identifier: Apache-2.0
// The least permissive answers to one system call that permit whatever any of several parts permits.
//
// Let d be the greatest of the parts' defaults and f the greatest of their fallbacks (a part that does not name the call answers
// with its default). A profile can say things under conditions only where nothing unconditional is said, so where f is not d, the
// call gets the greatest verdict of all, unconditionally. Else f holds, and
//
// - every verdict above f is kept, under its own conditions. Conditions are never joined: those of one rule are ANDed, and the
//   joined rule would be stricter than both. Where two such verdicts can hold at once, no runtime promises which one counts, so
//   both become the greater;
// - a verdict below f is kept where every part agrees: each has it under the same conditions, or answers below f throughout. It
//   becomes the greatest that any of them gives. Otherwise f holds.
//
// So the union of one part is that part, without what it says twice, and uniting is commutative and idempotent. It is associative
// among parts of one default; across defaults the order of several steps may matter, as a verdict that the default of one step
// says already is forgotten. No step is ever stricter than a part.
import type { Answers, Guarded } from './answers.ts';
import { canMeet, conjunctionKey, isWithin } from './condition.ts';
import { compareVerdicts, mostPermissive, returnValue, type Verdict } from './verdict.ts';

/** Merging compares conditions as on 64-bit machines: what cannot meet there cannot meet with narrower arguments. */
const WIDTH = 64;

type Guards = ReadonlyMap<string, Guarded>;

function isAbove(verdict: Verdict, other: Verdict): boolean {
  return compareVerdicts(verdict, other) > 0;
}

function only(guards: Guards, wanted: (guard: Guarded, key: string) => boolean): Guards {
  return new Map([...guards].filter(([key, guard]) => wanted(guard, key)));
}

/** The guards of all parts; where several have the same conditions, the greatest verdict. */
function together(all: readonly Guards[]): Guards {
  const guards = new Map<string, Guarded>();
  for (const [key, { args, verdict }] of all.flatMap((some) => [...some])) {
    guards.set(key, { args, verdict: mostPermissive(verdict, guards.get(key)?.verdict ?? verdict) });
  }
  return guards;
}

function meets(a: Guarded, b: Guarded): boolean {
  return canMeet(a.args, b.args, WIDTH);
}

/** Raises verdicts until those that can hold at once are equal. Ends, as each round raises one to another that is there. */
function agreed(guards: Guards): Guards {
  const verdicts = new Set([...guards.values()].map(({ verdict }) => returnValue(verdict)));
  if (verdicts.size < 2) return guards;
  const raised = new Map(guards);
  for (let changed = true; changed;) {
    changed = false;
    for (const [key, guard] of raised) {
      const rivals = [...raised.values()].filter(
        (other) => isAbove(other.verdict, guard.verdict) && meets(guard, other),
      );
      if (rivals.length === 0) continue;
      raised.set(key, { ...guard, verdict: mostPermissive(guard.verdict, ...rivals.map(({ verdict }) => verdict)) });
      changed = true;
    }
  }
  return raised;
}

/** Whether the guard holds for one value of each argument that it looks at. */
function isPoint({ args }: Guarded): boolean {
  return args.every(({ op }) => op === 'SCMP_CMP_EQ');
}

/**
 * What may include a guard. A point lies in another point only where that one has some of its conditions, which is looked up:
 * a call may have thousands of such rules, and each with each would be millions.
 */
function candidates(guards: Guards): (guard: Guarded) => Iterable<readonly [string, Guarded]> {
  const all = [...guards];
  const loose = all.filter(([, guard]) => !isPoint(guard));
  const points = all.filter(([, guard]) => isPoint(guard)).map(([, { args }]) => args.map(({ index }) => index));
  const shapes = new Map(points.map((indexes) => [indexes.join(), indexes] as const));
  return (guard) => {
    if (!isPoint(guard)) return all;
    const lookups = [...shapes.values()].flatMap((shape): (readonly [string, Guarded])[] => {
      const key = conjunctionKey(guard.args.filter(({ index }) => shape.includes(index)));
      const found = guards.get(key);
      return found === undefined ? [] : [[key, found]];
    });
    return [...loose, ...lookups];
  };
}

/** Without guards that another one of the same verdict includes. Keys differ, so that two that include each other say the same. */
function withoutIncluded(guards: Guards): Guards {
  const around = candidates(guards);
  return only(guards, (guard, key) => {
    for (const [otherKey, other] of around(guard)) {
      const includes =
        otherKey !== key &&
        compareVerdicts(other.verdict, guard.verdict) === 0 &&
        isWithin(guard.args, other.args) &&
        (otherKey < key || !isWithin(other.args, guard.args));
      if (includes) return false;
    }
    return true;
  });
}

/** Answers without contradictions: where verdicts meet, those above the fallback are raised, those below it give way. */
function settled({ fallback, guarded }: Answers): Answers {
  const above = agreed(only(guarded, ({ verdict }) => isAbove(verdict, fallback)));
  const below = only(guarded, ({ verdict }) => isAbove(fallback, verdict));
  const quiet = only(below, (guard) =>
    [...above.values(), ...below.values()].every(
      (other) => compareVerdicts(other.verdict, guard.verdict) === 0 || !meets(guard, other),
    ),
  );
  return { fallback, guarded: new Map([...above, ...quiet]) };
}

/** The greatest answer of a part under the conditions of a key, as far as the union can tell. */
function greatestUnder(part: Answers, key: string, fallback: Verdict): Verdict {
  if (compareVerdicts(part.fallback, fallback) === 0) return part.guarded.get(key)?.verdict ?? fallback;
  return mostPermissive(part.fallback, ...[...part.guarded.values()].map(({ verdict }) => verdict));
}

function uniteBelow(parts: readonly Answers[], fallback: Verdict): Guards {
  const guards = new Map<string, Guarded>();
  for (const [key, { args }] of parts.flatMap(({ guarded }) => [...guarded])) {
    const [first = fallback, ...others] = parts.map((part) => greatestUnder(part, key, fallback));
    const verdict = mostPermissive(first, ...others);
    if (isAbove(fallback, verdict)) guards.set(key, { args, verdict });
  }
  return guards;
}

/**
 * The union of the answers of several profiles to one call.
 *
 * @param parts - at least one
 * @param defaultVerdict - the greatest of the profiles' defaults
 */
export function uniteAnswers(parts: readonly [Answers, ...Answers[]], defaultVerdict: Verdict): Answers {
  const all = parts.map(settled);
  const [first, ...others] = parts.map((part) => part.fallback);
  const fallback = mostPermissive(first ?? defaultVerdict, ...others);
  const above = only(together(all.map(({ guarded }) => guarded)), ({ verdict }) => isAbove(verdict, fallback));
  if (compareVerdicts(fallback, defaultVerdict) !== 0) {
    const verdicts = [...above.values()].map(({ verdict }) => verdict);
    return { fallback: mostPermissive(fallback, ...verdicts), guarded: new Map() };
  }
  const guarded = new Map([...withoutIncluded(agreed(above)), ...uniteBelow(all, fallback)]);
  return { fallback, guarded };
}
