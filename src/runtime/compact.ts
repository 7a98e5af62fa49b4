// SPDX-License-Identifier: Apache-2.0
// Keeps large members of an object's spec as compressed JSON, and parses them at each reading: a parsed
// profile of 1 MB takes 2.6 MiB of heap, its compressed text a tenth of the text at most times. Small members stay as
// they are, so that lookups and predicates, which ask for names and switches, parse nothing.
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { isJsonObject, parseJson, printJson } from '../core/json.ts';

/** Members whose JSON has fewer characters stay parsed. */
const SMALL = 2048;

/** The JSON texts of an object's spec, by member. */
export type SpecTexts = ReadonlyMap<string, string>;

/** Prints the members of an object's spec. Empty where there is no spec. */
export function specTexts(object: object): SpecTexts {
  return new Map(Object.entries(specOf(object) ?? {}).map(([name, value]) => [name, jsonOf(value)]));
}

/**
 * Characters of the texts, names included: the size that a budget counts. All processes get the same for one object.
 */
export function sizeOf(texts: SpecTexts): number {
  let size = 0;
  for (const [name, text] of texts) size += name.length + text.length;
  return size;
}

/** The object with its large members compressed; `texts` are those of its spec. */
export function compacted<T extends object>(object: T, texts: SpecTexts): T {
  const spec = specOf(object);
  const large = [...texts].filter(([, text]) => text.length >= SMALL);
  if (large.length === 0 || spec === undefined) return object;
  const compact = { ...spec };
  for (const [name, text] of large) Object.defineProperty(compact, name, lazily(text));
  return { ...object, spec: compact };
}

function specOf(object: object): Readonly<Record<string, unknown>> | undefined {
  return 'spec' in object && isJsonObject(object.spec) ? object.spec : undefined;
}

/** A member that is parsed when it is read. Readings of one task get the same value; nothing holds it afterwards. */
function lazily(text: string): PropertyDescriptor {
  const packed = compress(text);
  let last: WeakRef<object> | undefined;
  const get = (): unknown => {
    const known = last?.deref();
    if (known !== undefined) return known;
    const value = parseJson(inflateRawSync(packed).toString('utf8'));
    last = typeof value === 'object' && value !== null ? new WeakRef(value) : undefined;
    return value;
  };
  return { enumerable: true, configurable: true, get };
}

/** A buffer of its own: what zlib returns may be the beginning of a larger one. */
function compress(text: string): Buffer {
  const packed = deflateRawSync(text, { level: 1 });
  const own = Buffer.allocUnsafeSlow(packed.length);
  packed.copy(own);
  return own;
}

/** Most objects have no integer beyond 2^53, and are printed several times faster without a replacer. */
function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch (error) {
    if (error instanceof TypeError) return printJson(value);
    throw error;
  }
}
