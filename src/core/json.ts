// SPDX-License-Identifier: Apache-2.0
// JSON whose integers are exact. JSON.parse rounds integers beyond 2^53; argument values of seccomp rules reach 2^64-1, and
// a rounded one is a condition that nobody wrote. Such integers come as bigint, and bigints are printed as plain integers.

/** Whether a value is a JSON object: neither a list, nor null, nor a scalar. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What may be an integer beyond 2^53, which has 16 digits; texts without one are parsed several times faster. A quote before
 * the digits makes them a string: of a thousand hashes of 16 hexadecimal digits, four in ten times one has no letter.
 */
const LONG_NUMBER = /(?:^|[-:[,\s])\d{16}/;
const INTEGER = /^-?\d+$/;

/** What V8 tells a reviver beside the value: the digits as they stood in the text. */
interface ReviverContext {
  readonly source?: string;
}

/** What JSON has since ES2026 and the library's types do not know yet: a number printed with the digits given. */
interface ExactJson {
  rawJSON(digits: string): unknown;
}

function exactInteger(this: unknown, _key: string, value: unknown, context?: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? '';
  return INTEGER.test(digits) ? BigInt(digits) : value;
}

/**
 * Parses JSON; integers that a double cannot hold come as bigint.
 * @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  return LONG_NUMBER.test(text) ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

function rawInteger(value: bigint): unknown {
  return (JSON as unknown as ExactJson).rawJSON(value.toString());
}

/** Prints JSON, bigints as integers. `indent` spaces a level; 0 prints one line. Members that are undefined are left out. */
export function printJson(value: unknown, indent = 0): string {
  return JSON.stringify(
    value,
    (_key, member: unknown) => (typeof member === 'bigint' ? rawInteger(member) : member),
    indent,
  );
}
