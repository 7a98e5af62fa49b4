// SPDX-License-Identifier: Apache-2.0
// The sentences of validation: what is wrong with a value, without the name of its field, which stands beside it.
import type { Shape } from '../../gen/shape/shape.ts';

/** Why a value is not a valid object of its kind. */
export interface Fault {
  /** The field, such as spec.syscalls[3].action; empty for the object as a whole. */
  readonly path: string;
  /** The fault of the field, without its name, such as "is required". */
  readonly message: string;
  /**
   * Whether the only fault is that the schema does not know the field. The API server drops such fields, with a
   * warning.
   */
  readonly unknownField: boolean;
}

const TYPES: Readonly<Record<NonNullable<Shape['type']>, string>> = {
  object: 'an object',
  array: 'a list',
  string: 'a string',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  'int-or-string': 'a whole number or a string',
};

/** The longest part of a wrong value that a message repeats, in characters. */
const SHOWN_CHARACTERS = 60;

/** A value as a message repeats it; texts are cut. */
export function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return `${value as number | bigint | boolean}`;
  const text = value.length > SHOWN_CHARACTERS ? `${value.slice(0, SHOWN_CHARACTERS)}…` : value;
  return JSON.stringify(text);
}

/** The place of a property within a place. */
export function member(path: string, name: string): string {
  if (!/^[A-Za-z_$][\w$-]*$/.test(name)) return `${path}[${JSON.stringify(name)}]`;
  return path === '' ? name : `${path}.${name}`;
}

/** The steps of a path: names of properties, and places in lists. */
export function stepsOf(path: string): readonly (string | number)[] {
  return [...path.matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|([^.[\]]+)/g)].map(([, index, quoted, name = '']) => {
    if (index !== undefined) return Number(index);
    return quoted === undefined ? name : String(JSON.parse(quoted));
  });
}

/** A value of another type. */
export function typeMessage({ type, nullable }: Shape, value: unknown): string {
  const wanted = type === undefined ? '' : TYPES[type];
  return `must be ${wanted}${nullable === true ? ' or null' : ''}, not ${show(value)}`;
}

/** A value that is not in a list. */
export function choiceMessage(choices: readonly string[], value: unknown): string {
  const [only = ''] = choices;
  return `must be ${choices.length === 1 ? only : `one of ${choices.join(', ')}`}, not ${show(value)}`;
}

/** A text or a list that is too short or too long. */
export function countMessage(bound: 'least' | 'most', limit: number, one: string, many: string): string {
  return `must have at ${bound} ${String(limit)} ${limit === 1 ? one : many}`;
}
