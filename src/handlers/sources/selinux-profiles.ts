// SPDX-License-Identifier: Apache-2.0
// SelinuxProfile and RawSelinuxProfile as kinds of profiles: pods use one by the type of its processes. Both share the
// names of a node's modules, and of two objects with one name the SelinuxProfile has it.
import { inheritedNames, MAX_PARENT_LEVELS } from '../../core/selinux/inheritance.ts';
import { usageOf } from '../../core/selinux/names.ts';
import { selinuxTypesIn } from '../../core/selinux/pod-uses.ts';
import { SUPPORT } from '../../core/status/support.ts';
import type { RawSelinuxProfile } from '../../gen/crd/raw-selinux-profile.ts';
import type {
  SecurityProfilesOperatorDaemon,
  SelinuxOptions,
} from '../../gen/crd/security-profiles-operator-daemon.ts';
import type { SelinuxProfile } from '../../gen/crd/selinux-profile.ts';
import { RAW_SELINUX_PROFILE, SELINUX_PROFILE } from '../../gen/kinds.ts';
import type { Reader, Source, Watch } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { profileSource } from './profiles.ts';
import type { Profile, ProfileKind } from './profiles.ts';

const COMMON = {
  support: SUPPORT.selinux,
  sharesNames: true,
  useName: ({ namespace = '', name }: ObjectKey) => usageOf(namespace, name),
  namesIn: selinuxTypesIn,
} as const;

/** SELinux profiles; `useName` is the value of `seLinuxOptions.type`. */
export const SELINUX: ProfileKind<SelinuxProfile> = {
  ...COMMON,
  resource: SELINUX_PROFILE,
  source: profileSource(SELINUX_PROFILE, () => ({})),
  baseLevels: MAX_PARENT_LEVELS,
  basesOf: ({ spec }) => inheritedNames(spec).profiles,
};

/** SELinux profiles as text. */
export const RAW_SELINUX: ProfileKind<RawSelinuxProfile> = {
  ...COMMON,
  resource: RAW_SELINUX_PROFILE,
  source: profileSource(RAW_SELINUX_PROFILE, () => ({ policy: '' })),
  baseLevels: 0,
  basesOf: () => [],
};

/** The options of the spod for SELinux profiles, as they are now. */
export function selinuxOptionsOf(spods: Reader<SecurityProfilesOperatorDaemon>, key: ObjectKey): SelinuxOptions {
  return spods.get(key)?.spec?.selinuxOptions ?? {};
}

/** A change of these options concerns every profile. */
export function selinuxOptionsWatch(
  source: Source<SecurityProfilesOperatorDaemon>,
  profiles: Reader<Profile>,
): Watch<SecurityProfilesOperatorDaemon> {
  const text = ({ spec }: SecurityProfilesOperatorDaemon): string => JSON.stringify(spec?.selinuxOptions ?? {});
  return {
    ...source,
    predicate: (before, after) => text(before) !== text(after),
    mapToKeys: () => profiles.list().map(keyOf),
  };
}

/** A SelinuxProfile that comes or goes, for the RawSelinuxProfile of the same name. */
export const NAMESAKE_WATCH: Watch<SelinuxProfile> = {
  ...SELINUX.source,
  predicate: () => false,
  mapToKeys: (profile) => [keyOf(profile)],
};
