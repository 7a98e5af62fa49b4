// SPDX-License-Identifier: Apache-2.0
// Which lines the enrichers print: the rules of `spec.logEnricherFilters` and `spec.jsonEnricherFilters`, in the
// original's form. The one with the lowest priority that matches a line decides; without any the line is printed.
import { isJsonObject, parseJson } from '../json.ts';

/** A rule. */
interface Rule {
  readonly priority: number;
  readonly level: 'Metadata' | 'None';
  /** All of them must be keys of the line; of a key within an object with a slash: `resource/pod`. */
  readonly keys: readonly string[];
  /** One of them must be the value of each key, or in its list, where there are any; numbers by their digits. */
  readonly values: ReadonlySet<string> | undefined;
}

/** Tells whether a line is printed. */
export type LineFilter = (line: object) => boolean;

const FIELDS: ReadonlySet<string> = new Set(['priority', 'level', 'matchKeys', 'matchValues']);

/**
 * The filter that a text describes; an empty one lets everything pass.
 * @throws RangeError with a sentence that names the rule by its place, counted from 1
 */
export function parseFilters(text: string): LineFilter {
  const rules = text.trim() === '' ? [] : rulesOf(text);
  const sorted = rules.toSorted((a, b) => a.priority - b.priority);
  return (line) => sorted.find((rule) => matches(rule, line))?.level !== 'None';
}

/** The sentence that tells why a text describes no filter; undefined where it does. */
export function faultOfFilters(text: string): string | undefined {
  try {
    parseFilters(text);
    return undefined;
  } catch (error) {
    if (error instanceof RangeError) return error.message;
    throw error;
  }
}

function rulesOf(text: string): readonly Rule[] {
  const list = parsed(text);
  if (!Array.isArray(list)) throw new RangeError('must be a JSON list of rules');
  return list.map((entry: unknown, index) => ruleOf(entry, `rule ${String(index + 1)}`));
}

function parsed(text: string): unknown {
  try {
    return parseJson(text);
  } catch (cause) {
    throw new RangeError('is no JSON', { cause });
  }
}

function ruleOf(entry: unknown, where: string): Rule {
  if (!isJsonObject(entry)) throw new RangeError(`${where} is no object`);
  const unknown = Object.keys(entry).find((field) => !FIELDS.has(field));
  if (unknown !== undefined)
    throw new RangeError(`${where} has a field ${unknown}; there are ${[...FIELDS].join(', ')}`);
  const { priority, level = 'Metadata', matchKeys, matchValues } = entry;
  if (typeof priority !== 'number' || !Number.isInteger(priority))
    throw new RangeError(`${where} needs a whole priority`);
  if (level !== 'Metadata' && level !== 'None') throw new RangeError(`the level of ${where} must be Metadata or None`);
  const keys = textsOf(matchKeys, `matchKeys of ${where}`);
  if (keys.length === 0) throw new RangeError(`${where} needs matchKeys`);
  const values = matchValues === undefined ? undefined : new Set(textsOf(matchValues, `matchValues of ${where}`));
  return { priority, level, keys, values };
}

function textsOf(value: unknown, what: string): readonly string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [];
  if (!Array.isArray(value) && value !== undefined) throw new RangeError(`${what} must be a list of texts`);
  return list.map((entry) => {
    if (typeof entry === 'number' || typeof entry === 'bigint') return String(entry);
    if (typeof entry !== 'string') throw new RangeError(`${what} must be a list of texts`);
    return entry;
  });
}

function matches({ keys, values }: Rule, line: object): boolean {
  return keys.every((key) => {
    const value = valueAt(line, key.split('/'));
    return value !== undefined && (values === undefined || textsAt(value).some((text) => values.has(text)));
  });
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  const [first, ...rest] = path;
  if (first === undefined) return value;
  return isJsonObject(value) && Object.hasOwn(value, first) ? valueAt(value[first], rest) : undefined;
}

/** Values as rules write them; objects have none. */
function textsAt(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(textsAt);
  return typeof value === 'string' || typeof value === 'number' ? [String(value)] : [];
}
