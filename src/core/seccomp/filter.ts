// SPDX-License-Identifier: Apache-2.0
// Compiles a profile to numbers, the form in which the runner hands it to libseccomp: for each architecture that the kernel
// runs, rules of system call numbers. What an OCI runtime leaves out is left out here too: names that an architecture does
// not have, and rules that say what the default says.
import { answersOf, type AnswerBook } from './answers.ts';
import { ARCHITECTURES } from '../../gen/architectures.ts';
import type { ArgCondition, Operator, Profile } from './model.ts';
import { isSyscall, runnableOn, syscallNumber, type KnownArchitecture } from './syscalls.ts';
import { compareVerdicts, returnValue, verdictOf, type Verdict } from './verdict.ts';

/** libseccomp's numbers of comparisons (enum scmp_compare in seccomp.h). */
const COMPARE: Readonly<Record<Operator, number>> = {
  SCMP_CMP_NE: 1,
  SCMP_CMP_LT: 2,
  SCMP_CMP_LE: 3,
  SCMP_CMP_EQ: 4,
  SCMP_CMP_GE: 5,
  SCMP_CMP_GT: 6,
  SCMP_CMP_MASKED_EQ: 7,
};

/** A condition in numbers. */
export interface NumericCondition {
  readonly index: number;
  /** libseccomp's scmp_compare. */
  readonly op: number;
  readonly value: bigint;
  readonly valueTwo: bigint;
}

/** These calls, under all of these conditions, return this value to the kernel. At most one condition for each argument. */
export interface NumericRule {
  /** SECCOMP_RET value with its data. */
  readonly action: number;
  /** Ascending; those of x32 without bit 30. */
  readonly numbers: readonly number[];
  readonly conditions: readonly NumericCondition[];
}

/** The rules of one architecture. */
export interface NumericArchitecture {
  readonly architecture: KnownArchitecture;
  readonly rules: readonly NumericRule[];
}

/** A filter in numbers. */
export interface NumericFilter {
  /** SECCOMP_RET value of calls that no rule matches. */
  readonly defaultAction: number;
  /** SECCOMP_FILTER_FLAG_LOG. */
  readonly log: boolean;
  /** SECCOMP_FILTER_FLAG_SPEC_ALLOW. */
  readonly specAllow: boolean;
  readonly architectures: readonly NumericArchitecture[];
}

/**
 * The architectures that a filter covers on a machine: those that the profile lists and the kernel can run, and always the
 * machine's own, which runtimes add by themselves.
 */
export function coveredArchitectures(profile: Profile, native: KnownArchitecture): readonly KnownArchitecture[] {
  return runnableOn(native).filter(
    (architecture) => architecture === native || profile.architectures.includes(architecture),
  );
}

function numeric({ index, op, value, valueTwo }: ArgCondition): NumericCondition {
  return { index, op: COMPARE[op], value, valueTwo };
}

interface Group {
  readonly numbers: number[];
  readonly verdict: Verdict;
  readonly args: readonly ArgCondition[];
}

function addTo(
  groups: Map<string, Group>,
  number: number,
  verdict: Verdict,
  key: string,
  args: readonly ArgCondition[],
): void {
  const id = `${String(returnValue(verdict))} ${key}`;
  const group = groups.get(id) ?? { numbers: [], verdict, args };
  groups.set(id, group);
  group.numbers.push(number);
}

function compileArchitecture(book: AnswerBook, architecture: KnownArchitecture): NumericArchitecture {
  const groups = new Map<string, Group>();
  for (const [name, { fallback, guarded }] of book.calls) {
    const number = syscallNumber(architecture, name);
    if (number === undefined) continue;
    if (compareVerdicts(fallback, book.defaultVerdict) !== 0) addTo(groups, number, fallback, '', []);
    for (const [key, { verdict, args }] of guarded) addTo(groups, number, verdict, key, args);
  }
  const rules = [...groups.values()].map(({ numbers, verdict, args }) => ({
    action: returnValue(verdict),
    numbers: numbers.sort((a, b) => a - b),
    conditions: args.map(numeric),
  }));
  return { architecture, rules };
}

/** The filter that a profile means on a machine of the given architecture. */
export function compileFilter(profile: Profile, native: KnownArchitecture): NumericFilter {
  const book = answersOf(profile);
  return {
    defaultAction: returnValue(book.defaultVerdict),
    log: profile.flags.includes('SECCOMP_FILTER_FLAG_LOG'),
    specAllow: profile.flags.includes('SECCOMP_FILTER_FLAG_SPEC_ALLOW'),
    architectures: coveredArchitectures(profile, native).map((architecture) => compileArchitecture(book, architecture)),
  };
}

/** The machine's architecture by Go's or Node's name of it (`amd64`, `x64`, `arm64`). Undefined for one without a table. */
export function nativeArchitecture(name: string): KnownArchitecture | undefined {
  const goarch = name === 'x64' ? 'amd64' : name;
  const found = Object.keys(ARCHITECTURES).find((key) => ARCHITECTURES[key]?.goarch === goarch);
  return found === 'SCMP_ARCH_X86_64' || found === 'SCMP_ARCH_AARCH64' ? found : undefined;
}

/** Names of the profile that no architecture of ours has: misspelt, or newer than our tables. */
export function unknownSyscalls(profile: Profile): readonly string[] {
  const names = new Set(profile.rules.flatMap((rule) => rule.names));
  return [...names].filter((name) => !isSyscall(name)).sort();
}

/** Whether a SECCOMP_RET value lets a call happen: NOTIFY, TRACE, LOG and ALLOW do, from the first of them on. */
function permits(value: number): boolean {
  return value >= returnValue(verdictOf('SCMP_ACT_NOTIFY')) && value < returnValue(verdictOf('SCMP_ACT_KILL_PROCESS'));
}

/** Whether the filter permits no call at all on its own architecture: such a profile cannot start a process. */
export function deniesEverything(profile: Profile, native: KnownArchitecture): boolean {
  const filter = compileFilter(profile, native);
  if (permits(filter.defaultAction)) return false;
  return !filter.architectures.some(
    ({ architecture, rules }) => architecture === native && rules.some(({ action }) => permits(action)),
  );
}
