// SPDX-License-Identifier: Apache-2.0
// Each daemon may write the status of its own node only. RBAC cannot say that, because all nodes share one account;
// without it, an attacker on one node could claim that a profile is installed, or gone, on all nodes.
import { SECURITY_PROFILE_NODE_STATUS } from '../../gen/kinds.ts';
import { SPOD } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest } from './manifest.ts';

/** Name of the policy and of its binding. */
export const REPORT_POLICY = 'security-profiles-operator-node-reports';

/** The extra field of a token that a kubelet asked for: the node of the pod that holds the token. */
export const NODE_OF_TOKEN = 'authentication.kubernetes.io/node-name';

/**
 * The policy and its binding. Kubernetes has the kind since 1.30, and puts the node into tokens since then. A token
 * without a node, as from an account's Secret, or where that is switched off, is let pass: it says nothing that could
 * be compared, and no daemon could report otherwise.
 */
export function reportPolicy(namespace: string): readonly Manifest[] {
  return denialPolicy(REPORT_POLICY, policySpec(namespace));
}

function policySpec(namespace: string): object {
  const { group, plural } = SECURITY_PROFILE_NODE_STATUS;
  const resources = [plural, `${plural}/status`];
  // With the scope, which is the default: kubectl compares the list as a whole, and would change it at each apply.
  const rule = { apiGroups: [group], apiVersions: ['*'], operations: ['CREATE', 'UPDATE'], resources, scope: '*' };
  const noNode = `!has(request.userInfo.extra) || !('${NODE_OF_TOKEN}' in request.userInfo.extra)`;
  return {
    failurePolicy: 'Fail',
    matchConstraints: { resourceRules: [rule] },
    matchConditions: [
      {
        name: 'written-by-a-daemon',
        expression: `request.userInfo.username == 'system:serviceaccount:${namespace}:${SPOD}'`,
      },
    ],
    validations: [
      {
        expression: `${noNode} || request.userInfo.extra['${NODE_OF_TOKEN}'] == [object.metadata.name]`,
        message: 'a daemon may write the report of its own node only',
        reason: 'Forbidden',
      },
      {
        expression: 'object.nodeName == object.metadata.name',
        message: 'the report of a node tells of the node that it is named after',
        reason: 'Forbidden',
      },
    ],
  };
}
