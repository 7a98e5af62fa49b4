// SPDX-License-Identifier: Apache-2.0
// JSON whose integers are exact. JSON.parse rounds integers beyond 2^53; argument values of seccomp rules reach 2^64-1, and
// a rounded one is a condition that nobody wrote. Such integers come as bigint, and bigints are printed as plain integers.

/** A run of digits that may be an integer beyond 2^53 (which has 16 digits). */
const LONG_NUMBER = /\d{16}/;

interface ReviverContext {
  readonly source?: string;
}

/** The reviver with its third parameter, which the library types do not know yet (JSON.parse source text access, ES2025). */
type ExactReviver = (key: string, value: unknown, context: ReviverContext) => unknown;

function exactInteger(_key: string, value: unknown, context: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  return context.source !== undefined && /^-?\d+$/.test(context.source) ? BigInt(context.source) : value;
}

/**
 * Parses JSON; integers that a double cannot hold come as bigint.
 * @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  if (!LONG_NUMBER.test(text)) return JSON.parse(text);
  // The library's type of JSON.parse lacks the reviver's third parameter.
  const parse = JSON.parse as (text: string, reviver: ExactReviver) => unknown;
  return parse(text, exactInteger);
}

function printScalar(value: unknown): string {
  if (typeof value === 'bigint') return value.toString();
  return value === undefined ? 'null' : JSON.stringify(value);
}

function printMembers(members: readonly string[], open: string, close: string, margin: string, step: string): string {
  if (members.length === 0) return open + close;
  if (step === '') return `${open}${members.join(',')}${close}`;
  return `${open}\n${members.map((member) => margin + step + member).join(',\n')}\n${margin}${close}`;
}

function print(value: unknown, margin: string, step: string): string {
  if (typeof value !== 'object' || value === null) return printScalar(value);
  const inner = margin + step;
  if (Array.isArray(value)) {
    return printMembers(
      value.map((item: unknown) => print(item, inner, step)),
      '[',
      ']',
      margin,
      step,
    );
  }
  const colon = step === '' ? ':' : ': ';
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  const texts = members.map(([key, member]) => JSON.stringify(key) + colon + print(member, inner, step));
  return printMembers(texts, '{', '}', margin, step);
}

/** Prints JSON, bigints as integers. `indent` spaces a level; 0 prints one line. Members that are undefined are left out. */
export function printJson(value: unknown, indent = 0): string {
  return print(value, '', ' '.repeat(indent));
}
