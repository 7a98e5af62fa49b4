// SPDX-License-Identifier: Apache-2.0
// AppArmorProfile as a kind of profile: pods use one by its name alone, whatever namespace it is of, since the kernel
// of a node has one set of names.
import { appArmorProfilesIn } from '../../core/apparmor/pod-uses.ts';
import { OBJECT } from '../../core/names.ts';
import { SUPPORT } from '../../core/status/support.ts';
import type { AppArmorProfile } from '../../gen/crd/app-armor-profile.ts';
import { APP_ARMOR_PROFILE } from '../../gen/kinds.ts';
import { profileSource } from './profiles.ts';
import type { ProfileKind } from './profiles.ts';

/** AppArmor profiles; `useName` is the name of the object and of the profile in the kernel. */
export const APPARMOR: ProfileKind<AppArmorProfile> = {
  resource: APP_ARMOR_PROFILE,
  source: profileSource(APP_ARMOR_PROFILE, () => ({ abstract: {} })),
  baseLevels: 0,
  support: SUPPORT.appArmor,
  sharesNames: true,
  ownName: OBJECT.traceProfile,
  useName: ({ name }) => name,
  namesIn: appArmorProfilesIn,
  basesOf: () => [],
};
