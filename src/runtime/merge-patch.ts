// SPDX-License-Identifier: Apache-2.0
// The smallest JSON merge patch (RFC 7386) that turns one JSON value into another, so that a node's status of a
// thousand profiles is written with the one entry that changed.
import { isJsonObject } from '../core/json.ts';

/** Whether two JSON values are the same. Undefined members count as absent; big integers equal their numbers. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, place) => sameJson(item, b[place]));
  }
  if (isJsonObject(a) && isJsonObject(b)) {
    return [...new Set([...Object.keys(a), ...Object.keys(b)])].every((name) => sameJson(a[name], b[name]));
  }
  return isInteger(a) && isInteger(b) && BigInt(a) === BigInt(b);
}

function isInteger(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || (typeof value === 'number' && Number.isInteger(value));
}

/**
 * The patch from `before` to `after`, or undefined where there is nothing to change. Arrays are replaced as a whole.
 * A member that is null in `after` counts as absent: a merge patch cannot set null, and the API server drops it anyway.
 */
export function mergePatch(before: unknown, after: object): Readonly<Record<string, unknown>> | undefined {
  const old = isJsonObject(before) ? before : {};
  const patch: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(after)) {
    if (old[name] === value) continue;
    const difference = memberPatch(old[name], value);
    if (difference !== undefined) patch[name] = difference;
  }
  for (const name of Object.keys(old)) if (!(name in after)) patch[name] = null;
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function memberPatch(before: unknown, after: unknown): unknown {
  if (after === undefined || after === null) return before === undefined || before === null ? undefined : null;
  if (isJsonObject(before) && isJsonObject(after)) return mergePatch(before, after);
  return sameJson(before, after) ? undefined : clean(after);
}

/** A value to be set whole must not carry undefined or null members either: null would be taken for a deletion. */
function clean(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(clean);
  if (!isJsonObject(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== undefined && member !== null);
  return Object.fromEntries(members.map(([name, member]) => [name, clean(member)]));
}
