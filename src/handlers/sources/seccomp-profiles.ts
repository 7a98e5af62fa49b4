// SPDX-License-Identifier: Apache-2.0
// SeccompProfile as a kind of profile: pods use one by the path of its file.
import { localhostProfile } from '../../core/seccomp/files.ts';
import { localhostProfilesIn } from '../../core/seccomp/pod-uses.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { ProfileKind } from './profiles.ts';

/** Seccomp profiles; `useName` is the value of `seccompProfile.localhostProfile`. */
export const SECCOMP: ProfileKind<SeccompProfile> = {
  resource: SECCOMP_PROFILE,
  useName: ({ namespace = '', name }) => localhostProfile(namespace, name),
  namesIn: localhostProfilesIn,
  basesOf: ({ spec }) => (spec.baseProfileName === undefined ? [] : [spec.baseProfileName]),
};
