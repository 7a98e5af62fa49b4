// SPDX-License-Identifier: Apache-2.0
// Texts of others that come before people: onto terminals, into statuses and events. A file, a node that was taken over
// or a registry may have written characters in them that would steer a terminal, or turn the order of letters around.

/** Control characters but the end of a line and the tabulator, and marks of the direction of writing. */
const STEERING = /[^\P{Cc}\n\t]|\p{Bidi_Control}/gu;

/** The text with a replacement character in each place of one that steers; the same text where there is none. */
export function plainText(text: string): string {
  return text.replaceAll(STEERING, '\u{FFFD}');
}
