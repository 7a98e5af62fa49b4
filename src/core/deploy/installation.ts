// SPDX-License-Identifier: Apache-2.0
// All objects of an installation in the order in which they can be applied: what manifests/operator.yaml and
// manifests/namespace-operator.yaml hold besides the CRDs.
import { OBJECT, OPERATOR, SPOD } from '../names.ts';
import { daemonEventPolicy } from './daemon-event-policy.ts';
import { departurePolicies } from './departure.ts';
import { DAEMON_SCC } from './daemon-set.ts';
import type { Installation } from './manager.ts';
import { MANAGER_SCC, managerDeployment, operatorNamespace, serviceAccounts } from './manager.ts';
import type { Manifest } from './manifest.ts';
import type { RbacRule } from './rbac.ts';
import { grants, metricsClient, useOfScc } from './rbac.ts';
import { managerObjectPolicies } from './manager-object-policy.ts';
import { managerPolicies } from './manager-policy.ts';
import { managerWorkloadPolicy } from './manager-workload-policy.ts';
import { logProfilePolicy } from './log-profile-policy.ts';
import { networkPolicy } from './network-policy.ts';
import { podPolicy } from './pod-policy.ts';
import { recordedProfilePolicy } from './recorded-profile-policy.ts';
import { reportPolicy } from './report-policy.ts';
import { trialPolicy } from './trial-policy.ts';
import { userRoles } from './user-roles.ts';

/** The permissions of manager, daemon and webhook. */
export interface Permissions {
  readonly manager: readonly RbacRule[];
  readonly daemon: readonly RbacRule[];
  readonly webhook: readonly RbacRule[];
}

/** The objects of an installation, in order. */
export function installationObjects(installation: Installation, permissions: Permissions): readonly Manifest[] {
  const { namespace, restrictTo: watched } = installation;
  return [
    operatorNamespace(namespace),
    ...serviceAccounts(namespace),
    ...grants({ account: OPERATOR, namespace, watched, rules: [...permissions.manager, useOfScc(MANAGER_SCC)] }),
    ...grants({ account: SPOD, namespace, watched, rules: [...permissions.daemon, useOfScc(DAEMON_SCC)] }),
    ...grants({
      account: OBJECT.webhookAccount,
      namespace,
      watched,
      rules: [...permissions.webhook, useOfScc(MANAGER_SCC)],
    }),
    ...metricsClient(namespace),
    ...userRoles(),
    networkPolicy(namespace),
    managerDeployment(installation),
    // Last, because a cluster before 1.30 does not know the kind.
    ...reportPolicy(namespace),
    ...recordedProfilePolicy(namespace),
    ...daemonEventPolicy(namespace),
    ...podPolicy(namespace),
    ...logProfilePolicy(namespace),
    ...managerPolicies(namespace),
    ...managerObjectPolicies(namespace),
    ...managerWorkloadPolicy(namespace),
    ...departurePolicies(namespace),
    ...trialPolicy(),
  ];
}
