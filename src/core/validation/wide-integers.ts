// SPDX-License-Identifier: Apache-2.0
// Integers of an object that the API server cannot take, whatever the schema says: its JSON knows those of 64 bits with
// a sign, and makes floating-point numbers of all others, which are no integers to a schema.
import { isJsonObject } from './check-shape.ts';
import { member } from './fault.ts';
import type { Fault } from './fault.ts';

const SMALLEST = -(2n ** 63n);
const LARGEST = 2n ** 63n - 1n;

/** A fault for each integer that needs more than 63 bits. Readers give integers that a double cannot hold as bigint. */
export function wideIntegers(value: unknown, path = ''): readonly Fault[] {
  if (typeof value === 'bigint') {
    if (value >= SMALLEST && value <= LARGEST) return [];
    const message = `is beyond the integers that the API server reads (up to ${String(LARGEST)}): write it as a string`;
    return [{ path, message, unknownField: false }];
  }
  if (Array.isArray(value)) return value.flatMap((item, at) => wideIntegers(item, `${path}[${String(at)}]`));
  if (!isJsonObject(value)) return [];
  return Object.entries(value).flatMap(([name, field]) => wideIntegers(field, member(path, name)));
}
