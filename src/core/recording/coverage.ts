// SPDX-License-Identifier: Apache-2.0
// In how many recordings each system call was seen: what tells the call of every replica from the call of one. The form
// is the original's annotation: {"version":"v1","total":3,"syscalls":{"mknod":1,"read":3}}.
import { isJsonObject } from '../json.ts';

/** Counts of recordings. */
export interface Coverage {
  /** Recordings that were counted, those without any call included. */
  readonly total: number;
  /** In how many of them a call was seen, by its name; calls that none has shown are not in it. */
  readonly syscalls: ReadonlyMap<string, number>;
}

const VERSION = 'v1';
const SYSCALL = /^[a-z0-9_]{1,64}$/;

/** The coverage of one recording, given the names that it has seen; one that is given twice counts once. */
export function coverageOf(names: Iterable<string>): Coverage {
  const syscalls = new Map<string, number>();
  for (const name of names) syscalls.set(name, 1);
  return { total: 1, syscalls };
}

/** The sum of coverages: of recordings of which none is in two of them. */
export function sumCoverages(coverages: readonly Coverage[]): Coverage {
  const syscalls = new Map<string, number>();
  let total = 0;
  for (const coverage of coverages) {
    total += coverage.total;
    for (const [name, count] of coverage.syscalls) syscalls.set(name, (syscalls.get(name) ?? 0) + count);
  }
  return { total, syscalls };
}

/** The annotation's text, with names in their order. */
export function printCoverage({ total, syscalls }: Coverage): string {
  const sorted = [...syscalls].sort(([a], [b]) => (a < b ? -1 : 1));
  return JSON.stringify({ version: VERSION, total, syscalls: Object.fromEntries(sorted) });
}

/** Reads an annotation, which anybody may have written; undefined for what has not the form of `printCoverage`. */
export function parseCoverage(text: string): Coverage | undefined {
  const value = parsed(text);
  if (!isJsonObject(value) || value['version'] !== VERSION) return undefined;
  const { total, syscalls } = value;
  if (!isCount(total) || !isJsonObject(syscalls)) return undefined;
  const counts = Object.entries(syscalls).flatMap(([name, count]) =>
    SYSCALL.test(name) && isCount(count) && count > 0 && count <= total ? [[name, count] as const] : [],
  );
  return counts.length === Object.keys(syscalls).length ? { total, syscalls: new Map(counts) } : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not ours, then.
    return undefined;
  }
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && Number(value) >= 0;
}
