// SPDX-License-Identifier: Apache-2.0
// Decides what a profile would have answered to calls that were made. An answer that depends on something that is not
// known of a call is unknown.
import type { Profile } from '../seccomp/model.ts';
import { carrierOf } from '../seccomp/libseccomp/multiplexed.ts';
import { answersOf, answersTo } from '../seccomp/meaning/answers.ts';
import type { AnswerBook, Guarded } from '../seccomp/meaning/answers.ts';
import { conditionHolds } from '../seccomp/meaning/condition.ts';
import { mostPermissive, verdictText } from '../seccomp/meaning/verdict.ts';
import type { Verdict } from '../seccomp/meaning/verdict.ts';
import { syscallNumber, widthOf } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { Caller, MadeCall } from './made-calls.ts';

/** A call that would not have been let through, or of which that is not known. */
export interface Finding {
  readonly name: string;
  readonly architecture: KnownArchitecture;
  readonly outcome: 'denied' | 'unknown';
  /** The action, or on what the answer depends. */
  readonly reason: string;
  readonly callers: readonly Caller[];
}

/** The outcome of a simulation: how many calls by name, and those that stand out; denied ones first, then by name. */
export interface Simulation {
  readonly names: number;
  readonly findings: readonly Finding[];
}

interface Answer {
  readonly outcome: 'permitted' | 'denied' | 'unknown';
  readonly reason: string;
}

/** Lets the calls meet a profile without a base, on a machine of an architecture. */
export function simulate(profile: Profile, native: KnownArchitecture, calls: readonly MadeCall[]): Simulation {
  const judge = new Judge(profile, native);
  const found = new Map<string, { readonly finding: Omit<Finding, 'callers'>; readonly callers: Caller[] }>();
  for (const call of calls) {
    const architecture = call.architectures[0] ?? native;
    const { outcome, reason } = judge.answer(call, architecture);
    if (outcome === 'permitted') continue;
    const key = [outcome, architecture, call.name, reason].join(' ');
    const entry = found.get(key) ?? { finding: { name: call.name, architecture, outcome, reason }, callers: [] };
    found.set(key, entry);
    entry.callers.push(call.caller);
  }
  const findings = [...found].sort(([a], [b]) => (a < b ? -1 : 1));
  return {
    names: new Set(calls.map(({ name }) => name)).size,
    findings: findings.map(([, { finding, callers }]) => ({ ...finding, callers: added(callers) })),
  };
}

/** Answers for a profile; calls of a name without known arguments are answered once. */
class Judge {
  private readonly book: AnswerBook;
  private readonly architectures: readonly string[];
  private readonly native: KnownArchitecture;
  private readonly known = new Map<KnownArchitecture, Map<string, Answer>>();

  constructor(profile: Profile, native: KnownArchitecture) {
    this.book = answersOf(profile);
    this.architectures = [native, ...profile.architectures];
    this.native = native;
  }

  answer(call: MadeCall, architecture: KnownArchitecture): Answer {
    if (call.arguments.size > 0) return this.decide(call, architecture);
    const answers = this.known.get(architecture) ?? new Map<string, Answer>();
    this.known.set(architecture, answers);
    const known = answers.get(call.name) ?? this.decide(call, architecture);
    answers.set(call.name, known);
    return known;
  }

  private decide(call: MadeCall, architecture: KnownArchitecture): Answer {
    if (!this.architectures.includes(architecture)) {
      return { outcome: 'denied', reason: `the architecture ${architecture} is not in the profile` };
    }
    const { outcomes, places } = this.outcomesOf(call, architecture);
    const words = [...new Set(outcomes.map(outcomeOf))];
    const [only, ...others] = words;
    if (only === undefined || others.length > 0) return { outcome: 'unknown', reason: dependingOn(places) };
    const [first = this.book.defaultVerdict] = outcomes;
    if (only === 'unknown') return { outcome: only, reason: `a program decides: ${first.action}` };
    if (only === 'denied' && this.isCarrier(call.name, architecture)) {
      return { outcome: 'unknown', reason: 'it carries other calls, and which is not known' };
    }
    return { outcome: only, reason: verdictText(first, first) };
  }

  /** Every verdict that the call may have had, and the arguments that would tell which. */
  private outcomesOf(call: MadeCall, architecture: KnownArchitecture) {
    const { fallback, guarded } = answersTo(this.book, call.name);
    const width = widthOf(architecture);
    const matched: Verdict[] = [];
    const open: Verdict[] = [];
    const places = new Set<number>();
    for (const { args, verdict } of guarded.values()) {
      const state = stateOf(args, call.arguments, width);
      if (state === 'holds') matched.push(verdict);
      if (state !== 'open') continue;
      open.push(verdict);
      for (const { index } of args) if (!call.arguments.has(index)) places.add(index);
    }
    const [first, ...others] = matched;
    const sure = first === undefined ? fallback : mostPermissive(first, ...others);
    const maybe = open.map((verdict) => (first === undefined ? verdict : mostPermissive(sure, verdict)));
    return { outcomes: [sure, ...maybe], places };
  }

  private isCarrier(name: string, architecture: KnownArchitecture): boolean {
    if (architecture !== 'SCMP_ARCH_X86' || syscallNumber(this.native, name) !== undefined) return false;
    return [...this.book.calls.keys()].some((ruled) => carrierOf(ruled) === name);
  }
}

function stateOf(
  args: Guarded['args'],
  known: ReadonlyMap<number, bigint>,
  width: 32 | 64,
): 'holds' | 'fails' | 'open' {
  const states = args.map((condition) => {
    const value = known.get(condition.index);
    if (value === undefined) return 'open';
    return conditionHolds(condition, BigInt.asUintN(width, value)) ? 'holds' : 'fails';
  });
  if (states.includes('fails')) return 'fails';
  return states.includes('open') ? 'open' : 'holds';
}

function outcomeOf({ action }: Verdict): Answer['outcome'] {
  if (action === 'SCMP_ACT_ALLOW' || action === 'SCMP_ACT_LOG') return 'permitted';
  return action === 'SCMP_ACT_NOTIFY' || action === 'SCMP_ACT_TRACE' ? 'unknown' : 'denied';
}

function dependingOn(places: ReadonlySet<number>): string {
  const sorted = [...places].sort().map((place) => String(place));
  return `the answer depends on ${sorted.length === 1 ? 'the argument' : 'the arguments'} ${sorted.join(', ')}`;
}

/** The same caller in one source is one, with all of its calls. */
function added(callers: readonly Caller[]): readonly Caller[] {
  const byCaller = Map.groupBy(callers, ({ source, executable = '', counted }) =>
    [source, counted, executable].join('\n'),
  );
  return [...byCaller.values()].flatMap((all) => {
    const [one] = all;
    if (one === undefined) return [];
    const firsts = all.flatMap(({ first }) => first ?? []).sort();
    const lasts = all.flatMap(({ last }) => last ?? []).sort();
    const times = firsts[0] === undefined ? {} : { first: firsts[0], last: lasts.at(-1) ?? firsts[0] };
    return [{ ...one, count: all.reduce((sum, { count }) => sum + count, 0), ...times }];
  });
}
