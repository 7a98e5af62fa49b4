// SPDX-License-Identifier: Apache-2.0
// Security contexts as records have them, `user:role:type:level`. A level is a sensitivity and categories, or a range
// of two levels. The same categories are written in several ways (c1,c2 or c1.c2), so they are compared as sets.

/** A context. */
export interface Context {
  readonly user: string;
  readonly role: string;
  readonly type: string;
  /** Empty where the policy has no levels. */
  readonly range: string;
}

/** One level of a range: the number of its sensitivity, and its categories. */
export interface Level {
  readonly sensitivity: number;
  readonly categories: ReadonlySet<number>;
}

/** Categories of Linux distributions' policies; larger numbers are no level. */
const MOST_CATEGORIES = 1024;

/** The context of a text; undefined for what is none, as of an object whose label the policy does not know. */
export function parseContext(text: string): Context | undefined {
  const [user = '', role = '', type = '', ...range] = text.split(':');
  return user === '' || role === '' || type === '' ? undefined : { user, role, type, range: range.join(':') };
}

/** The clearance: the upper level of a range. Undefined for what is no level. */
export function highLevel(range: string): Level | undefined {
  const [low = '', high = low] = range.split('-');
  return parseLevel(high);
}

/** The lower level of a range. */
export function lowLevel(range: string): Level | undefined {
  return parseLevel(range.split('-')[0] ?? '');
}

function parseLevel(text: string): Level | undefined {
  const [, sensitivity, list = ''] = /^s(\d{1,4})(?::([c\d.,]+))?$/.exec(text) ?? [];
  const categories = list === '' ? new Set<number>() : categoriesOf(list);
  return sensitivity === undefined || categories === undefined
    ? undefined
    : { sensitivity: Number(sensitivity), categories };
}

function categoriesOf(list: string): ReadonlySet<number> | undefined {
  const numbers = new Set<number>();
  for (const part of list.split(',')) {
    const [, from, to = from] = /^c(\d{1,4})(?:\.c(\d{1,4}))?$/.exec(part) ?? [];
    if (from === undefined || Number(to) < Number(from) || Number(to) >= MOST_CATEGORIES) return undefined;
    for (let number = Number(from); number <= Number(to); number++) numbers.add(number);
  }
  return numbers;
}

/** Whether the first level reaches the second one: not below it, and with all its categories. */
export function dominates(one: Level, other: Level): boolean {
  return one.sensitivity >= other.sensitivity && [...other.categories].every((number) => one.categories.has(number));
}
