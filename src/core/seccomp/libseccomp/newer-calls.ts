// SPDX-License-Identifier: Apache-2.0
// System calls that are newer than a profile. C libraries try new calls and fall back to old ones, but only on ENOSYS: under
// a profile that was written before clone3 was known, EPERM would break every program that starts a thread. So runc answers
// calls with numbers above all that a profile names with ENOSYS, and so do we.
//
// runc puts its answer before libseccomp's filter, for all numbers and all architectures. Ours are rules of the filter: for the
// machine's own architecture, the calls that our table knows and some that come next. Other architectures get the default.
import type { Action, Profile } from '../model.ts';
import { syscallNumber, syscallNumbers, type KnownArchitecture } from '../syscalls.ts';

/** How many numbers beyond our table count as calls: Linux adds about four a year. */
const YET_TO_COME = 32;

/** Defaults under which runc leaves new calls to the filter: they happen, or a tracer knows what to do. */
const LENIENT: readonly Action[] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE'];

/** Numbers that are to be answered with ENOSYS: none where the profile names no call of the architecture. */
export function newerCalls(profile: Profile, native: KnownArchitecture): readonly number[] {
  if (LENIENT.includes(profile.defaultAction)) return [];
  const named = profile.rules.flatMap((rule) => rule.names.flatMap((name) => syscallNumber(native, name) ?? []));
  const newest = named.reduce((most, number) => Math.max(most, number), 0);
  if (newest === 0) return [];
  const known = syscallNumbers(native);
  const last = known.reduce((most, number) => Math.max(most, number), 0);
  const coming = Array.from({ length: YET_TO_COME }, (_, index) => last + 1 + index);
  return [...known, ...coming].filter((number) => number > newest);
}
