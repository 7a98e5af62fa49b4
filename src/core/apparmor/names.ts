// SPDX-License-Identifier: Apache-2.0
// The names under which the kernel will know the profiles of a policy text, for comparing them with what was loaded.
import { parsePolicy } from './structure.ts';
import { LexicalFault, placeOf, placeText } from './tokens.ts';
import { Rejected } from '../errors.ts';

/**
 * The names of all profiles in a text, children and hats as `parent//child`, in the order in which they stand.
 * @throws Rejected with line and column, for a text that cannot be read
 */
export function profileNamesIn(text: string): readonly string[] {
  try {
    return parsePolicy(withLastLineBreak(text)).profiles.map(({ name }) => name);
  } catch (cause) {
    if (!(cause instanceof LexicalFault)) throw cause;
    throw new Rejected('InvalidAppArmorProfile', `${placeText(placeOf(text, cause.at))}: ${cause.message}`, { cause });
  }
}

/** The text with a line break at its end: apparmor_parser reads a comment only together with its line break. */
export function withLastLineBreak(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
