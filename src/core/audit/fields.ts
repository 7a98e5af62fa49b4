// SPDX-License-Identifier: Apache-2.0
// The fields of an audit record's text: `name=value`, `name="value"`. A quoted value holds no quote, and a string that
// a program chose is written in hexadecimal without quotes as soon as it holds a blank, a quote or a control character
// (audit_log_untrustedstring of kernel/audit.c): so no program can write a field into another one. The label of a
// process alone is written as it is (`behindLabel` of parse.ts).

/** Called for each field; `from` and `to` are the place of the value without quotes, in the text. */
export type FieldTaker = (name: string, from: number, to: number, quoted: boolean) => void;

/** Goes through the fields between two places of a text, in one pass. Words without `=` are passed over. */
export function eachField(text: string, start: number, end: number, take: FieldTaker): void {
  for (let at = start; at < end;) {
    const equals = text.indexOf('=', at);
    if (equals < 0 || equals >= end) return;
    const name = text.slice(nameStart(text, at, equals), equals);
    const quoted = text.charCodeAt(equals + 1) === QUOTE;
    const from = quoted ? equals + 2 : equals + 1;
    const found = text.indexOf(quoted ? '"' : ' ', from);
    const to = found < 0 || found > end ? end : found;
    take(name, from, to, quoted);
    at = to + 1;
  }
}

/** Names are short. To look further back for a blank would take the square of a hostile line's length. */
const LONGEST_NAME = 64;

function nameStart(text: string, from: number, equals: number): number {
  let at = equals;
  while (at > from && equals - at < LONGEST_NAME && text.charCodeAt(at - 1) !== BLANK) at -= 1;
  return at;
}

const BLANK = 0x20;
const QUOTE = 0x22;
const ZERO = 0x30;
const NINE = 0x39;

/** The whole number that begins at a place and has at most ten digits; undefined where none does. */
export function numberAt(text: string, from: number, to: number): number | undefined {
  let value = 0;
  let at = from;
  for (; at < to && at < from + 10; at += 1) {
    const code = text.charCodeAt(at);
    if (code < ZERO || code > NINE) break;
    value = value * 10 + code - ZERO;
  }
  return at === from ? undefined : value;
}

/** The string that a program chose whose value begins at a place; empty at the end of the record. */
export function stringAt(text: string, from: number, end: number): string {
  if (from >= end) return '';
  const quoted = text.charCodeAt(from) === QUOTE;
  const start = quoted ? from + 1 : from;
  const found = text.indexOf(quoted ? '"' : ' ', start);
  return untrustedString(text.slice(start, found < 0 || found > end ? end : found), quoted);
}

/**
 * A string that a program chose, as the kernel writes it: quoted, in hexadecimal, or `(null)`. A name that auditd
 * glues to the last field of a line (`exe=2F62696EAUID="unset"`) is cut off. Bytes that are no UTF-8 become NO_LETTER.
 */
export function untrustedString(text: string, quoted: boolean): string {
  if (quoted) return text;
  const digits = /^[0-9A-Fa-f]*/.exec(text)?.[0] ?? '';
  const even = digits.slice(0, digits.length - (digits.length % 2));
  if (even === '') return text === '(null)' ? '' : text;
  try {
    return decodeURIComponent(even.replace(/../g, '%$&'));
  } catch {
    const bytes = (even.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16));
    return new TextDecoder('utf-8', { ignoreBOM: true }).decode(Uint8Array.from(bytes));
  }
}

/** Stands in strings for bytes that are no UTF-8. */
export const NO_LETTER = '\ufffd';
