// SPDX-License-Identifier: Apache-2.0
// Reads fields of a document that anybody may have written: every fault is noted, and something harmless is returned,
// so that reading goes on and all faults are found.
import { isJsonObject } from '../json.ts';
import { FaultList } from '../faults.ts';
import { MAX_VALUE } from './model.ts';

/** Of more digits than any value has, so that one that is too large is told; V8 takes seconds for a million. */
const INTEGER = /^(\d{1,40}|0x[0-9a-fA-F]{1,32})$/;

/** Members of an object. */
export type Fields = Readonly<Record<string, unknown>>;

/** A value as a message repeats it. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return `'${value}'`;
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean') return String(value);
  return value === undefined ? 'nothing' : value === null ? 'null' : 'an object';
}

/** Reads the fields of one document. */
export class FieldReader {
  readonly faults: FaultList;

  constructor(faults = new FaultList()) {
    this.faults = faults;
  }

  protected uint64(value: unknown, field: string): bigint {
    const read = this.integer(value, field);
    if (read >= 0n && read <= MAX_VALUE) return read;
    this.faults.add(field, `must be from 0 to 18446744073709551615, not ${String(read)}`);
    return 0n;
  }

  protected integer(value: unknown, field: string): bigint {
    if (value === undefined) return 0n;
    if (typeof value === 'bigint') return value;
    if (typeof value === 'number' && Number.isSafeInteger(value)) return BigInt(value);
    if (typeof value === 'string' && INTEGER.test(value)) return BigInt(value);
    const lost = typeof value === 'number' && Number.isInteger(value);
    const reason = lost ? 'lost precision on the way here: write it as a string' : `is not an integer: ${shown(value)}`;
    this.faults.add(field, reason);
    return 0n;
  }

  protected text<K extends string>(fields: Fields, key: K): Partial<Record<K, string>> {
    const value = fields[key];
    if (value === undefined || value === null || value === '') return {};
    if (typeof value !== 'string') {
      this.faults.add(key, `must be a text, not ${shown(value)}`);
      return {};
    }
    return Object.fromEntries([[key, value]]) as Record<K, string>;
  }

  protected choice<T extends string>(value: unknown, field: string, choices: readonly T[]): T {
    const found = choices.find((choice) => choice === value);
    const [first] = choices;
    if (first === undefined) throw new RangeError(`no choices for ${field}`);
    if (found === undefined) {
      const what = value === undefined ? 'is missing' : `is unknown: ${shown(value)}`;
      this.faults.add(field, `${what}; known are ${choices.join(', ')}`);
    }
    return found ?? first;
  }

  protected choices<T extends string>(value: unknown, field: string, choices: readonly T[]): readonly T[] {
    const list = this.list(value, field).map((item, index) => this.choice(item, `${field}[${String(index)}]`, choices));
    return [...new Set(list)];
  }

  protected list(value: unknown, field: string): readonly unknown[] {
    if (value === undefined || value === null) return [];
    if (Array.isArray(value)) return value;
    this.faults.add(field, `must be a list, not ${shown(value)}`);
    return [];
  }

  /** The members of an object whose keys are known; `hints` says of other keys what they are. */
  protected fields(
    value: unknown,
    field: string,
    keys: readonly string[],
    hints: Readonly<Record<string, string>>,
  ): Fields | undefined {
    if (!isJsonObject(value)) {
      this.faults.add(field, `must be an object, not ${Array.isArray(value) ? 'a list' : shown(value)}`);
      return undefined;
    }
    for (const key of Object.keys(value)) {
      if (keys.includes(key)) continue;
      const hint = Object.hasOwn(hints, key) ? `: ${hints[key] ?? ''}` : '';
      this.faults.add(field === '' ? key : `${field}.${key}`, `is not a field of a seccomp profile${hint}`);
    }
    return value;
  }
}
