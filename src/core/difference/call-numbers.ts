// SPDX-License-Identifier: Apache-2.0
// The answers of filters to calls by number, on each architecture of a kernel: of a profile as runtimes compile it, and
// of the filters that a task has.
import { compileFilter } from '../seccomp/libseccomp/filter.ts';
import type { NumericArchitecture, NumericFilter } from '../seccomp/libseccomp/filter.ts';
import { NEWER_CALL } from '../seccomp/libseccomp/newer-calls.ts';
import { answerOf, comparedNumbers } from '../seccomp/kernel-filter/answer.ts';
import type { KernelFilter } from '../seccomp/kernel-filter/program.ts';
import type { Decision, Decisions } from '../seccomp/meaning/decisions.ts';
import { sameVerdict, strictestInKernel, verdictOf, verdictOfReturn } from '../seccomp/meaning/verdict.ts';
import type { Verdict } from '../seccomp/meaning/verdict.ts';
import type { Flag, Profile } from '../seccomp/model.ts';
import { factsOf, syscallNumbers, widthOf } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { VerdictNumbers } from './verdict-numbers.ts';

/** A call by its number; that of x32 without bit 30. */
export interface NumberedCall {
  readonly architecture: KnownArchitecture;
  readonly number: number;
}

/** Something that answers calls. */
export interface CallAnswers {
  /** Numbers at which answers may change, beside those of calls that there are. */
  readonly turns: readonly number[];
  /** Whether refused calls are logged: SECCOMP_FILTER_FLAG_LOG. */
  readonly logs: boolean;
  /** @throws TooLarge, Unreadable */
  decide(call: NumberedCall, decisions: Decisions, numbers: VerdictNumbers): Decision;
  /** Whether another verdict for all arguments of the call is as good, because runtimes differ in it. */
  accepts(call: NumberedCall, verdict: Verdict): boolean;
}

/** The bit of calls of x32, which have the token of x86-64: __X32_SYSCALL_BIT of asm/unistd.h. */
const X32_BIT = 0x4000_0000;

/** The one flag of a filter that the kernel tells. */
export const LOG: Flag = 'SECCOMP_FILTER_FLAG_LOG';

/** An architecture that libseccomp's filters do not cover. */
const UNCOVERED: Verdict = verdictOf('SCMP_ACT_KILL_THREAD');

function isNewer({ newest }: NumericArchitecture, number: number): boolean {
  return newest !== undefined && number > newest;
}

function decideByRules(
  { defaultVerdict, architectures }: NumericFilter,
  { architecture, number }: NumberedCall,
  decisions: Decisions,
  numbers: VerdictNumbers,
): Decision {
  const always = (verdict: Verdict): Decision => decisions.always(numbers.numberOf(verdict));
  const covered = architectures.find((one) => one.architecture === architecture);
  if (covered === undefined) return always(UNCOVERED);
  if (isNewer(covered, number)) return always(NEWER_CALL);
  return covered.rules
    .filter((rule) => rule.numbers.includes(number))
    .reduce(
      (otherwise, { conditions, verdict }) =>
        decisions.choose(decisions.allHold(conditions, widthOf(architecture)), always(verdict), otherwise),
      always(defaultVerdict),
    );
}

/**
 * The answers of a profile on a machine. crun answers calls that are newer than the profile with the default, where
 * runc and we say ENOSYS (newer-calls.ts): both are accepted.
 * @throws InvalidProfile for one of which no filter can be made
 */
export function answersOfProfile(profile: Profile, native: KnownArchitecture, subject: string): CallAnswers {
  const filter = compileFilter(profile, native, subject);
  return {
    logs: filter.flags.includes(LOG),
    turns: filter.architectures.flatMap(({ newest }) => (newest === undefined ? [] : [newest + 1])),
    decide: (call, decisions, numbers) => decideByRules(filter, call, decisions, numbers),
    accepts: ({ architecture, number }, verdict) => {
      const covered = filter.architectures.find((one) => one.architecture === architecture);
      const mayDiffer = covered !== undefined && isNewer(covered, number);
      return mayDiffer && sameVerdict(verdict, filter.defaultVerdict);
    },
  };
}

/** The answers of the filters that a task has, the last that was installed first; without any, all calls happen. */
export function answersOfFilters(filters: readonly KernelFilter[]): CallAnswers {
  const compared = [...new Set(filters.flatMap(({ program }) => comparedNumbers(program)))];
  return {
    logs: filters.some(({ logs }) => logs),
    turns: compared.map((number) => (number >= X32_BIT ? number - X32_BIT : number)),
    decide: ({ architecture, number }, decisions, numbers) => {
      const isX32 = architecture === 'SCMP_ARCH_X32';
      const host = isX32 ? 'SCMP_ARCH_X86_64' : architecture;
      const call = {
        number: isX32 ? number + X32_BIT : number,
        token: factsOf(host).token,
        isNarrow: widthOf(host) === 32,
      };
      const answer = ({ program }: KernelFilter): Decision =>
        answerOf(program, call, decisions, (value) => numbers.numberOf(verdictOfReturn(value)));
      const stricter = (one: number, other: number): number =>
        numbers.numberOf(strictestInKernel(numbers.verdictOf(one), numbers.verdictOf(other)));
      const [first, ...others] = filters.map(answer);
      if (first === undefined) return decisions.always(numbers.numberOf(verdictOf('SCMP_ACT_ALLOW')));
      return others.reduce((all, one) => decisions.combine(all, one, stricter), first);
    },
    accepts: () => false,
  };
}

/** The numbers of an architecture that have to be looked at: those of its calls, and those around a turn. */
export function numbersToCompare(architecture: KnownArchitecture, turns: readonly number[]): readonly number[] {
  const own = syscallNumbers(architecture);
  const around = turns.flatMap((turn) => [turn - 1, turn, turn + 1]);
  const all = [...own, ...around, Math.max(...own) + 1, X32_BIT - 1];
  return [...new Set(all)].filter((number) => number >= 0 && number < X32_BIT).sort((a, b) => a - b);
}
