// SPDX-License-Identifier: Apache-2.0
// Which profiles deny without a trace: the kernel logs a refusal where it kills, and of other ones where the filter was
// loaded with SECCOMP_FILTER_FLAG_LOG (kernel/seccomp.c, seccomp_log).
import type { Profile } from './model.ts';

/** Actions that are logged only where the filter asks for it. */
const ON_REQUEST: ReadonlySet<string> = new Set([
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_NOTIFY',
]);

/** Why denials of the profile leave no record, as a sentence; undefined where all of them do. */
export function unloggedDenials({ flags = [], defaultAction, rules }: Profile): string | undefined {
  if (flags.includes('SECCOMP_FILTER_FLAG_LOG')) return undefined;
  const actions = [defaultAction, ...rules.map(({ action }) => action)];
  const silent = actions.find((action) => ON_REQUEST.has(action));
  if (silent === undefined) return undefined;
  return `the kernel logs no call that ${silent} refuses, as the profile has not the flag SECCOMP_FILTER_FLAG_LOG`;
}
