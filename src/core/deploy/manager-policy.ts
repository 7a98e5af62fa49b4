// SPDX-License-Identifier: Apache-2.0
// The manager takes its gate from pods and its taint from nodes, and marks pods whose kubelet is to look again. RBAC
// cannot say less than "patch pods and nodes", with which an image could be exchanged in every namespace and every node
// drained; the API server itself holds the manager's account to what it is for.
import { ANNOTATION, OPERATOR, PROFILE_GATE, STARTUP_TAINT } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';

/** Names of the policies and of their bindings: one for each kind, because expressions are checked against one. */
export const MANAGER_POLICY = {
  pods: 'security-profiles-operator-manager-pods',
  nodes: 'security-profiles-operator-manager-nodes',
} as const;

/** The policies and their bindings. Kubernetes has the kind since 1.30. */
export function managerPolicies(namespace: string): readonly Manifest[] {
  return [
    ...policy(namespace, 'pods', [
      {
        expression: `${onlyLoses('spec', 'schedulingGates', `g.name == '${PROFILE_GATE}'`)} && ${same(POD_SPEC)}`,
        message: `the operator changes nothing of a pod's spec but its scheduling gate ${PROFILE_GATE}`,
      },
      {
        expression: `${annotationsKept(ANNOTATION.profileInstalled)} && ${same(METADATA)}`,
        message: `the operator changes nothing of a pod's metadata but the annotation ${ANNOTATION.profileInstalled}`,
      },
    ]),
    ...policy(namespace, 'nodes', [
      {
        expression: `${onlyLoses('spec', 'taints', `g.key == '${STARTUP_TAINT}'`)} && ${same(NODE_SPEC)}`,
        message: `the operator changes nothing of a node's spec but its taint ${STARTUP_TAINT}`,
      },
      {
        expression: same(['metadata.?annotations', ...METADATA]),
        message: "the operator changes nothing of a node's metadata",
      },
    ]),
  ];
}

/** Fields that every object has. */
const METADATA = ['metadata.?labels', 'metadata.?ownerReferences', 'metadata.?finalizers'];

/**
 * Fields of a pod that an update may change at all, besides the gates. Source: Kubernetes 1.37, ValidatePodUpdate.
 */
const POD_SPEC = [
  'spec.containers',
  'spec.?initContainers',
  'spec.?nodeSelector',
  'spec.?affinity',
  'spec.?tolerations',
  'spec.?activeDeadlineSeconds',
  'spec.?terminationGracePeriodSeconds',
];

/** The same of a node, besides the taints. Source: Kubernetes 1.37, ValidateNodeUpdate. */
const NODE_SPEC = ['spec.?unschedulable', 'spec.?providerID', 'spec.?podCIDRs', 'spec.?configSource'];

interface Validation {
  readonly expression: string;
  readonly message: string;
}

function policy(
  namespace: string,
  resource: 'pods' | 'nodes',
  validations: readonly Validation[],
): readonly Manifest[] {
  // With the scope, which kubectl would add at each apply.
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: [resource], scope: '*' };
  const manager = `system:serviceaccount:${namespace}:${OPERATOR}`;
  return denialPolicy(MANAGER_POLICY[resource], {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    matchConditions: [{ name: 'by-the-manager', expression: `request.userInfo.username == '${manager}'` }],
    validations: validations.map((validation) => ({ ...validation, reason: 'Forbidden' })),
  });
}

/** That fields, of which some may be absent, are as before. */
function same(fields: readonly string[]): string {
  return fields.map((field) => `object.${field} == oldObject.${field}`).join(' && ');
}

/** That a list has lost nothing but items `g` of ours, and has got none. */
function onlyLoses(parent: string, field: string, isOurs: string): string {
  const listOf = (object: string): string => `${object}.${parent}.?${field}.orValue([])`;
  const kept = `${listOf('oldObject')}.all(g, ${isOurs} || g in ${listOf('object')})`;
  return `${listOf('object')}.all(g, g in ${listOf('oldObject')}) && ${kept}`;
}

/** That all annotations but one are as before. */
function annotationsKept(ours: string): string {
  const kept = (from: string, to: string): string =>
    `${from}.metadata.?annotations.orValue({}).all(k, k == '${ours}' || ` +
    `${to}.metadata.?annotations[?k] == ${from}.metadata.?annotations[?k])`;
  return `${kept('object', 'oldObject')} && ${kept('oldObject', 'object')}`;
}
