// SPDX-License-Identifier: Apache-2.0
// The recorders of the nodes write events about the pods that they record, in all namespaces. RBAC cannot say less than
// "create and patch events", with which an attacker on one node could speak in the name of any component about any
// object; the API server itself holds their account to our own words about pods, as its own node.
import { REASONS } from '../errors.ts';
import { SPOD } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';
import { NODE_OF_TOKEN } from './report-policy.ts';

/** Name of the policy and of its binding. */
export const DAEMON_EVENT_POLICY = 'security-profiles-operator-daemon-events';

/** Components as which the daemons speak: the names of their handlers that make events. */
const COMPONENTS = ['recorded-pods'];

/**
 * The policy and its binding. Kubernetes has the kind since 1.30. Of a token without a node, as 1.30 and 1.31 may give,
 * the node is not asked.
 */
export function daemonEventPolicy(namespace: string): readonly Manifest[] {
  // With the scope, which kubectl would add at each apply.
  const rule = { apiGroups: ['', 'events.k8s.io'], apiVersions: ['*'], resources: ['events'], scope: '*' };
  const daemon = `system:serviceaccount:${namespace}:${SPOD}`;
  return denialPolicy(DAEMON_EVENT_POLICY, {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [{ ...rule, operations: ['CREATE', 'UPDATE'] }] },
    matchConditions: [{ name: 'written-by-a-daemon', expression: `request.userInfo.username == '${daemon}'` }],
    validations: [
      {
        expression: `${ours('object')} && (oldObject == null || ${ours('oldObject')})`,
        message: 'a daemon writes events as itself only: about pods, with its own reasons, in the name of its node',
        reason: 'Forbidden',
      },
    ],
  });
}

/** Fields that both groups have; the API server gives the newer group's the older names. */
function ours(event: 'object' | 'oldObject'): string {
  const node = `request.userInfo.?extra[?'${NODE_OF_TOKEN}'].orValue([])`;
  const isOfNode = `(${node} == [] || ${node} == [${event}.?reportingInstance.orValue('')])`;
  return (
    `(has(${event}.involvedObject) && ${event}.involvedObject.?kind.orValue('') == 'Pod' && ` +
    `${event}.?reason.orValue('') in ${list(REASONS)} && ${event}.?reportingComponent.orValue('') in ${list(COMPONENTS)} && ` +
    `${event}.?source.?component.orValue('') in ${list(COMPONENTS)} && ${isOfNode})`
  );
}

function list(words: readonly string[]): string {
  return `[${words.map((word) => `'${word}'`).join(', ')}]`;
}
