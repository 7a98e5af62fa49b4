// SPDX-License-Identifier: Apache-2.0
// Whether all runtimes make the same filter of the rules of a runtime artifact (KEP-6061, ValidateArtifact). Where two
// rules of a call could both hold, libraries differ in which of them counts, so few shapes are let pass.
import type { FaultList } from '../../faults.ts';
import { DEFAULT_ERRNO } from '../model.ts';
import { NARROW_ARCHITECTURES } from './read.ts';
import type { RuntimeCondition, RuntimeEntry, RuntimeProfile } from './read.ts';

/** The most entries of one call, the most rules of one call, and the most rules of all, as they are loaded. */
const MAX_ENTRIES_OF_CALL = 128;
const MAX_RULES_OF_CALL = 256;
const MAX_RULES = 16_384;

const LOW = 0xffff_ffffn;

/** Rules as they are loaded: one for all conditions, or one for each where an argument is compared twice. */
interface LoadedRule {
  readonly field: string;
  /** The action with its number. */
  readonly result: string;
  readonly conditions: readonly RuntimeCondition[];
}

function resultOf(action: string, errno: number | undefined): string {
  const name = action === 'SCMP_ACT_KILL' ? 'SCMP_ACT_KILL_THREAD' : action;
  const hasNumber = name === 'SCMP_ACT_ERRNO' || name === 'SCMP_ACT_TRACE';
  return hasNumber ? `${name} ${(errno ?? DEFAULT_ERRNO) & 0xffff}` : name;
}

function loaded({ field, action, errnoRet, args }: RuntimeEntry): readonly LoadedRule[] {
  const result = resultOf(action, errnoRet);
  const isRepeated = new Set(args.map(({ index }) => index)).size < args.length;
  return isRepeated
    ? args.map((condition) => ({ field, result, conditions: [condition] }))
    : [{ field, result, conditions: args }];
}

function keyOf({ result, conditions }: LoadedRule): string {
  const parts = conditions.map(({ index, op, value, valueTwo }) => [index, op, value, valueTwo].join(' '));
  return [result, ...parts.sort()].join(', ');
}

/** A comparison of order that needs more than the lower half: 32-bit halves are compared one after the other. */
function isWideRange({ op, value }: RuntimeCondition): boolean {
  return value > LOW && /_(?:LT|LE|GE|GT)$/.test(op);
}

const COMPLEMENTS: readonly (readonly [string, string])[] = [
  ['SCMP_CMP_EQ', 'SCMP_CMP_NE'],
  ['SCMP_CMP_LT', 'SCMP_CMP_GE'],
  ['SCMP_CMP_LE', 'SCMP_CMP_GT'],
];

function areComplements(conditions: readonly RuntimeCondition[]): boolean {
  const [a, b, ...rest] = conditions;
  if (a === undefined || b === undefined || rest.length > 0) return false;
  const fits = COMPLEMENTS.some((pair) => pair.includes(a.op) && pair.includes(b.op) && a.op !== b.op);
  return fits && a.index === b.index && a.value === b.value;
}

function areDistinctValues(conditions: readonly RuntimeCondition[]): boolean {
  const lows = new Set(conditions.map(({ value }) => value & LOW));
  const [first] = conditions;
  const isEqual = conditions.every(({ op, index }) => op === 'SCMP_CMP_EQ' && index === first?.index);
  return isEqual && lows.size === conditions.length;
}

/** A sentence where the rules of a call are not of a shape in which at most one holds, or all say the same. */
function unsafeShape(rules: readonly LoadedRule[]): string | undefined {
  const results = new Set(rules.map(({ result }) => result));
  if (rules.length < 2) return undefined;
  if (rules.some(({ conditions }) => conditions.length === 0)) {
    return results.size === 1 ? undefined : 'has another result without a condition';
  }
  const single = rules.flatMap(({ conditions }) => (conditions.length === 1 ? conditions : []));
  if (single.length === rules.length) {
    const indexes = single.map(({ index }) => index);
    const isShared = new Set(indexes).size < indexes.length;
    if (areDistinctValues(single) || areComplements(single)) return undefined;
    if (results.size === 1 && !(isShared && single.some(isWideRange))) return undefined;
  }
  return 'has several rules of which more than one could hold; libraries differ in which one counts';
}

function checkCall(name: string, entries: readonly RuntimeEntry[], base: string, faults: FaultList): number {
  const rules = entries.flatMap(loaded);
  const [field = 'syscalls'] = entries.slice(-1).map((entry) => entry.field);
  if (entries.length > MAX_ENTRIES_OF_CALL) faults.add(field, `${name} has more than ${MAX_ENTRIES_OF_CALL} entries`);
  if (rules.length > MAX_RULES_OF_CALL) faults.add(field, `${name} has more than ${MAX_RULES_OF_CALL} rules`);
  // Rules with the default's result are not loaded.
  const effective = new Map(rules.filter(({ result }) => result !== base).map((rule) => [keyOf(rule), rule]));
  const unsafe = unsafeShape([...effective.values()]);
  if (unsafe !== undefined) faults.add(field, `${name} ${unsafe}`);
  return rules.length;
}

function checkWidth({ architectures, entries }: RuntimeProfile, faults: FaultList): void {
  const narrow = architectures.find((name) => NARROW_ARCHITECTURES.includes(name));
  if (narrow === undefined) return;
  for (const { field, args } of entries) {
    for (const [at, { value, valueTwo }] of args.entries()) {
      if (value <= LOW && valueTwo <= LOW) continue;
      faults.add(`${field}.args[${at}]`, `compares more than the 32 bits that ${narrow} has`);
    }
  }
}

/** Notes what is wrong with the rules together. */
export function checkRuntimeRules(profile: RuntimeProfile, faults: FaultList): void {
  const calls = new Map<string, RuntimeEntry[]>();
  for (const entry of profile.entries) {
    for (const name of new Set(entry.names)) {
      const known = calls.get(name);
      if (known === undefined) calls.set(name, [entry]);
      else known.push(entry);
    }
  }
  const base = resultOf(profile.defaultAction, profile.defaultErrnoRet);
  let count = 0;
  for (const [name, entries] of calls) count += checkCall(name, entries, base, faults);
  if (count > MAX_RULES) faults.add('syscalls', `has ${count} rules, more than ${MAX_RULES}`);
  checkWidth(profile, faults);
}
