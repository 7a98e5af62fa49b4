// SPDX-License-Identifier: Apache-2.0
// The words that a SelinuxProfile may use for types, classes and permissions. Whatever is not one of these would be
// something else in CIL (a parenthesis, an expression, another statement) or make the node's whole policy fail.
import { CAPABILITIES } from '../capabilities.ts';

/** The target type that stands for the processes of the profile. */
export const SELF = '@self';

/** Longest name in CIL, the outer block counted (CIL_MAX_NAME_LENGTH of libsepol). */
const LONGEST_NAME = 2048;

/** One name of CIL. */
const NAME = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** A name with the blocks in which it is; a leading dot means: not one that the profile's own block has. */
const PATH = /^\.?[A-Za-z][A-Za-z0-9_-]*(\.[A-Za-z][A-Za-z0-9_-]*)*$/;

/** A class or a permission, as kernels have them. */
const PLAIN = /^[A-Za-z][A-Za-z0-9_]*$/;

/** Words that stand for other types where a target type is expected; the last two since libsepol 3.6. */
const OTHER_TARGETS: readonly string[] = ['self', 'notself', 'other'];

/** Words that make an expression of a list of permissions. */
const OPERATORS: ReadonlySet<string> = new Set(['all', 'not', 'and', 'or', 'xor', 'range', 'eq', 'neq']);

/** Characters of a word in messages: a word may be as long as its object. */
const MOST_SHOWN = 100;

/** A word for a message. */
export function shown(word: string): string {
  return word.length > MOST_SHOWN ? `${word.slice(0, MOST_SHOWN)}…` : word;
}

/** A word for a message that may hold anything. */
export function quoted(word: string): string {
  return JSON.stringify(shown(word));
}

/** Whether a word can be the name of something that is declared. */
export function isName(word: string): boolean {
  return NAME.test(word) && word.length < LONGEST_NAME;
}

/** Whether a word can name something that is declared in a block or outside. */
export function isPath(word: string): boolean {
  return PATH.test(word) && word.length < LONGEST_NAME;
}

/** Why a word can be no target type; undefined for one that can. */
export function targetFault(word: string): string | undefined {
  if (word === SELF) return undefined;
  if (OTHER_TARGETS.includes(word)) return `${word} is no type; the profile's own processes are ${SELF}`;
  return isPath(word) ? undefined : `${quoted(word)} is no name of a type`;
}

/** Why a word can be no class. */
export function classFault(word: string): string | undefined {
  return PLAIN.test(word) ? undefined : `${quoted(word)} is no name of an object class`;
}

/** Why a word can be no permission. */
export function permissionFault(word: string): string | undefined {
  if (OPERATORS.has(word)) return `${word} is no permission: name each one that is needed`;
  return PLAIN.test(word) ? undefined : `${quoted(word)} is no name of a permission`;
}

/** Capabilities of the first class; the rest are in the second (security/selinux/include/classmap.h of the kernel). */
const FIRST_CAPABILITIES = 32;

const CLASS_OF_CAPABILITY: ReadonlyMap<string, 0 | 1> = new Map(
  CAPABILITIES.map((name, number) => [name.slice('CAP_'.length).toLowerCase(), number < FIRST_CAPABILITIES ? 0 : 1]),
);

const CAPABILITY_CLASSES: readonly (readonly [string, string])[] = [
  ['capability', 'capability2'],
  ['cap_userns', 'cap2_userns'],
];

/** The class that a permission belongs to: capabilities are two classes, and their names do not tell which. */
export function classOf(objectClass: string, permission: string): string {
  const pair = CAPABILITY_CLASSES.find((classes) => classes.includes(objectClass));
  const half = CLASS_OF_CAPABILITY.get(permission);
  return pair === undefined || half === undefined ? objectClass : pair[half];
}
