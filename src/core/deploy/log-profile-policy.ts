// SPDX-License-Identifier: Apache-2.0
// The profiles under which containers are recorded refuse nothing, and fill the audit log of their node. They are for
// pods that are recorded, so pods of other namespaces may not choose them themselves. The API server decides, since no
// webhook is called there.
import { LABEL, OBJECT, SELINUX_RECORDING_TYPE, SPOD, WEBHOOK } from '../names.ts';
import { localhostProfile } from '../seccomp/files.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';
import { contextValues, pathParts } from './pod-expressions.ts';
import { SECURITY_PROFILES_OPERATOR_DAEMON } from '../../gen/kinds.ts';

/** Name of the policy and of its binding. */
export const LOG_PROFILE_POLICY = 'security-profiles-operator-log-profile';

/**
 * The policy and its binding. Kubernetes has the kind since 1.30. Its parameter is the spod, because options there can
 * have the webhook record pods of namespaces without the label; without a spod nothing is refused.
 */
export function logProfilePolicy(namespace: string): readonly Manifest[] {
  const paramRef = { name: SPOD, namespace, parameterNotFoundAction: 'Allow' };
  return denialPolicy(LOG_PROFILE_POLICY, policySpec(namespace), { paramRef });
}

function policySpec(namespace: string): object {
  const { group, version, kind } = SECURITY_PROFILES_OPERATOR_DAEMON;
  const pods = { apiGroups: [''], apiVersions: ['v1'], scope: '*' };
  const created = { ...pods, operations: ['CREATE'], resources: ['pods'] };
  const debugged = { ...pods, operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] };
  const home = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [namespace] };
  const path = localhostProfile(namespace, OBJECT.traceProfile);
  return {
    paramKind: { apiVersion: `${group}/${version}`, kind },
    // When the CRDs go before the policy, its parameter is unknown: pods of the whole cluster must not be refused then.
    failurePolicy: 'Ignore',
    matchConstraints: { resourceRules: [created, debugged], namespaceSelector: { matchExpressions: [home] } },
    variables: [
      { name: 'paths', expression: contextValues('?seccompProfile.?localhostProfile') },
      { name: 'types', expression: contextValues('?seLinuxOptions.?type') },
      { name: 'names', expression: contextValues('?appArmorProfile.?localhostProfile') },
      { name: 'isUsed', expression: usedExpression(path) },
      { name: 'isLabelled', expression: `namespaceObject.metadata.?labels[?'${LABEL.enableRecording}'].hasValue()` },
      { name: 'isSelected', expression: selectedExpression() },
    ],
    validations: [
      {
        expression: '!variables.isUsed || variables.isLabelled || variables.isSelected',
        reason: 'Forbidden',
        message: `the profile ${path}, the SELinux type ${SELINUX_RECORDING_TYPE} and the AppArmor profile ${OBJECT.traceProfile} log and refuse nothing; they are for pods that are recorded, in namespaces with the label ${LABEL.enableRecording}`,
      },
    ],
  };
}

/** Whether one of the profiles is chosen. An annotation for AppArmor has become a field by then. */
function usedExpression(path: string): string {
  return [
    `variables.paths.exists(p, ${pathParts('p')}.join('/') == '${path}')`,
    `variables.types.exists(t, t == '${SELINUX_RECORDING_TYPE}')`,
    `variables.names.exists(n, n == '${OBJECT.traceProfile}')`,
  ].join(' || ');
}

/** Whether options of the spod say themselves whose pods the webhook is called for. */
function selectedExpression(): string {
  const own = `o.name == '${WEBHOOK.recording}' && has(o.namespaceSelector)`;
  return `params.?spec.?webhookOptions.orValue([]).exists(o, ${own})`;
}
