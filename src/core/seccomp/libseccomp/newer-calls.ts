// SPDX-License-Identifier: Apache-2.0
// System calls that are newer than a profile. C libraries try new calls and fall back to old ones, but only on ENOSYS:
// under a profile that was written before clone3 was known, EPERM would break every program that starts a thread. So
// runc answers calls with numbers above all that a profile names with ENOSYS, for each architecture by its own numbers,
// and so do we. runc 1.1.5 does so only for architectures that the file lists, so files list the node's own
// (runtime-form.ts); runc 1.5.2 adds it by itself; crun 1.8.1 answers with the default action.
import type { Action, Profile } from '../model.ts';
import { verdictOf } from '../meaning/verdict.ts';
import type { Verdict } from '../meaning/verdict.ts';
import { syscallNumber } from '../syscalls.ts';
import type { KnownArchitecture } from '../syscalls.ts';

/** ENOSYS of include/uapi/asm-generic/errno.h. */
const ENOSYS = 38;

/** The answer to newer calls. */
export const NEWER_CALL: Verdict = verdictOf('SCMP_ACT_ERRNO', ENOSYS);

/** Defaults under which runc leaves new calls to the filter: they happen, or a tracer knows how to answer them. */
const LENIENT: readonly Action[] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'];

/**
 * The largest number of an architecture that the profile names, also in rules that say what the default says. Undefined
 * where newer calls get nothing else than other calls: under a lenient default, and where no call of the architecture
 * is named.
 */
export function newestCall(profile: Profile, architecture: KnownArchitecture): number | undefined {
  if (LENIENT.includes(profile.defaultAction)) return undefined;
  const named = profile.rules.flatMap((rule) => rule.names.flatMap((name) => syscallNumber(architecture, name) ?? []));
  const newest = named.reduce((most, number) => Math.max(most, number), 0);
  return newest === 0 ? undefined : newest;
}
