// SPDX-License-Identifier: Apache-2.0
// JSON whose integers are exact. JSON.parse rounds integers beyond 2^53; argument values of seccomp rules reach 2^64-1,
// and a rounded one is another condition than the user wrote. Such integers come as bigint, and bigints are printed as
// plain integers.

/** Whether a value is a JSON object: neither a list, nor null, nor a scalar. */
export function isJsonObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * An integer that may be beyond 2^53, which has 16 digits; texts without one are parsed several times faster. A quote
 * before the digits makes them a string: of a thousand hashes of 16 hexadecimal digits, four in ten times one has no
 * letter. The set of characters comes first and alone, because where V8 interprets regular expressions, as in the
 * cluster, it skips to a member of such a set in one step: with alternatives the test took three times as long as
 * JSON.parse itself, so it takes a sixth of that.
 */
const LONG_NUMBER = /[:[, \n\t\r]-?\d{16}/;

/** The same where the text is nothing else. */
const LONG_NUMBER_ALONE = /^-?\d{16}/;

/**
 * Integers that come exactly. Longer ones are no value of anything, and V8 needs seconds for the digits that a manifest
 * of a registry has room for.
 */
const INTEGER = /^-?\d{1,40}$/;

/** The argument that V8 passes to a reviver beside the value: the digits as they stand in the text. */
interface ReviverContext {
  readonly source?: string;
}

/** A function of ES2026 that the library's types do not have yet: it prints a number with the given digits. */
interface ExactJson {
  rawJSON(digits: string): unknown;
}

function exactInteger(this: unknown, _key: string, value: unknown, context?: ReviverContext): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const digits = context?.source ?? '';
  return INTEGER.test(digits) ? BigInt(digits) : value;
}

/**
 * Parses JSON; integers that a double cannot hold come as bigint, those of more than 40 digits as the nearest double.
 * @throws SyntaxError as JSON.parse does
 */
export function parseJson(text: string): unknown {
  const isLong = LONG_NUMBER.test(text) || LONG_NUMBER_ALONE.test(text);
  return isLong ? JSON.parse(text, exactInteger) : JSON.parse(text);
}

/** A key that an object of a JSON text has twice. */
export interface RepeatedKey {
  /** The place of the second one, such as `syscalls[3].action`. */
  readonly path: string;
  /** Where it stands in the text, in UTF-16 units. */
  readonly offset: number;
}

/** An object or a list that is open where the text has been read to. */
interface OpenValue {
  /** The keys that an object has had; undefined for a list. */
  readonly keys: Set<string> | undefined;
  /** The key or index of the member that is being read. */
  at: string | number;
  /** Whether an object's next string is a key. */
  awaitsKey: boolean;
}

const TOKEN = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

function pathOf(open: readonly OpenValue[]): string {
  return open
    .map(({ at }) => (typeof at === 'number' ? `[${String(at)}]` : `.${at}`))
    .join('')
    .replace(/^\./, '');
}

/** The first key that an object has twice, which JSON.parse takes in silence. The text must be JSON. */
export function repeatedKey(text: string): RepeatedKey | undefined {
  const open: OpenValue[] = [];
  for (const { 0: token, index } of text.matchAll(TOKEN)) {
    const inner = open.at(-1);
    if (token === '{') open.push({ keys: new Set(), at: '', awaitsKey: true });
    else if (token === '[') open.push({ keys: undefined, at: 0, awaitsKey: false });
    else if (token === '}' || token === ']') open.pop();
    else if (inner === undefined) continue;
    else if (token === ',') advance(inner);
    else if (inner.keys !== undefined && inner.awaitsKey) {
      inner.at = JSON.parse(token) as string;
      if (inner.keys.has(inner.at)) return { path: pathOf(open), offset: index };
      inner.keys.add(inner.at);
      inner.awaitsKey = false;
    }
  }
  return undefined;
}

function advance(inner: OpenValue): void {
  if (typeof inner.at === 'number') inner.at += 1;
  else inner.awaitsKey = true;
}

function rawInteger(value: bigint): unknown {
  return (JSON as unknown as ExactJson).rawJSON(value.toString());
}

/**
 * Prints JSON, bigints as integers. `indent` spaces a level; 0 prints one line. Members that are undefined are left
 * out.
 */
export function printJson(value: unknown, indent = 0): string {
  try {
    return JSON.stringify(value, undefined, indent);
  } catch (error) {
    // A bigint, or a circle, which fails again.
    if (!(error instanceof TypeError)) throw error;
    return JSON.stringify(value, exactMember, indent);
  }
}

/** A function that is asked for every member takes most of the time, and few values need it. */
function exactMember(_key: string, member: unknown): unknown {
  return typeof member === 'bigint' ? rawInteger(member) : member;
}
