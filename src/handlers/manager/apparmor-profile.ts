// SPDX-License-Identifier: Apache-2.0
// An AppArmorProfile in the manager: its status has no fields of its own.
import { APPARMOR } from '../sources/apparmor-profiles.ts';
import type { AppArmorProfile } from '../../gen/crd/app-armor-profile.ts';
import type { ManagerProfileKind } from './profile-status.ts';

/** AppArmor profiles of the cluster. */
export const APPARMOR_IN_MANAGER: ManagerProfileKind<AppArmorProfile> = {
  ...APPARMOR,
  reasons: {
    installed: 'LoadedAppArmorProfile',
    failed: 'CannotUpdateAppArmorProfile',
    deed: 'loaded profile into the kernel',
  },
  watches: [],
  statusFields: () => ({}),
};
