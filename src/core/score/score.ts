// SPDX-License-Identifier: Apache-2.0
// How tight a profile is, from 0 to 100, with the reason for each point that is missing. A profile that permits less
// never has a lower score: everything that costs points is something that is possible, be it by the call itself or by
// one that undoes its refusal. The points are our own judgement (schemas/tables/dangers.csv): scores compare
// profiles with each other, and measure nothing.
import { DANGERS, VULNERABILITIES } from '../../gen/dangers.ts';
import type { Danger, Vulnerability } from '../../gen/dangers.ts';
import type { Architecture, Profile } from '../seccomp/model.ts';
import { allSyscalls } from '../seccomp/syscalls.ts';
import { reachOf } from './reach.ts';
import type { Reach } from './reach.ts';
import { useText } from './use-text.ts';

/** Points that are missing, and why. */
export interface Reason {
  /** Above 0; with one decimal. */
  readonly points: number;
  /** The call; undefined for reasons that concern many. */
  readonly call: string | undefined;
  readonly why: string;
  /** The capability that the kernel asks for besides. */
  readonly capability?: string;
  readonly source?: string;
}

/** The score of a profile. */
export interface Score {
  /** 0 to 100. */
  readonly score: number;
  /** Those that cost most first. */
  readonly reasons: readonly Reason[];
  /** Vulnerabilities of the kernel that cannot be reached under the profile. */
  readonly closed: readonly Vulnerability[];
  /** Those that can, on a kernel that has them. */
  readonly open: readonly Vulnerability[];
}

/** Points for permitting every call that there is. */
const ALL_CALLS_POINTS = 15;

/** Points for a second way into the kernel, whose code is used less: x32 and 32-bit calls of a 64-bit machine. */
const OTHER_ABI_POINTS = 3;

const OTHER_ABIS: readonly Architecture[] = ['SCMP_ARCH_X86', 'SCMP_ARCH_X32', 'SCMP_ARCH_ARM'];

function rounded(points: number): number {
  return Math.round(points * 10) / 10;
}

function dangerReasons({ use, points, danger, capability, source }: Danger, reach: Reach): readonly Reason[] {
  const facts = { points, call: use.call, ...(capability === undefined ? {} : { capability }), source };
  if (reach.permits(use)) return [{ ...facts, why: `${useText(use)}: ${danger}` }];
  const [bypass] = reach.bypassesOf(use.call);
  if (bypass === undefined) return [];
  const by = bypass.calls.join(' and ');
  return [{ ...facts, why: `${useText(use)}: ${danger}; its refusal is undone by ${by}: ${bypass.how}` }];
}

function breadthReason(reach: Reach): Reason {
  const all = allSyscalls();
  const permitted = all.filter((call) => reach.permits({ call, args: [] })).length;
  const why = `${String(permitted)} of ${String(all.length)} calls are permitted`;
  return { points: (ALL_CALLS_POINTS * permitted) / all.length, call: undefined, why };
}

function abiReasons({ architectures }: Profile): readonly Reason[] {
  return OTHER_ABIS.filter((one) => architectures.includes(one)).map((one) => ({
    points: OTHER_ABI_POINTS,
    call: undefined,
    why: `calls of ${one} are permitted besides`,
  }));
}

/** Whether a vulnerability can be reached, as far as calls go. */
export function canReach({ needs }: Vulnerability, reach: Reach): boolean {
  return needs.every((some) => some.some((use) => reach.isOpen(use)));
}

/** The score of a profile by itself: a base profile that it names is not looked at. */
export function scoreOf(profile: Profile): Score {
  const reach = reachOf(profile);
  const all = [
    ...DANGERS.flatMap((danger) => dangerReasons(danger, reach)),
    breadthReason(reach),
    ...abiReasons(profile),
  ];
  const lost = all.reduce((sum, { points }) => sum + points, 0);
  const reasons = all
    .map((reason) => ({ ...reason, points: rounded(reason.points) }))
    .filter(({ points }) => points > 0)
    .sort((a, b) => b.points - a.points || (a.why < b.why ? -1 : 1));
  return {
    score: Math.max(0, Math.round(100 - lost)),
    reasons,
    closed: VULNERABILITIES.filter((one) => !canReach(one, reach)),
    open: VULNERABILITIES.filter((one) => canReach(one, reach)),
  };
}
