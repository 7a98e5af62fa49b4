// SPDX-License-Identifier: Apache-2.0
// SeccompProfile as a kind of profile: pods use one by the path of its file.
import { Rejected } from '../../core/errors.ts';
import { isArtifactName } from '../../core/oci/reference.ts';
import { MAX_BASE_LEVELS } from '../../core/seccomp/base.ts';
import { localhostProfile } from '../../core/seccomp/files.ts';
import type { FindProfile } from '../../core/seccomp/install.ts';
import { localhostProfilesIn } from '../../core/seccomp/pod-uses.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Reader } from '../../runtime/handler.ts';
import type { BaseArtifacts } from './base-artifacts.ts';
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
 * Finds the profiles on which one of a namespace stands, and those in registries.
 * @throws Rejected for one beyond the budget of the namespace, whose rules are not here, and for an artifact that is
 *   refused; NotYet for one that cannot be had now
 */
export function baseFinder(
  profiles: Reader<SeccompProfile>,
  artifacts: BaseArtifacts,
  namespace: string | undefined,
): FindProfile {
  return (name) => {
    if (isArtifactName(name)) return { spec: artifacts.find(name) };
    const key = { namespace, name };
    if (profiles.isWithheld(key)) {
      const why = `needs the profile ${name}, which is beyond the budget of its namespace`;
      throw new Rejected('NamespaceBudgetExceeded', why);
    }
    return profiles.get(key);
  };
}
