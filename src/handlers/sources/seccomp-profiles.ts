// SPDX-License-Identifier: Apache-2.0
// SeccompProfile as a kind of profile: pods use one by the path of its file.
import { Rejected } from '../../core/errors.ts';
import { MAX_BASE_LEVELS } from '../../core/seccomp/base.ts';
import { localhostProfile } from '../../core/seccomp/files.ts';
import { localhostProfilesIn } from '../../core/seccomp/pod-uses.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Reader } from '../../runtime/handler.ts';
import { profileSource } from './profiles.ts';
import type { ProfileKind } from './profiles.ts';

/** Seccomp profiles; `useName` is the value of `seccompProfile.localhostProfile`. */
export const SECCOMP: ProfileKind<SeccompProfile> = {
  resource: SECCOMP_PROFILE,
  source: profileSource(SECCOMP_PROFILE, ({ defaultAction }) => ({ defaultAction })),
  baseLevels: MAX_BASE_LEVELS,
  useName: ({ namespace = '', name }) => localhostProfile(namespace, name),
  namesIn: localhostProfilesIn,
  basesOf: ({ spec }) => (spec.baseProfileName === undefined ? [] : [spec.baseProfileName]),
};

/**
 * Finds the profiles on which one of a namespace stands.
 * @throws Rejected for one that is beyond the budget of the namespace: its rules are not here
 */
export function baseFinder(
  profiles: Reader<SeccompProfile>,
  namespace: string | undefined,
): (name: string) => SeccompProfile | undefined {
  return (name) => {
    const key = { namespace, name };
    if (profiles.isWithheld(key)) {
      const why = `needs the profile ${name}, which is beyond the budget of its namespace`;
      throw new Rejected('NamespaceBudgetExceeded', why);
    }
    return profiles.get(key);
  };
}
