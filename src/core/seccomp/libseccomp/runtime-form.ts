// SPDX-License-Identifier: Apache-2.0
// The file of a profile goes through an OCI runtime to libseccomp, rule by rule as it is written. Where libseccomp
// would make a filter of it that says something else, or never end, the rules are written in the form of masks.ts,
// which means the same. Where there is no such form, what remains doubtful is said: a profile that looks enforced and
// is not is worse than none.
import { conjunctionsOf } from '../meaning/answers.ts';
import { Comparisons } from '../meaning/comparisons.ts';
import { canMeet, conjunctionKey, reduced } from '../meaning/condition.ts';
import type { Conjunction } from '../meaning/condition.ts';
import { FaultList } from '../../faults.ts';
import { coveredArchitectures } from './filter.ts';
import { compareReach, comparesOneArgument, isMask, maskedConjunctions, MOST_RULES } from './masks.ts';
import type { Architecture, Profile, Rule } from '../model.ts';
import { architectureOfTable } from '../syscalls.ts';
import { returnValue, sameVerdict, verdictFields, verdictOf, verdictText } from '../meaning/verdict.ts';
import type { Verdict } from '../meaning/verdict.ts';

/** A profile as its file shall say it. */
export interface RuntimeForm {
  readonly profile: Profile;
  /** Warnings where runtimes may enforce the profile differently than written: field and reason, a sentence each. */
  readonly warnings: readonly string[];
}

interface Clause {
  readonly conditions: Conjunction;
  /** Equal for equal conditions. */
  readonly key: string;
  readonly verdict: Verdict;
  /** Which rule of the profile it is. */
  readonly rule: number;
}

/** A call of which rules compare arguments. */
interface ComparedCall {
  readonly name: string;
  /** The verdict where no rule holds. */
  readonly otherwise: Verdict;
  /** How many rules it has in all. */
  rules: number;
  /** A comparison that all arguments satisfy, or none: libseccomp does not see that it says nothing. */
  vacuous: boolean;
  unconditional?: Verdict;
  readonly clauses: Clause[];
}

/** Architectures whose arguments libseccomp compares by 64 bits; NATIVE is one, as the operator runs on no others. */
const WIDE: readonly Architecture[] = [
  'SCMP_ARCH_NATIVE',
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_S390X',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_RISCV64',
];

const LARGEST_NARROW = 0xffff_ffffn;

/** The clause of a rule for each of its calls; undefined when no arguments satisfy it. */
function clauseOf(conjunction: Conjunction, verdict: Verdict, rule: number): Clause | undefined {
  const conditions = reduced(conjunction, 64);
  return conditions === undefined ? undefined : { conditions, key: conjunctionKey(conditions), verdict, rule };
}

function note(call: ComparedCall, clause: Clause | undefined, compared: number): void {
  call.rules += 1;
  call.vacuous ||= clause?.conditions.length !== compared;
  if (clause?.conditions.length === 0) call.unconditional ??= clause.verdict;
  else if (clause !== undefined) call.clauses.push(clause);
}

/** Calls with several rules that compare arguments: only of these can libseccomp make something else. */
function comparedCalls(profile: Profile): readonly ComparedCall[] {
  const calls = new Map<string, ComparedCall>();
  const otherwise = verdictOf(profile.defaultAction, profile.defaultErrno);
  const comparing = profile.rules.filter(({ args }) => args.length > 0);
  for (const name of comparing.flatMap(({ names }) => names)) {
    calls.set(name, { name, otherwise, rules: 0, vacuous: false, clauses: [] });
  }
  if (calls.size === 0) return [];
  for (const [index, rule] of profile.rules.entries()) {
    const verdict = verdictOf(rule.action, rule.errno);
    if (sameVerdict(verdict, otherwise)) continue;
    const named = rule.names.flatMap((name) => calls.get(name) ?? []);
    for (const conjunction of conjunctionsOf(rule)) {
      const clause = clauseOf(conjunction, verdict, index);
      for (const call of named) note(call, clause, conjunction.length);
    }
  }
  return [...calls.values()].filter(({ rules }) => rules > 1);
}

type Rivals = readonly [Clause, Clause];

/** The first two clauses that have the same conditions and different verdicts. */
function tornAmong(clauses: readonly Clause[]): Rivals | undefined {
  const seen = new Map<string, Clause>();
  for (const clause of clauses) {
    const earlier = seen.get(clause.key);
    if (earlier === undefined) seen.set(clause.key, clause);
    else if (!sameVerdict(earlier.verdict, clause.verdict)) return [earlier, clause];
  }
  return undefined;
}

/**
 * The first two clauses of different verdicts that can hold at once; 'unknown' when that takes too many comparisons.
 */
function rivalsAmong(clauses: readonly Clause[], comparisons: Comparisons): Rivals | 'unknown' | undefined {
  const groups = new Map<number, Clause[]>();
  for (const clause of clauses) {
    const own = groups.get(returnValue(clause.verdict)) ?? [];
    for (const group of groups.values()) {
      if (group === own) continue;
      for (const earlier of group) {
        if (!comparisons.spend(1)) return 'unknown';
        if (canMeet(earlier.conditions, clause.conditions, 64)) return [earlier, clause];
      }
    }
    groups.set(returnValue(clause.verdict), own);
    own.push(clause);
  }
  return undefined;
}

function rivalryText(name: string, [a, b]: Rivals, when: string): string {
  return `${verdictText(b.verdict, a.verdict)} for ${name} and ${verdictText(a.verdict, b.verdict)} of syscalls[${String(a.rule)}] ${when}`;
}

/**
 * Refuses two verdicts for a call under the same conditions: runtimes stop at the second one, and no container starts.
 * @throws InvalidProfile
 */
export function requireOneVerdict(profile: Profile, subject: string): void {
  const faults = new FaultList();
  for (const { name, clauses, unconditional } of comparedCalls(profile)) {
    if (unconditional !== undefined) continue;
    const rivals = tornAmong(clauses);
    if (rivals === undefined) continue;
    faults.add(
      `syscalls[${String(rivals[1].rule)}]`,
      rivalryText(name, rivals, 'hold under the same conditions, and nothing says which counts'),
    );
  }
  faults.throwIfAny(subject);
}

/** Whether libseccomp makes of the rules, as they stand, what they say. */
function isSafe({ clauses, unconditional, vacuous }: ComparedCall): boolean {
  if (vacuous) return false;
  if (clauses.length < 2) return true;
  if (unconditional === undefined && comparesOneArgument(clauses)) return true;
  if (unconditional !== undefined || !clauses.every(({ conditions }) => conditions.every(isMask))) return false;
  return clauses.every(({ conditions }, at) => {
    const before = clauses[at - 1];
    return before === undefined || compareReach(before.conditions, conditions) <= 0;
  });
}

/**
 * The rules of a call as masks. Undefined when they are more than `most`, or mean more to an architecture of 32 bits.
 */
function masksOf(call: ComparedCall, narrow: boolean, most: number): readonly Rule[] | undefined {
  const { name, clauses, unconditional, otherwise } = call;
  if (unconditional !== undefined) return [{ names: [name], ...verdictFields(unconditional), args: [] }];
  const rules: Rule[] = [];
  for (const { conditions, verdict } of clauses) {
    const fine = clauses.length === 1 || conditions.every(isMask);
    const masked = fine ? [conditions] : maskedConjunctions(conditions, 64);
    if (masked === undefined || rules.length + masked.length > most) return undefined;
    rules.push(...masked.map((args) => ({ names: [name], ...verdictFields(verdict), args })));
  }
  if (narrow && rules.some(reachesBeyond32)) return undefined;
  // A name that goes makes newer calls of others, which get ENOSYS; see newer-calls.ts.
  if (rules.length === 0) return [{ names: [name], ...verdictFields(otherwise), args: [] }];
  return rules.sort((a, b) => compareReach(a.args, b.args));
}

/**
 * libseccomp forgets the upper half of what a 32-bit argument is compared with: a mask that asks for bits there asks
 * for nothing.
 */
function reachesBeyond32({ args }: Rule): boolean {
  return args.some(({ value, valueTwo, op }) => (op === 'SCMP_CMP_EQ' ? value : valueTwo) > LARGEST_NARROW);
}

function warningOf({ name, clauses }: ComparedCall, comparisons: Comparisons): string | undefined {
  const rivals = rivalsAmong(clauses, comparisons);
  if (rivals === undefined) return undefined;
  const when = 'can hold for the same call, and nothing says which counts';
  if (rivals !== 'unknown') return `syscalls[${String(rivals[1].rule)}]: ${rivalryText(name, rivals, when)}`;
  return `syscalls: too many rules to compare them all: rules of different actions for ${name} perhaps ${when}`;
}

const UNSURE = 'libseccomp before 2.6.1 may enforce them otherwise than they are written';

/**
 * The profile with the machine's own architecture, and without those that no process of it can have. Runtimes add their
 * own by themselves, but runc before 1.2 answers newer calls with ENOSYS for listed ones only. Of the others they do
 * not know all, and libseccomp refuses those of the other byte order: a container would not start.
 *
 * @param machine - as from uname: `x86_64`, `aarch64`
 */
export function onMachine(profile: Profile, machine: string): Profile {
  const native = architectureOfTable(machine);
  if (native === undefined) return profile;
  return { ...profile, architectures: coveredArchitectures(profile, native) };
}

/** The profile in a form that runtimes and libseccomp enforce as it is meant: itself, but for calls that need it. */
export function runtimeForm(profile: Profile): RuntimeForm {
  const narrow = profile.architectures.some((architecture) => !WIDE.includes(architecture));
  const warnings: string[] = [];
  const rewritten = new Map<string, readonly Rule[]>();
  const comparisons = new Comparisons();
  let room = MOST_RULES;
  for (const call of comparedCalls(profile)) {
    const rivalry = call.unconditional === undefined ? warningOf(call, comparisons) : undefined;
    if (rivalry !== undefined) warnings.push(rivalry);
    if (isSafe(call)) continue;
    const rules = masksOf(call, narrow, room);
    room -= rules?.length ?? 0;
    if (rules !== undefined) rewritten.set(call.name, rules);
    else warnings.push(`syscalls: the comparisons for ${call.name} in several rules have no form of masks: ${UNSURE}`);
  }
  return { profile: rewritten.size === 0 ? profile : replaced(profile, rewritten), warnings };
}

/** Other rules stay where they are. */
function replaced(profile: Profile, rewritten: ReadonlyMap<string, readonly Rule[]>): Profile {
  const kept = profile.rules.flatMap((rule): readonly Rule[] => {
    const names = rule.names.filter((name) => !rewritten.has(name));
    return names.length === rule.names.length ? [rule] : names.length === 0 ? [] : [{ ...rule, names }];
  });
  return { ...profile, rules: [...kept, ...[...rewritten.values()].flat()] };
}
