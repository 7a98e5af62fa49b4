// SPDX-License-Identifier: Apache-2.0
// The annotation that says to which values of arguments calls were narrowed, and which of these no trace has shown: a
// phrase for each call and mark, `socket observed: 0=1, 0=2; prctl not observed: 0=8`.
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import type { Answers } from '../seccomp/meaning/answers.ts';
import { conditionHolds } from '../seccomp/meaning/condition.ts';
import { isPermitting } from '../seccomp/model.ts';
import type { Profile } from '../seccomp/model.ts';
import type { NarrowedCall, Values } from './observed-values.ts';

/** Values of a call that were, or were not, observed. */
export interface MarkedValues {
  readonly name: string;
  readonly isObserved: boolean;
  readonly values: readonly Values[];
}

const PHRASE = /^(\w+) (not )?observed: (.*)$/;
const VALUE = /^([0-5])=(\d{1,20})$/;

function valueText(values: Values): string {
  return Array.from(values, ([place, value]) => `${String(place)}=${String(value)}`).join('+');
}

/** The values of calls, told apart by whether a trace has shown them. */
export function markedValues(calls: readonly NarrowedCall[]): readonly MarkedValues[] {
  return calls.flatMap(({ name, observed, assumed }) =>
    [
      { name, isObserved: true, values: observed },
      { name, isObserved: false, values: assumed },
    ].filter(({ values }) => values.length > 0),
  );
}

/** A phrase for each. */
export function printMarkedValues(all: readonly MarkedValues[]): readonly string[] {
  return all.map(
    ({ name, isObserved, values }) =>
      `${name} ${isObserved ? '' : 'not '}observed: ${values.map(valueText).join(', ')}`,
  );
}

/** Reads the annotation; what is no phrase is passed over. */
export function parseMarkedValues(text: string): readonly MarkedValues[] {
  return text.split('; ').flatMap((phrase) => {
    const [, name, not, list] = PHRASE.exec(phrase) ?? [];
    if (name === undefined || list === undefined) return [];
    const values = list.split(', ').flatMap((one) => {
      const parts = one.split('+').map((part) => VALUE.exec(part));
      const entries = parts.flatMap((part): [number, bigint][] =>
        part === null ? [] : [[Number(part[1]), BigInt(part[2] ?? '')]],
      );
      return entries.length === parts.length ? [new Map(entries)] : [];
    });
    return [{ name, isObserved: not === undefined, values }];
  });
}

function keyOf(values: Values): string {
  return valueText(new Map([...values].sort(([a], [b]) => a - b)));
}

/** Whether a call is permitted with these values, and not with any. */
function isNarrowedTo({ fallback, guarded }: Answers, values: Values): boolean {
  if (isPermitting(fallback.action)) return false;
  return [...guarded.values()].some(
    ({ args, verdict }) =>
      isPermitting(verdict.action) &&
      args.every((condition) => {
        const value = values.get(condition.index);
        return value !== undefined && conditionHolds(condition, value);
      }),
  );
}

/**
 * The marks of a profile that was made of others, or narrowed again: theirs, as far as it is narrowed to these values
 * still. A value that one of them has observed is observed.
 */
export function unitedMarks(profile: Profile, all: readonly MarkedValues[]): readonly MarkedValues[] {
  const book = answersOf(profile);
  const names = [...new Set(all.map(({ name }) => name))].sort();
  return names.flatMap((name) => {
    const answers = answersTo(book, name);
    const valuesOf = (observed: boolean): readonly (readonly [string, Values])[] =>
      all
        .filter((one) => one.name === name && one.isObserved === observed)
        .flatMap(({ values }) => values)
        .filter((values) => isNarrowedTo(answers, values))
        .map((values) => [keyOf(values), values]);
    const observed = new Map(valuesOf(true));
    const assumed = new Map(valuesOf(false).filter(([key]) => !observed.has(key)));
    return markedValues([{ name, observed: [...observed.values()], assumed: [...assumed.values()] }]);
  });
}
