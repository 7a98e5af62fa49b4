// SPDX-License-Identifier: Apache-2.0
// Rules of files in AppArmor's language: a pattern in quotation marks, and the letters of what is allowed.
import type { Access, FileRule } from './spec.ts';

/** A word in quotation marks, for one without any in it. */
export function quoted(word: string): string {
  return `"${word}"`;
}

/**
 * The letters of an access. Writing comes with linking and locking, as in the original; `ix` brings the right to map
 * along, so that `m` is not written beside it.
 */
export function modesOf({ read, write, map, execute }: Access): string {
  return `${read ? 'r' : ''}${write ? 'wlk' : ''}${map && !execute ? 'm' : ''}${execute ? 'ix' : ''}`;
}

/** The rule of a pattern, with the pattern's text. */
export function fileRuleText(text: string, { access, owned }: FileRule): string {
  return `${owned ? 'owner ' : ''}${quoted(text)} ${modesOf(access)},`;
}
