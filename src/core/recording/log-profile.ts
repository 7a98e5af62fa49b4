// SPDX-License-Identifier: Apache-2.0
// The profiles under which containers run while they are recorded from the audit log: each logs what its kind of
// profile would have to permit, and refuses nothing.
import type { Json } from '../binding/pod.ts';
import { OBJECT, SELINUX_RECORDING_TYPE } from '../names.ts';
import { localhostProfile } from '../seccomp/files.ts';
import type { RecordedKind } from './request.ts';

/** The values of a security context's fields (binding/security-context.ts) that select them. */
export type LogProfiles = Readonly<Record<RecordedKind, Json>>;

/** Those of an operator in this namespace. AppArmor and SELinux know their profiles by name alone. */
export function logProfiles(namespace: string): LogProfiles {
  return {
    SeccompProfile: { type: 'Localhost', localhostProfile: localhostProfile(namespace, OBJECT.traceProfile) },
    SelinuxProfile: { type: SELINUX_RECORDING_TYPE },
    AppArmorProfile: { type: 'Localhost', localhostProfile: OBJECT.traceProfile },
  };
}
