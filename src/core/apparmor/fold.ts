// SPDX-License-Identifier: Apache-2.0
// Fewer and wider rules where a profile would not compile: the names in a folder become `folder/*`, those first that
// are the most. Files that may be used differently do not get the same rule.
import { MOST_STATES, statesOf } from './automaton-size.ts';
import { exactPath, literalPattern } from './pattern.ts';
import { printPattern } from './pattern-text.ts';
import type { Item, Pattern } from './pattern.ts';
import { modesOf } from './rules.ts';
import { FileRules } from './spec.ts';
import type { FileRule } from './spec.ts';

/** Rules after folding, and the folders whose names were given up. */
export interface Folded {
  readonly files: ReadonlyMap<string, FileRule>;
  /** The new patterns, as texts. */
  readonly folded: readonly string[];
}

/** Well under the limit, so that a profile that was folded does not have to be again for a few more files. */
const TARGET = MOST_STATES / 2;

/** Rules of one form: the same path but for one segment, and the same access. */
interface Group {
  readonly form: Pattern;
  readonly rules: FileRule[];
}

/** Folds until there is room. Rules for which there is enough are left as they are. */
export function fold(files: ReadonlyMap<string, FileRule>): Folded {
  const folded: string[] = [];
  let current = files;
  while (sizeOf(current) > (folded.length === 0 ? MOST_STATES : TARGET)) {
    const group = largest(current, (segments) => [segments - 1]) ?? largest(current, (segments) => range(segments - 1));
    if (group === undefined) break;
    current = replaced(current, group);
    folded.push(printPattern(group.form));
  }
  return { files: current, folded };
}

function sizeOf(files: ReadonlyMap<string, FileRule>): number {
  return statesOf(files, (rule) => modesOf(rule.access));
}

function range(end: number): readonly number[] {
  return Array.from({ length: Math.max(end, 0) }, (_, at) => at);
}

/** Two rules are no crowd: a wildcard for so few would say more than it spares. */
const LEAST_MEMBERS = 16;

/** The group with the most characters in it, among the forms that leave out one of the segments asked for. */
function largest(
  files: ReadonlyMap<string, FileRule>,
  segmentsOf: (count: number) => readonly number[],
): Group | undefined {
  const groups = new Map<string, Group>();
  for (const rule of files.values()) {
    const path = exactPath(rule.pattern);
    if (path === undefined) continue;
    const segments = path.replace(/\/$/, '').split('/').slice(1);
    for (const at of segmentsOf(segments.length)) addTo(groups, rule, segments, at, path.endsWith('/'));
  }
  const all = [...groups.values()].filter(({ rules }) => rules.length >= LEAST_MEMBERS);
  return all.sort((a, b) => b.rules.length * b.form.length - a.rules.length * a.form.length)[0];
}

function addTo(
  groups: Map<string, Group>,
  rule: FileRule,
  segments: readonly string[],
  at: number,
  isFolder: boolean,
): void {
  const key = [modesOf(rule.access), String(at), ...segments.with(at, ''), isFolder ? '/' : ''].join('\0');
  const group = groups.get(key) ?? { form: formOf(segments, at, isFolder), rules: [] };
  group.rules.push(rule);
  groups.set(key, group);
}

/** The path with `*` in place of one segment. */
function formOf(segments: readonly string[], at: number, isFolder: boolean): Pattern {
  const before = segments.slice(0, at).map((segment) => `/${segment}`);
  const behind = segments.slice(at + 1).map((segment) => `/${segment}`);
  const any: Item = { type: 'any', slashes: false, least: 1 };
  return [...literalPattern(`${before.join('')}/`), any, ...literalPattern(behind.join('') + (isFolder ? '/' : ''))];
}

function replaced(files: ReadonlyMap<string, FileRule>, { form, rules }: Group): ReadonlyMap<string, FileRule> {
  const gone = new Set(rules);
  const kept = new FileRules();
  for (const rule of files.values()) if (!gone.has(rule)) kept.add(rule);
  const owned = rules.every((rule) => rule.owned);
  for (const { access } of rules.slice(0, 1)) kept.add({ pattern: form, access, owned });
  return kept.sorted();
}
