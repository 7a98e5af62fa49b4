// SPDX-License-Identifier: Apache-2.0
// Compiles a profile to numbers, the form in which the runner hands it to libseccomp: for each architecture that the kernel
// runs, rules of system call numbers. What an OCI runtime leaves out is left out here too: names that an architecture does
// not have, and rules that say what the default says.
import { answersOf, type AnswerBook } from './answers.ts';
import { ARCHITECTURES } from '../../gen/architectures.ts';
import type { Action, ArgCondition, Flag, Profile } from './model.ts';
import { isSyscall, runnableOn, syscallNumber, type KnownArchitecture } from './syscalls.ts';
import { compareVerdicts, returnValue, type Verdict } from './verdict.ts';

/** These calls, under all of these conditions, get this verdict. At most one condition for each argument. */
export interface NumericRule {
  readonly verdict: Verdict;
  /** Ascending; those of x32 without bit 30. */
  readonly numbers: readonly number[];
  readonly conditions: readonly ArgCondition[];
}

/** The rules of one architecture. */
export interface NumericArchitecture {
  readonly architecture: KnownArchitecture;
  readonly rules: readonly NumericRule[];
}

/** A filter in numbers. */
export interface NumericFilter {
  /** What happens to calls that no rule matches. */
  readonly defaultVerdict: Verdict;
  readonly flags: readonly Flag[];
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
    verdict,
    numbers: numbers.sort((a, b) => a - b),
    conditions: args,
  }));
  return { architecture, rules };
}

/** The filter that a profile means on a machine of the given architecture. */
export function compileFilter(profile: Profile, native: KnownArchitecture): NumericFilter {
  const book = answersOf(profile);
  return {
    defaultVerdict: book.defaultVerdict,
    flags: profile.flags,
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

/** Actions under which a call may happen. */
const PERMITTING: readonly Action[] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY'];

/** Whether the filter permits no call at all on its own architecture: such a profile cannot start a process. */
export function deniesEverything(profile: Profile, native: KnownArchitecture): boolean {
  const filter = compileFilter(profile, native);
  if (PERMITTING.includes(filter.defaultVerdict.action)) return false;
  return !filter.architectures.some(
    ({ architecture, rules }) =>
      architecture === native && rules.some(({ verdict }) => PERMITTING.includes(verdict.action)),
  );
}
