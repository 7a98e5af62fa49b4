// SPDX-License-Identifier: Apache-2.0
// Compiles a profile to numbers, the form in which the runner hands it to libseccomp: for each architecture that the
// kernel runs, rules of system call numbers. Parts that an OCI runtime leaves out are left out here too: names that an
// architecture does not have, and rules that say what the default says.
import { ARCHITECTURES } from '../../../gen/architectures.ts';
import { conjunctionKey } from '../meaning/condition.ts';
import type { Conjunction } from '../meaning/condition.ts';
import { FaultList } from '../../faults.ts';
import { isForeignSyscall } from '../foreign.ts';
import { compareReach } from './masks.ts';
import { isPermitting } from '../model.ts';
import type { Flag, Profile } from '../model.ts';
import { newestCall } from './newer-calls.ts';
import { numberedRules } from './numbered-rules.ts';
import type { NumberedRule } from './numbered-rules.ts';
import { isSyscall, runnableOn, syscallNumber } from '../syscalls.ts';
import type { KnownArchitecture } from '../syscalls.ts';
import { sameVerdict, returnValue, verdictOf } from '../meaning/verdict.ts';
import type { Verdict } from '../meaning/verdict.ts';

/** These calls, under all of these conditions, get this verdict. At most one condition for each argument. */
export interface NumericRule {
  readonly verdict: Verdict;
  /** Ascending; those of x32 without bit 30. */
  readonly numbers: readonly number[];
  readonly conditions: Conjunction;
}

/**
 * The rules of one architecture, in the order that masks.ts asks for. Rules that can hold for the same call have the
 * same verdict, so that the order means nothing.
 */
export interface NumericArchitecture {
  readonly architecture: KnownArchitecture;
  /** Calls with larger numbers get ENOSYS; left out where none does (newer-calls.ts). That of x32 without bit 30. */
  readonly newest?: number;
  readonly rules: readonly NumericRule[];
}

/** A filter in numbers. */
export interface NumericFilter {
  /** The verdict on calls that no rule matches. */
  readonly defaultVerdict: Verdict;
  readonly flags: readonly Flag[];
  readonly architectures: readonly NumericArchitecture[];
}

/**
 * The architectures that a filter covers on a machine: those that the profile lists and the kernel can run, and always
 * the machine's own, which runtimes add by themselves.
 */
export function coveredArchitectures(profile: Profile, native: KnownArchitecture): readonly KnownArchitecture[] {
  return runnableOn(native).filter(
    (architecture) => architecture === native || profile.architectures.includes(architecture),
  );
}

/**
 * Without a list of flags runtimes set SPEC_ALLOW, as the mitigation that it switches off makes programs much slower;
 * an empty list is none.
 */
function effectiveFlags({ flags }: Profile): readonly Flag[] {
  return flags ?? ['SECCOMP_FILTER_FLAG_SPEC_ALLOW'];
}

interface Group {
  readonly numbers: number[];
  readonly verdict: Verdict;
  readonly conditions: Conjunction;
}

function grouped(rules: readonly NumberedRule[]): readonly NumericRule[] {
  const groups = new Map<string, Group>();
  for (const { number, verdict, conditions } of rules) {
    const id = `${String(returnValue(verdict))} ${conjunctionKey(conditions)}`;
    const group = groups.get(id) ?? { numbers: [], verdict, conditions };
    groups.set(id, group);
    group.numbers.push(number);
  }
  return [...groups.values()]
    .sort((a, b) => compareReach(a.conditions, b.conditions))
    .map(({ numbers, ...rest }) => ({ ...rest, numbers: numbers.sort((a, b) => a - b) }));
}

/**
 * The filter that a profile means on a machine of the given architecture.
 *
 * @param subject - what the profile is called in messages
 * @throws InvalidProfile when rules contradict each other, or compare so much that it fits into no filter
 */
export function compileFilter(profile: Profile, native: KnownArchitecture, subject = 'the profile'): NumericFilter {
  const faults = new FaultList();
  const architectures = coveredArchitectures(profile, native).map((architecture) => {
    const newest = newestCall(profile, architecture);
    const rules = grouped(numberedRules(profile, architecture, faults));
    return { architecture, ...(newest === undefined ? {} : { newest }), rules };
  });
  faults.throwIfAny(subject);
  const defaultVerdict = verdictOf(profile.defaultAction, profile.defaultErrno);
  return { defaultVerdict, flags: effectiveFlags(profile), architectures };
}

/**
 * The machine's architecture by Go's or Node's name of it (`amd64`, `x64`, `arm64`). Undefined for one without a table.
 */
export function nativeArchitecture(name: string): KnownArchitecture | undefined {
  const goarch = name === 'x64' ? 'amd64' : name;
  const found = Object.keys(ARCHITECTURES).find((key) => ARCHITECTURES[key]?.goarch === goarch);
  return found === 'SCMP_ARCH_X86_64' || found === 'SCMP_ARCH_AARCH64' ? found : undefined;
}

/** Names of the profile that no Linux has as far as we know: misspelt, or newer than our tables. */
export function unknownSyscalls(profile: Profile): readonly string[] {
  const names = new Set(profile.rules.flatMap((rule) => rule.names));
  return [...names].filter((name) => !isSyscall(name) && !isForeignSyscall(name)).sort();
}

/**
 * Whether the profile permits no call at all on the machine's own architecture: such a profile cannot start a process.
 */
export function deniesEverything(profile: Profile, native: KnownArchitecture): boolean {
  if (isPermitting(profile.defaultAction)) return false;
  const permitted = profile.rules.filter((rule) => isPermitting(rule.action)).flatMap((rule) => rule.names);
  return !permitted.some((name) => syscallNumber(native, name) !== undefined);
}

/** Whether a call may happen under the profile, with some arguments at least. */
export function mayHappen(profile: Profile, name: string): boolean {
  const otherwise = verdictOf(profile.defaultAction, profile.defaultErrno);
  const rules = profile.rules.filter(
    (rule) => rule.names.includes(name) && !sameVerdict(verdictOf(rule.action, rule.errno), otherwise),
  );
  const always = rules.find(({ args }) => args.length === 0);
  if (always !== undefined) return isPermitting(always.action);
  return isPermitting(profile.defaultAction) || rules.some(({ action }) => isPermitting(action));
}
