// SPDX-License-Identifier: Apache-2.0
// A SelinuxProfile and a RawSelinuxProfile in the manager: the type that pods name is in their status.
import { usageOf } from '../../core/selinux/names.ts';
import type { RawSelinuxProfile } from '../../gen/crd/raw-selinux-profile.ts';
import type { SelinuxProfile } from '../../gen/crd/selinux-profile.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { RAW_SELINUX, SELINUX } from '../sources/selinux-profiles.ts';
import type { ManagerProfileKind } from './profile-status.ts';

const COMMON = {
  reasons: {
    installed: 'SavedSelinuxPolicy',
    failed: 'CannotUpdatePolicyStatus',
    deed: 'installed policy',
  },
  watches: [],
  statusFields: ({ namespace = '', name }: ObjectKey) => ({ usage: usageOf(namespace, name) }),
} as const;

/** SELinux profiles of the cluster. */
export const SELINUX_IN_MANAGER: ManagerProfileKind<SelinuxProfile> = { ...SELINUX, ...COMMON };

/** SELinux profiles of the cluster that are text. */
export const RAW_SELINUX_IN_MANAGER: ManagerProfileKind<RawSelinuxProfile> = { ...RAW_SELINUX, ...COMMON };
