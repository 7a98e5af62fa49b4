// SPDX-License-Identifier: Apache-2.0
// The letters of file rules (apparmor.d(5) of 3.0.8), and what the abstract form can say of them: it knows reading,
// writing together with linking and locking, mapping, and running under the same profile.
import type { Access } from './spec.ts';

/** The meaning of letters in the abstract form. */
export type ModeReading =
  | {
      readonly access: Access;
      /** Words for that which is allowed besides; empty for letters that mean the same. */
      readonly more: readonly string[];
    }
  | { readonly fault: string };

const LETTERS = /^[rwalkmixpucPUC]+$/;

/** The first of these is said of letters in which it is found. */
const BESIDES: readonly (readonly [test: (has: (letters: string) => boolean) => boolean, words: string])[] = [
  [(has) => has('a') && !has('w'), 'to overwrite it'],
  [(has) => has('lk') && !has('wa'), 'to write it'],
  [(has) => has('wa') && !(has('l') && has('k')), 'to link and lock it'],
  [(has) => has('mx') && !has('r'), 'to read it'],
];

/** Whether a word is letters of a file rule; such a word may also stand before the path. */
export function isMode(word: string): boolean {
  return LETTERS.test(word);
}

/** Reads the letters of a rule that allows. */
export function readMode(word: string): ModeReading {
  if (/[pucPUC]/.test(word)) return { fault: 'a program that is to run under another profile, or under none' };
  if (/i(?!x)|(?<!i)x/.test(word)) return { fault: `${word}, which are no letters of a rule` };
  const has = (letters: string): boolean => Array.from(letters).some((letter) => word.includes(letter));
  const access = { read: has('rmx'), write: has('walk'), map: has('mx'), execute: has('x') };
  return { access, more: BESIDES.flatMap(([test, words]) => (test(has) ? [words] : [])) };
}
