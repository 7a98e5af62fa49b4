// SPDX-License-Identifier: Apache-2.0
// The filters of random profiles, as the laws ask them.
import fc from 'fast-check';
import { InvalidProfile } from '../../../src/core/faults.ts';
import { compileFilter } from '../../../src/core/seccomp/libseccomp/filter.ts';
import type { NumericFilter } from '../../../src/core/seccomp/libseccomp/filter.ts';
import type { Profile, Rule } from '../../../src/core/seccomp/model.ts';
import { syscallName, syscallNumbers } from '../../../src/core/seccomp/syscalls.ts';

/** The architecture of all these filters. */
export const NATIVE = 'SCMP_ARCH_X86_64';

/** A rule that says what the default says, and makes no call newer than all that the profile names. */
function newestOf({ defaultAction, defaultErrno }: Profile): Rule {
  const newest = Math.max(...syscallNumbers(NATIVE));
  const errno = defaultErrno === undefined ? {} : { errno: defaultErrno };
  return { names: [syscallName(NATIVE, newest) ?? ''], action: defaultAction, ...errno, args: [] };
}

/** The filter; a profile that contradicts itself, or compares too much, has none: another one is drawn. */
export function filterOf(profile: Profile): NumericFilter {
  try {
    return compileFilter({ ...profile, rules: [...profile.rules, newestOf(profile)] }, NATIVE);
  } catch (error) {
    fc.pre(!(error instanceof InvalidProfile));
    throw error;
  }
}
