// SPDX-License-Identifier: Apache-2.0
// A verdict is an action with its number. Verdicts are totally ordered by what they permit, which merging needs: of two
// answers to the same call the union keeps the greater.
import { ACTIONS_BY_PERMISSION, DEFAULT_ERRNO, takesErrno } from '../model.ts';
import type { Action } from '../model.ts';

/**
 * The result for a call: the action, and the number of ERRNO and TRACE (EPERM where the profile has none); 0 for
 * others.
 */
export interface Verdict {
  readonly action: Action;
  readonly errno: number;
}

/** SECCOMP_RET values of include/uapi/linux/seccomp.h; ERRNO and TRACE carry their number in the low 16 bits. */
const RETURN_VALUES: Readonly<Record<Action, number>> = {
  SCMP_ACT_KILL_PROCESS: 0x8000_0000,
  SCMP_ACT_KILL_THREAD: 0,
  SCMP_ACT_KILL: 0,
  SCMP_ACT_TRAP: 0x0003_0000,
  SCMP_ACT_ERRNO: 0x0005_0000,
  SCMP_ACT_NOTIFY: 0x7fc0_0000,
  SCMP_ACT_TRACE: 0x7ff0_0000,
  SCMP_ACT_LOG: 0x7ffc_0000,
  SCMP_ACT_ALLOW: 0x7fff_0000,
};

/** The verdict of an action with the number that a profile gives it, or none. */
export function verdictOf(action: Action, errno?: number): Verdict {
  if (action === 'SCMP_ACT_KILL') return { action: 'SCMP_ACT_KILL_THREAD', errno: 0 };
  if (!takesErrno(action)) return { action, errno: 0 };
  return { action, errno: errno ?? DEFAULT_ERRNO };
}

/**
 * Below zero when `a` permits less than `b`. Of two error numbers the greater counts as more: ENOSYS lets libraries
 * fall back.
 */
export function compareVerdicts(a: Verdict, b: Verdict): number {
  const byAction = ACTIONS_BY_PERMISSION.indexOf(a.action) - ACTIONS_BY_PERMISSION.indexOf(b.action);
  return byAction === 0 ? a.errno - b.errno : byAction;
}

/** Whether two verdicts permit the same. */
export function sameVerdict(a: Verdict, b: Verdict): boolean {
  return compareVerdicts(a, b) === 0;
}

/** The verdict that permits most. */
export function mostPermissive(first: Verdict, ...others: readonly Verdict[]): Verdict {
  return others.reduce((best, verdict) => (compareVerdicts(verdict, best) > 0 ? verdict : best), first);
}

/** The verdict that permits less; of two with the same action the first, as the one that is asked first. */
export function strictest(first: Verdict, other: Verdict): Verdict {
  const [own, theirs] = [first, other].map(({ action }) => ACTIONS_BY_PERMISSION.indexOf(action));
  return (theirs ?? 0) < (own ?? 0) ? other : first;
}

/** The value that the filter returns to the kernel, unsigned 32 bits. */
export function returnValue(verdict: Verdict): number {
  return RETURN_VALUES[verdict.action] + verdict.errno;
}

/** SECCOMP_RET_ACTION_FULL and SECCOMP_RET_DATA of include/uapi/linux/seccomp.h. */
const PARTS = { action: 0xffff_0000, data: 0xffff } as const;

/** The kernel passes no larger number on than MAX_ERRNO of include/linux/err.h. */
const LARGEST_ERRNO = 4095;

/** The verdict of a value that a filter returned: the kernel takes an action that it does not know for KILL_PROCESS. */
export function verdictOfReturn(value: number): Verdict {
  const action = (value & PARTS.action) >>> 0;
  const data = value & PARTS.data;
  const known = ACTIONS_BY_PERMISSION.find((one) => one !== 'SCMP_ACT_KILL' && RETURN_VALUES[one] === action);
  if (known === undefined) return verdictOf('SCMP_ACT_KILL_PROCESS');
  return verdictOf(known, known === 'SCMP_ACT_ERRNO' ? Math.min(data, LARGEST_ERRNO) : data);
}

/**
 * The verdict that counts where several filters of a task answer: the kernel takes the lowest action as a number with a
 * sign, and of equal ones the first, which is that of the filter that was installed last.
 */
export function strictestInKernel(first: Verdict, other: Verdict): Verdict {
  const [own, theirs] = [first, other].map(({ action }) => RETURN_VALUES[action] | 0);
  return (theirs ?? 0) < (own ?? 0) ? other : first;
}

/**
 * The verdict in a message: the action, with its number where it is not EPERM, and always where it is distinguished
 * from another verdict of the same action.
 */
export function verdictText({ action, errno }: Verdict, beside: Verdict): string {
  const numbered = takesErrno(action) && (errno !== DEFAULT_ERRNO || beside.action === action);
  return numbered ? `${action} (${String(errno)})` : action;
}

/** The fields of a rule that say a verdict; EPERM is not written, as it is what runtimes take without a number. */
export function verdictFields({ action, errno }: Verdict): { readonly action: Action; readonly errno?: number } {
  return !takesErrno(action) || errno === DEFAULT_ERRNO ? { action } : { action, errno };
}
