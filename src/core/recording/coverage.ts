// SPDX-License-Identifier: Apache-2.0
// In how many recordings each system call, or each access, was seen: what tells that of every replica from that of one.
// The form is the original's annotation: {"version":"v1","total":3,"syscalls":{"mknod":1,"read":3}}, and beside it the
// calls that only one recording has seen, by recording: {…,"alone":[["mknod"]]}.
import { isJsonObject } from '../json.ts';
import { ANNOTATION } from '../names.ts';

/** Counts of recordings. */
export interface Coverage {
  /** Recordings that were counted, those without any call included. */
  readonly total: number;
  /** In how many of them a call or an access was seen, by its name; those that none has shown are not in it. */
  readonly names: ReadonlyMap<string, number>;
  /**
   * The names that one recording alone has seen, a list for each such recording: how many recordings showed something
   * new tells how likely the next one does. Undefined where that is not known, and for one recording, which has seen
   * all of its names alone.
   */
  readonly alone?: readonly (readonly string[])[];
}

/** How the coverage of a kind of profile is written down. */
export interface CoverageForm {
  readonly annotation: string;
  /** The member with the counts. */
  readonly member: string;
  /** The form of a name. */
  readonly name: RegExp;
}

/** The original's, for seccomp. */
export const SYSCALL_COVERAGE: CoverageForm = {
  annotation: ANNOTATION.syscallCoverage,
  member: 'syscalls',
  name: /^[a-z0-9_]{1,64}$/,
};

const VERSION = 'v1';

/** The coverage of one recording, given the names that it has seen; one that is given twice counts once. */
export function coverageOf(names: Iterable<string>): Coverage {
  const counts = new Map<string, number>();
  for (const name of names) counts.set(name, 1);
  return { total: 1, names: counts };
}

/** The sum of coverages: of recordings of which none is in two of them. */
export function sumCoverages(coverages: readonly Coverage[]): Coverage {
  const names = new Map<string, number>();
  let total = 0;
  for (const coverage of coverages) {
    total += coverage.total;
    for (const [name, count] of coverage.names) names.set(name, (names.get(name) ?? 0) + count);
  }
  const alone = total > 1 ? aloneIn(coverages, names) : undefined;
  return { total, names, ...(alone === undefined ? {} : { alone }) };
}

/** The lists that are left of those of the parts; undefined where one does not tell whose its single names are. */
function aloneIn(
  coverages: readonly Coverage[],
  names: ReadonlyMap<string, number>,
): readonly (readonly string[])[] | undefined {
  const singles = new Set<string>();
  for (const [name, count] of names) if (count === 1) singles.add(name);
  // Usual for many replicas, which are then not gone through again.
  if (singles.size === 0) return undefined;
  const lists = coverages.flatMap((coverage) =>
    listsOf(coverage).map((list) => [...list].filter((name) => singles.has(name))),
  );
  const listed = lists.reduce((count, { length }) => count + length, 0);
  return listed === singles.size ? inOrder(lists) : undefined;
}

function listsOf({ total, names, alone }: Coverage): readonly Iterable<string>[] {
  if (alone !== undefined) return alone;
  return total > 1 ? [] : [names.keys()];
}

function inOrder(lists: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const sorted = lists.filter(({ length }) => length > 0).map((list) => [...list].sort());
  return sorted.sort(([a = ''], [b = '']) => (a < b ? -1 : 1));
}

/**
 * The most characters of an annotation: all of an object's have 256 KiB together, and paths can be long and many. Of
 * those that do not fit only the total is told.
 */
const LONGEST_TEXT = 64 << 10;

/** The annotation's text, with names in their order. */
export function printCoverage(coverage: Coverage, { member }: CoverageForm = SYSCALL_COVERAGE): string {
  const { total, names, alone } = coverage;
  const sorted = [...names].sort(([a], [b]) => (a < b ? -1 : 1));
  const text = JSON.stringify({ version: VERSION, total, [member]: Object.fromEntries(sorted), alone });
  return text.length <= LONGEST_TEXT ? text : JSON.stringify({ version: VERSION, total, [member]: {} });
}

/** Reads an annotation, which anybody may have written; undefined for what has not the form of `printCoverage`. */
export function parseCoverage(text: string, form: CoverageForm = SYSCALL_COVERAGE): Coverage | undefined {
  const { member, name: nameForm } = form;
  const value = parsed(text);
  if (!isJsonObject(value) || value['version'] !== VERSION) return undefined;
  const { total, [member]: told } = value;
  if (!isCount(total) || !isJsonObject(told)) return undefined;
  const counts = Object.entries(told).flatMap(([name, count]) =>
    nameForm.test(name) && isCount(count) && count > 0 && count <= total ? [[name, count] as const] : [],
  );
  if (counts.length < Object.keys(told).length) return undefined;
  const names = new Map(counts);
  const alone = aloneOf(value['alone'], names);
  return { total, names, ...(alone === undefined ? {} : { alone }) };
}

/** Lists of all single names, each in one of them; undefined for anything else. */
function aloneOf(value: unknown, names: ReadonlyMap<string, number>): readonly (readonly string[])[] | undefined {
  if (!Array.isArray(value)) return undefined;
  const lists = value.filter((list): list is readonly unknown[] => Array.isArray(list));
  const listed = new Set(lists.flat());
  const singles = [...names].filter(([, count]) => count === 1).map(([name]) => name);
  const isWhole = lists.flat().length === singles.length && singles.every((name) => listed.has(name));
  return isWhole && singles.length > 0 && lists.length === value.length
    ? inOrder(lists.map((list) => list.map(String)))
    : undefined;
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
