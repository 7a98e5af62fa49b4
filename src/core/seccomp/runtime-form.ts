// SPDX-License-Identifier: Apache-2.0
// The file of a profile goes through an OCI runtime to libseccomp, rule by rule as it is written. Where libseccomp would make
// a filter of it that says something else, or never end, the rules are written in the form of masks.ts, which means the same.
// Where there is no such form, what remains doubtful is said: a profile that looks enforced and is not is worse than none.
import { conjunctionsOf } from './answers.ts';
import { canMeet, conjunctionKey, reduced, type Conjunction } from './condition.ts';
import { FaultList } from './faults.ts';
import { compareReach, isMask, maskedConjunctions, MOST_RULES } from './masks.ts';
import type { Architecture, Profile, Rule } from './model.ts';
import { architectureOfTable, runnableOn } from './syscalls.ts';
import { compareVerdicts, verdictFields, verdictOf, type Verdict } from './verdict.ts';

/** A profile as its file shall say it. */
export interface RuntimeForm {
  readonly profile: Profile;
  /** What runtimes may enforce otherwise than it is written: field and reason, a sentence each. */
  readonly doubts: readonly string[];
}

interface Clause {
  readonly conditions: Conjunction;
  readonly verdict: Verdict;
  /** Which rule of the profile it is. */
  readonly rule: number;
}

/** A call of which rules compare arguments. */
interface ComparedCall {
  readonly name: string;
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

function note(call: ComparedCall, conjunction: Conjunction, verdict: Verdict, rule: number): void {
  const conditions = reduced(conjunction, 64);
  call.rules += 1;
  call.vacuous ||= conditions?.length !== conjunction.length;
  if (conditions?.length === 0) call.unconditional ??= verdict;
  else if (conditions !== undefined) call.clauses.push({ conditions, verdict, rule });
}

/** Calls with several rules that compare arguments: only of these can libseccomp make something else. */
function comparedCalls(profile: Profile): readonly ComparedCall[] {
  const calls = new Map<string, ComparedCall>();
  const comparing = profile.rules.filter(({ args }) => args.length > 0);
  for (const name of comparing.flatMap(({ names }) => names)) {
    calls.set(name, { name, rules: 0, vacuous: false, clauses: [] });
  }
  if (calls.size === 0) return [];
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  for (const [index, rule] of profile.rules.entries()) {
    const verdict = verdictOf(rule.action, rule.errno);
    if (compareVerdicts(verdict, defaultVerdict) === 0) continue;
    const named = rule.names.flatMap((name) => calls.get(name) ?? []);
    for (const conjunction of conjunctionsOf(rule)) for (const call of named) note(call, conjunction, verdict, index);
  }
  return [...calls.values()].filter(({ rules }) => rules > 1);
}

/** Two clauses of different verdicts that the test holds for. */
function rivalsAmong(
  clauses: readonly Clause[],
  test: (a: Clause, b: Clause) => boolean,
): readonly [Clause, Clause] | undefined {
  const [first] = clauses;
  if (first === undefined || clauses.every(({ verdict }) => compareVerdicts(verdict, first.verdict) === 0)) return;
  for (const [at, clause] of clauses.entries()) {
    const differs = (other: Clause): boolean => compareVerdicts(other.verdict, clause.verdict) !== 0;
    const rival = clauses.slice(0, at).find((earlier) => differs(earlier) && test(earlier, clause));
    if (rival !== undefined) return [rival, clause];
  }
  return undefined;
}

function rivalryText(name: string, [a, b]: readonly [Clause, Clause], when: string): string {
  return `${b.verdict.action} for ${name} and ${a.verdict.action} of syscalls[${String(a.rule)}] ${when}`;
}

/**
 * Refuses two verdicts for a call under the same conditions: runtimes stop at the second one, and no container starts.
 * @throws InvalidProfile
 */
export function demandOneVerdict(profile: Profile, subject: string): void {
  const faults = new FaultList();
  for (const { name, clauses, unconditional } of comparedCalls(profile)) {
    if (unconditional !== undefined) continue;
    const rivals = rivalsAmong(clauses, (a, b) => conjunctionKey(a.conditions) === conjunctionKey(b.conditions));
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
  const inOrder = clauses.every(({ conditions }, at) => {
    const before = clauses[at - 1];
    return before === undefined || compareReach(before.conditions, conditions) <= 0;
  });
  return unconditional === undefined && inOrder && clauses.every(({ conditions }) => conditions.every(isMask));
}

/** The rules of a call as masks. Undefined when they would be too many, or mean more to an architecture of 32 bits. */
function masksOf({ name, clauses, unconditional }: ComparedCall, narrow: boolean): readonly Rule[] | undefined {
  if (unconditional !== undefined) return [{ names: [name], ...verdictFields(unconditional), args: [] }];
  const rules: Rule[] = [];
  for (const { conditions, verdict } of clauses) {
    const fine = clauses.length === 1 || conditions.every(isMask);
    const masked = fine ? [conditions] : maskedConjunctions(conditions, 64);
    if (masked === undefined) return undefined;
    rules.push(...masked.map((args) => ({ names: [name], ...verdictFields(verdict), args })));
  }
  if (rules.length > MOST_RULES || (narrow && rules.some(reachesBeyond32))) return undefined;
  return rules.sort((a, b) => compareReach(a.args, b.args));
}

/** libseccomp forgets the upper half of what a 32-bit argument is compared with: a mask that asks for bits there asks for nothing. */
function reachesBeyond32({ args }: Rule): boolean {
  return args.some(({ value, valueTwo, op }) => (op === 'SCMP_CMP_EQ' ? value : valueTwo) > LARGEST_NARROW);
}

function doubtOf({ name, clauses }: ComparedCall): string | undefined {
  const rivals = rivalsAmong(clauses, (a, b) => canMeet(a.conditions, b.conditions, 64));
  return rivals === undefined
    ? undefined
    : `syscalls[${String(rivals[1].rule)}]: ${rivalryText(name, rivals, 'can hold for the same call, and nothing says which counts')}`;
}

const UNSURE = 'libseccomp may enforce them otherwise than they are written';

/**
 * The profile without architectures that no process of the machine can have. Runtimes do not know them all, and libseccomp
 * refuses those of the other byte order: a container would not start.
 *
 * @param machine - as from uname: `x86_64`, `aarch64`
 */
export function onMachine(profile: Profile, machine: string): Profile {
  const native = architectureOfTable(machine);
  if (native === undefined) return profile;
  const possible: readonly Architecture[] = ['SCMP_ARCH_NATIVE', ...runnableOn(native)];
  return { ...profile, architectures: profile.architectures.filter((one) => possible.includes(one)) };
}

/** The profile in a form that runtimes and libseccomp enforce as it is meant: itself, but for calls that need it. */
export function runtimeForm(profile: Profile): RuntimeForm {
  const narrow = profile.architectures.some((architecture) => !WIDE.includes(architecture));
  const doubts: string[] = [];
  const rewritten = new Map<string, readonly Rule[]>();
  let count = 0;
  for (const call of comparedCalls(profile)) {
    const rivalry = call.unconditional === undefined ? doubtOf(call) : undefined;
    if (rivalry !== undefined) doubts.push(rivalry);
    if (isSafe(call)) continue;
    const rules = masksOf(call, narrow);
    count += rules?.length ?? 0;
    if (rules !== undefined && count <= MOST_RULES) rewritten.set(call.name, rules);
    else doubts.push(`syscalls: the comparisons for ${call.name} in several rules have no form of masks: ${UNSURE}`);
  }
  return { profile: rewritten.size === 0 ? profile : replaced(profile, rewritten), doubts };
}

/** Other rules stay where they are. */
function replaced(profile: Profile, rewritten: ReadonlyMap<string, readonly Rule[]>): Profile {
  const kept = profile.rules.flatMap((rule): readonly Rule[] => {
    const names = rule.names.filter((name) => !rewritten.has(name));
    return names.length === rule.names.length ? [rule] : names.length === 0 ? [] : [{ ...rule, names }];
  });
  return { ...profile, rules: [...kept, ...[...rewritten.values()].flat()] };
}
