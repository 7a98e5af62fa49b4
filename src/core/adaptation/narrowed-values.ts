// SPDX-License-Identifier: Apache-2.0
// The annotation that says to which values of arguments calls were narrowed, and which of these no trace has shown: a
// phrase for each call and mark, `socket observed: 0=1, 0=2; prctl not observed: 0=8`.
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
