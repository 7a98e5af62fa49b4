// SPDX-License-Identifier: Apache-2.0
// Reads a line of a watch without the spec of its object, where nobody needs that: of most changes of a large object
// the spec is known, and to parse a megabyte takes 20 ms in which nothing else is done. The API server prints the
// members of an object in the order of their names, so the spec lies in one piece between metadata and status.
import { parseJson } from '../../core/json.ts';

/** Shorter lines are parsed as a whole: that takes no longer. In UTF-16 units. */
const LONG = 64 * 1024;

/** Beginnings of members. Quotes within strings are escaped, so no text of a user has them. */
const SPEC = ',"spec":{';
const STATUS = ',"status":{';

/** An event of a watch whose object is long, to be read as far as it is needed. */
export interface LongLine {
  /** The event without spec and status of its object. */
  readonly head: unknown;
  /** The event without the spec of its object. */
  withoutSpec(): unknown;
  /** All of it. */
  whole(): unknown;
}

/**
 * The value of a line of JSON, or a long line to be read. Where one would be cut at a wrong place, such as a spec
 * within another member, the braces do not match, and it is parsed as a whole.
 * @throws SyntaxError as JSON.parse does
 */
export function readLine(line: string): unknown {
  return longLine(line) ?? parseJson(line);
}

function longLine(line: string): LongLine | undefined {
  const begin = line.length < LONG ? -1 : line.indexOf(SPEC);
  if (begin < 0) return undefined;
  const before = line.slice(0, begin);
  const head = parsed(`${before}}}`);
  if (head === undefined) return undefined;
  const whole = (): unknown => parseJson(line);
  const end = line.lastIndexOf(STATUS);
  return { head, whole, withoutSpec: () => (end < begin ? head : (parsed(before + line.slice(end)) ?? whole())) };
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
