// SPDX-License-Identifier: Apache-2.0
// JSON that keeps integers exact: the arguments of system calls have 64 bits, a JavaScript number has 53. Integers that
// do not fit become bigints, and bigints are written as plain integers.

/** What V8 tells a reviver beside the value: the digits as they stood in the text. */
interface Source {
  readonly source?: string;
}

/** Texts with so many digits in a row may hold such an integer; all others are parsed twenty times faster. */
const longDigits = /\d{16}/;
const integer = /^-?\d+$/;

function exact(this: unknown, _name: string, value: unknown, context?: Source): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? '';
  return integer.test(digits) ? BigInt(digits) : value;
}

/** Parses JSON. Throws a SyntaxError for what is none. */
export function parseKubeJson(text: string): unknown {
  return longDigits.test(text) ? JSON.parse(text, exact) : JSON.parse(text);
}

/** Of JSON that V8 has since 2024 and TypeScript's library does not know yet: a number's digits, written as they are. */
interface RawJson {
  rawJSON(digits: string): unknown;
}

function rawInteger(value: bigint): unknown {
  return (JSON as unknown as RawJson).rawJSON(value.toString());
}

/** Writes JSON. */
export function renderKubeJson(value: unknown): string {
  return JSON.stringify(value, (_name, member: unknown) => (typeof member === 'bigint' ? rawInteger(member) : member));
}
