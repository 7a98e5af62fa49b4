// SPDX-License-Identifier: Apache-2.0
// The marks that the operator sets on pods are its own: the scheduling gate, without which a pod could start before its
// profile is there, and the annotations that say by which binding it is bound and by which recording it is recorded.
// Everybody who may change pods could take them away. A webhook could not stop that while it does not run; the API
// server itself can.
import { ANNOTATION, OPERATOR, PROFILE_GATE } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';

/** Name of the policy and of its binding. */
export const POD_POLICY = 'security-profiles-operator-pods';

/** Annotations that the webhook sets when a pod is created, and that only the manager may change then. */
const KEPT = [
  ANNOTATION.profileBindings,
  ANNOTATION.skippedBindings,
  ANNOTATION.profileWaitSeconds,
  ANNOTATION.recordingMarks,
];

/** Beginnings of the names of others, one for each recorded container. */
const KEPT_PREFIXES = [
  ANNOTATION.recordLogsPrefix,
  ANNOTATION.recordBpfPrefix,
  ANNOTATION.recordAvcsPrefix,
  ANNOTATION.recordLogsAppArmorPrefix,
];

/**
 * The policy and its binding. Kubernetes has the kind since 1.30. A pod that is created is the webhook's concern, and a
 * pod that is being deleted is nobody's any more.
 */
export function podPolicy(namespace: string): readonly Manifest[] {
  return denialPolicy(POD_POLICY, policySpec(namespace));
}

/** Fields that a pod need not have are asked for with `?`: an error in an expression would refuse the update. */
function policySpec(namespace: string): object {
  // Annotations can be changed through the status, too. With the scope, which kubectl would add at each apply.
  const resources = ['pods', 'pods/status'];
  const rule = { apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources, scope: '*' };
  const manager = `system:serviceaccount:${namespace}:${OPERATOR}`;
  return {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    matchConditions: [
      { name: 'not-by-the-manager', expression: `request.userInfo.username != '${manager}'` },
      { name: 'not-in-deletion', expression: '!has(object.metadata.deletionTimestamp)' },
    ],
    validations: [
      {
        expression: `!${gated('oldObject')} || ${gated('object')}`,
        reason: 'Forbidden',
        message: `the scheduling gate ${PROFILE_GATE} stays until the profile of the pod is installed or its time is over; only the operator removes it`,
      },
      {
        expression: `${list(KEPT)}.all(k, ${annotation('object')} == ${annotation('oldObject')})`,
        reason: 'Forbidden',
        message: `only the operator changes the annotations ${KEPT.join(', ')} of a pod`,
      },
      {
        expression: `${keepsRequests('oldObject', 'object')} && ${keepsRequests('object', 'oldObject')}`,
        reason: 'Forbidden',
        message: `only the operator changes the annotations of a pod that begin with ${KEPT_PREFIXES.join(', ')}`,
      },
    ],
  };
}

function gated(object: string): string {
  return `${object}.spec.?schedulingGates.orValue([]).exists(g, g.name == '${PROFILE_GATE}')`;
}

function annotation(object: string): string {
  return `${object}.metadata.?annotations[?k].orValue('')`;
}

/** Whether each annotation of one object that asks for a recording stands in the other. */
function keepsRequests(one: string, other: string): string {
  const isRequest = KEPT_PREFIXES.map((prefix) => `k.startsWith('${prefix}')`).join(' || ');
  return `${one}.metadata.?annotations.orValue({}).all(k, !(${isRequest}) || ${annotation(other)} == ${annotation(one)})`;
}

function list(texts: readonly string[]): string {
  return `[${texts.map((text) => `'${text}'`).join(', ')}]`;
}
