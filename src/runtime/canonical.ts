// SPDX-License-Identifier: Apache-2.0
// Values as short, comparable texts: how the runtime remembers what it has applied without keeping it.
import { createHash } from 'node:crypto';
import { isJsonObject } from '../core/json.ts';

/** JSON with sorted names and without undefined members; equal values have equal texts. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members = Object.entries(value).filter(([, member]) => member !== undefined);
  members.sort(([a], [b]) => (a < b ? -1 : 1));
  return `{${members.map(([name, member]) => `${JSON.stringify(name)}:${canonicalJson(member)}`).join(',')}}`;
}

/** A text of 22 characters that differs where the values differ. */
export function fingerprint(value: unknown): string {
  return createHash('sha256').update(canonicalJson(value)).digest('base64url').slice(0, 22);
}

/**
 * The values of `live` at the places that `shape` names. List lengths count; fields that the server added elsewhere do
 * not.
 */
export function project(live: unknown, shape: unknown): unknown {
  if (Array.isArray(shape) && Array.isArray(live)) {
    return { length: live.length, items: shape.map((item, place) => project(live[place], item)) };
  }
  if (isJsonObject(shape) && isJsonObject(live)) {
    const names = Object.keys(shape).filter((name) => shape[name] !== undefined);
    return Object.fromEntries(names.map((name) => [name, project(live[name], shape[name])]));
  }
  return live;
}
