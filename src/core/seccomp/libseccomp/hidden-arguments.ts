// SPDX-License-Identifier: Apache-2.0
// Comparisons that mean nothing on i386. Its programs also make socket calls through socketcall and System V IPC
// through ipc, whose arguments lie in memory or in other places. libseccomp 2.5.4 makes a rule for these, too: a
// comparison of the first argument is lost in it (the rule holds for all arguments), and one of another argument is
// made with an argument that means something else. Seen with runc 1.1.5 and 1.5.2 and crun 1.8.1: `socket` allowed for
// one family allows all of them through socketcall, `shmget` allowed for one flag is refused through ipc.
import { conjunctionsOf } from '../meaning/answers.ts';
import { reduced } from '../meaning/condition.ts';
import { sameVerdict, verdictOf } from '../meaning/verdict.ts';
import type { Profile, Rule } from '../model.ts';
import type { KnownArchitecture } from '../syscalls.ts';
import { coveredArchitectures } from './filter.ts';
import { carrierOf } from './multiplexed.ts';

function compares(rule: Rule): boolean {
  return conjunctionsOf(rule).some((conjunction) => {
    const conditions = reduced(conjunction, 64);
    return conditions !== undefined && conditions.length > 0;
  });
}

/** Warnings about comparisons that i386 programs bypass: a sentence for each of socketcall and ipc. */
export function hiddenArguments(profile: Profile, native: KnownArchitecture): readonly string[] {
  if (!coveredArchitectures(profile, native).includes('SCMP_ARCH_X86')) return [];
  const otherwise = verdictOf(profile.defaultAction, profile.defaultErrno);
  const comparing = profile.rules.filter(
    (rule) => !sameVerdict(verdictOf(rule.action, rule.errno), otherwise) && compares(rule),
  );
  const names = [...new Set(comparing.flatMap((rule) => rule.names))].sort();
  return (['socketcall', 'ipc'] as const).flatMap((carrier) => {
    const carried = names.filter((name) => carrierOf(name) === carrier);
    if (carried.length === 0) return [];
    const how = `programs of SCMP_ARCH_X86 make these calls through ${carrier}, too, where a filter cannot compare their arguments`;
    return [`syscalls: the comparisons for ${carried.join(', ')} do not hold everywhere: ${how}`];
  });
}
