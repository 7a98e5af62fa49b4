// SPDX-License-Identifier: Apache-2.0
// The profile that logs every call and refuses none: it is there while the log enricher is on, in the operator's
// namespace, for workloads whose calls are to be seen.
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import { OBJECT } from '../names.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { ownedMeta } from './manifest.ts';

const IDENTITY = { apiVersion: `${SECCOMP_PROFILE.group}/${SECCOMP_PROFILE.version}`, kind: SECCOMP_PROFILE.kind };

/** The SeccompProfile. */
export function traceProfile(namespace: string, owner: OwnerReference): Manifest {
  return {
    ...IDENTITY,
    metadata: ownedMeta(OBJECT.traceProfile, namespace, owner),
    spec: { defaultAction: 'SCMP_ACT_LOG' },
  };
}

/** Which object it is, for the time when it is not wanted any more. */
export function traceProfileRef(namespace: string) {
  return { ...IDENTITY, namespace, name: OBJECT.traceProfile };
}
