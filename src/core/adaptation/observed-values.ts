// SPDX-License-Identifier: Apache-2.0
// Narrows calls of a profile to the values of their arguments that traces have shown. Only for a few calls, whose
// values decide what the call does and are few in one program. Container runtimes make some of these calls under the
// profile themselves, before the program begins; what they need stays permitted, and is told apart as not observed.
import { BASE_VALUES } from '../../gen/base-values.ts';
import type { Trace, TracedCall } from '../evidence/trace.ts';
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import type { AnswerBook } from '../seccomp/meaning/answers.ts';
import { verdictFields } from '../seccomp/meaning/verdict.ts';
import { isPermitting } from '../seccomp/model.ts';
import type { Profile, Rule } from '../seccomp/model.ts';

/**
 * The calls, and the places of the arguments that decide: the family of sockets, flags of clones, protection and flags
 * of mappings, operations of prctl and ioctl, the personality.
 */
export const NARROWED_CALLS: Readonly<Record<string, readonly number[]>> = {
  clone: [0],
  ioctl: [1],
  mmap: [2, 3],
  personality: [0],
  prctl: [0],
  socket: [0],
};

/** One set of values, by place. */
export type Values = ReadonlyMap<number, bigint>;

/** A call that is permitted with these values only. */
export interface NarrowedCall {
  readonly name: string;
  readonly observed: readonly Values[];
  /** Values that container runtimes use and no trace has shown. */
  readonly assumed: readonly Values[];
}

/** A call that is permitted as before, and why. */
export interface KeptCall {
  readonly name: string;
  readonly reason: string;
}

/** A profile that was narrowed. */
export interface Narrowed {
  readonly profile: Profile;
  readonly narrowed: readonly NarrowedCall[];
  readonly kept: readonly KeptCall[];
}

/** All of these are int, or flags of which the kernel knows the lower half; programs may leave bits above it. */
const LOWER_HALF = 0xffff_ffffn;

/** Sets of values of one call; programs with more choose them as they go, and the next run would show others. */
export const MOST_VALUES = 64;

function textOf(values: Values): string {
  return [...values].map(([place, value]) => `${String(place)}=${String(value)}`).join('+');
}

/** The values of a call at its places; undefined where the trace has not noted one of them. */
function valuesOf({ arguments: noted }: TracedCall, places: readonly number[]): Values | undefined {
  const entries = places.flatMap((place): [number, bigint][] => {
    const value = noted[String(place)];
    return value === undefined ? [] : [[place, BigInt(value) & LOWER_HALF]];
  });
  return entries.length < places.length ? undefined : new Map(entries);
}

/** Each set of values once, in the order of their numbers. */
function distinct(all: readonly Values[], places: readonly number[]): readonly Values[] {
  const byText = new Map(all.map((values) => [textOf(values), values]));
  return [...byText.values()].sort((a, b) => {
    const place = places.find((one) => a.get(one) !== b.get(one)) ?? 0;
    return (a.get(place) ?? 0n) < (b.get(place) ?? 0n) ? -1 : 1;
  });
}

function narrowedCall(name: string, places: readonly number[], traces: readonly Trace[]): NarrowedCall | KeptCall {
  const calls = traces.flatMap((trace) => trace.calls.filter((call) => call.name === name));
  if (calls.length === 0) return { name, reason: 'no trace shows it' };
  const noted = calls.flatMap((call) => valuesOf(call, places) ?? []);
  if (noted.length < calls.length) return { name, reason: 'a trace has noted no arguments of it' };
  const observed = distinct(noted, places);
  if (observed.length > MOST_VALUES) return { name, reason: `it was made with ${String(observed.length)} values` };
  const seen = new Set(observed.map(textOf));
  const base = BASE_VALUES.filter(({ call, values }) => call === name && !seen.has(textOf(values)));
  return { name, observed, assumed: base.map(({ values }) => values) };
}

/** A call that is compared already keeps its rules, and one that is not permitted stays so: nothing is said of it. */
function triedCall(name: string, places: readonly number[], book: AnswerBook, traces: readonly Trace[]) {
  const { fallback, guarded } = answersTo(book, name);
  if (guarded.size > 0) return isShown(name, traces) ? [{ name, reason: 'its arguments are compared already' }] : [];
  return isPermitting(fallback.action) ? [narrowedCall(name, places, traces)] : [];
}

function isShown(name: string, traces: readonly Trace[]): boolean {
  return traces.some(({ calls }) => calls.some((call) => call.name === name));
}

function rulesOf({ name, observed, assumed }: NarrowedCall, book: AnswerBook): readonly Rule[] {
  const verdict = verdictFields(answersTo(book, name).fallback);
  return [...observed, ...assumed].map((values) => ({
    names: [name],
    ...verdict,
    args: Array.from(values, ([index, valueTwo]) => {
      return { index, op: 'SCMP_CMP_MASKED_EQ', value: LOWER_HALF, valueTwo } as const;
    }),
  }));
}

function without(rules: readonly Rule[], names: ReadonlySet<string>): readonly Rule[] {
  return rules.flatMap((rule) => {
    const left = rule.names.filter((name) => !names.has(name));
    return left.length === rule.names.length ? [rule] : left.length === 0 ? [] : [{ ...rule, names: left }];
  });
}

/**
 * The profile, its calls narrowed to the values of the traces. All that the traces show and the profile permitted is
 * permitted still, and nothing more than before. A profile that permits what it does not name is left as it is.
 */
export function narrow(profile: Profile, traces: readonly Trace[]): Narrowed {
  if (isPermitting(profile.defaultAction)) return { profile, narrowed: [], kept: [] };
  const book = answersOf(profile);
  const found = Object.entries(NARROWED_CALLS).flatMap(([name, places]) => triedCall(name, places, book, traces));
  const narrowed = found.filter((one): one is NarrowedCall => 'observed' in one);
  const kept = found.filter((one): one is KeptCall => 'reason' in one);
  const rules = without(profile.rules, new Set(narrowed.map(({ name }) => name)));
  const own = narrowed.flatMap((one) => rulesOf(one, book));
  return { profile: narrowed.length === 0 ? profile : { ...profile, rules: [...rules, ...own] }, narrowed, kept };
}
