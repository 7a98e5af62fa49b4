// SPDX-License-Identifier: Apache-2.0
// The recorders of the nodes write profiles of what they have recorded, in all namespaces. RBAC cannot say less than
// "create and patch profiles", with which an attacker on one node could widen the profile of any workload; the API
// server itself holds their account to the profiles of recordings.
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE, SELINUX_PROFILE } from '../../gen/kinds.ts';
import { LABEL, SPOD } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';

/** Name of the policy and of its binding. */
export const RECORDED_PROFILE_POLICY = 'security-profiles-operator-recorded-profiles';

/** The policy and its binding. Kubernetes has the kind since 1.30. */
export function recordedProfilePolicy(namespace: string): readonly Manifest[] {
  // With the scope, which kubectl would add at each apply.
  const rule = {
    apiGroups: [SECCOMP_PROFILE.group],
    apiVersions: ['*'],
    operations: ['CREATE', 'UPDATE'],
    resources: [SECCOMP_PROFILE, SELINUX_PROFILE, APP_ARMOR_PROFILE].map(({ plural }) => plural),
    scope: '*',
  };
  const recorder = `system:serviceaccount:${namespace}:${SPOD}`;
  return denialPolicy(RECORDED_PROFILE_POLICY, {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    matchConditions: [{ name: 'written-by-a-recorder', expression: `request.userInfo.username == '${recorder}'` }],
    validations: [
      {
        expression: `${label('object', LABEL.recordingId)} != '' && ${label('object', LABEL.containerId)} != ''`,
        message: 'a recorder may write profiles of recordings only',
        reason: 'Forbidden',
      },
      {
        expression: `oldObject == null || (${isKept(LABEL.recordingId)} && ${isKept(LABEL.containerId)})`,
        message: 'a recorder may not write a profile that was not made by the recording, from the container',
        reason: 'Forbidden',
      },
    ],
  });
}

function label(object: 'object' | 'oldObject', name: string): string {
  return `${object}.metadata.?labels[?'${name}'].orValue('')`;
}

function isKept(name: string): string {
  return `${label('oldObject', name)} == ${label('object', name)}`;
}
