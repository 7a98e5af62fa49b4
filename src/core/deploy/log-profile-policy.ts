// SPDX-License-Identifier: Apache-2.0
// The profile that logs every call refuses none, and fills the audit log of its node. It is for pods that are recorded,
// so pods of other namespaces may not choose it themselves. The API server decides, since no webhook is called there.
import { LABEL, OBJECT, SPOD, WEBHOOK } from '../names.ts';
import { localhostProfile } from '../seccomp/files.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';
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
      { name: 'paths', expression: pathsExpression() },
      { name: 'isUsed', expression: `variables.paths.exists(p, ${normalised('p')} == '${path}')` },
      { name: 'isLabelled', expression: `namespaceObject.metadata.?labels[?'${LABEL.enableRecording}'].hasValue()` },
      { name: 'isSelected', expression: selectedExpression() },
    ],
    validations: [
      {
        expression: '!variables.isUsed || variables.isLabelled || variables.isSelected',
        reason: 'Forbidden',
        message: `the profile ${path} logs every call and refuses none; it is for pods that are recorded, in namespaces with the label ${LABEL.enableRecording}`,
      },
    ],
  };
}

/** All paths of profiles in a pod. */
function pathsExpression(): string {
  const of = (context: string): string => `${context}.?seccompProfile.?localhostProfile.orValue('')`;
  const lists = ['containers', 'initContainers', 'ephemeralContainers'].map(
    (list) => `object.spec.?${list}.orValue([]).map(c, ${of('c.?securityContext')})`,
  );
  return [`[${of('object.spec.?securityContext')}]`, ...lists].join(' + ');
}

/** The path as the kubelet opens it. The API server refuses `..` and paths from the root. */
function normalised(path: string): string {
  return `${path}.split('/').filter(s, s != '' && s != '.').join('/')`;
}

/** Whether options of the spod say themselves whose pods the webhook is called for. */
function selectedExpression(): string {
  const own = `o.name == '${WEBHOOK.recording}' && has(o.namespaceSelector)`;
  return `params.?spec.?webhookOptions.orValue([]).exists(o, ${own})`;
}
