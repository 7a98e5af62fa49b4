// SPDX-License-Identifier: Apache-2.0
// For clusters with several tenants, applied by those who want it: a pod uses profiles of its own namespace, or of one
// that an administrator has named. Without it a pod may name any profile of the cluster, since kubelets know paths and
// not namespaces: one lax profile anywhere serves everybody, and a pod elsewhere keeps a profile from being deleted.
// Names of AppArmor profiles have no namespace in them, so nothing can be said of these here.
import { ANNOTATION } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';
import { contextValues, pathParts } from './pod-expressions.ts';

/** Name of the policy and of its binding. */
export const TENANT_POLICY = 'security-profiles-operator-tenants';

/** The first part of the paths by which pods name our seccomp profiles. */
const FOLDER = 'operator';

/** The ending of the types of our SELinux profiles, before which the namespace stands. */
const TYPE_END = '.process';

/** The policy and its binding. Kubernetes has the kind since 1.30. */
export function tenantPolicy(namespace: string): readonly Manifest[] {
  const exempt = { key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: [namespace, 'kube-system'] };
  const pods = { apiGroups: [''], apiVersions: ['v1'], scope: '*' };
  return denialPolicy(TENANT_POLICY, {
    failurePolicy: 'Fail',
    matchConstraints: {
      resourceRules: [
        { ...pods, operations: ['CREATE'], resources: ['pods'] },
        { ...pods, operations: ['UPDATE'], resources: ['pods/ephemeralcontainers'] },
      ],
      namespaceSelector: { matchExpressions: [exempt] },
    },
    variables: [
      { name: 'allowed', expression: allowedExpression(namespace) },
      {
        name: 'paths',
        expression: `(${contextValues('?seccompProfile.?localhostProfile')}).map(p, ${pathParts('p')})`,
      },
      { name: 'types', expression: contextValues('?seLinuxOptions.?type') },
    ],
    validations: [
      {
        expression: `variables.paths.all(p, size(p) < 2 || p[0] != '${FOLDER}' || p[1] in variables.allowed)`,
        reason: 'Forbidden',
        message: refusal('seccomp profiles'),
      },
      {
        expression: `variables.types.filter(t, t.endsWith('${TYPE_END}') && t.contains('_')).all(t, ${namespaceOfType('t')} in variables.allowed)`,
        reason: 'Forbidden',
        message: refusal('SELinux profiles'),
      },
    ],
  });
}

/** The pod's own namespace, the operator's, whose profiles are for recordings, and those that are named. */
function allowedExpression(namespace: string): string {
  const named = `namespaceObject.metadata.?annotations[?'${ANNOTATION.profilesFrom}'].orValue('')`;
  return `[namespaceObject.metadata.name, '${namespace}'] + ${named}.split(',').map(n, n.trim())`;
}

function namespaceOfType(type: string): string {
  return `${type}.substring(${type}.lastIndexOf('_') + 1, size(${type}) - ${String(TYPE_END.length)})`;
}

function refusal(what: string): string {
  return `a pod may use ${what} of its own namespace, and of those that the annotation ${ANNOTATION.profilesFrom} of its namespace names`;
}
