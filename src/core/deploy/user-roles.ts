// SPDX-License-Identifier: Apache-2.0
// Roles for users, added by Kubernetes to its own `view`, `edit` and `admin`, so that administrators need not write
// rules with `*`. A tenant edits what concerns pods of its own namespace only; kinds that are names of the whole node,
// or raw policy, are for those to whom somebody binds the last role by hand.
import {
  APP_ARMOR_PROFILE,
  PROFILE_BINDING,
  PROFILE_RECORDING,
  RAW_SELINUX_PROFILE,
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
  SELINUX_PROFILE,
} from '../../gen/kinds.ts';
import { GROUP, OBJECT } from '../names.ts';
import type { Manifest } from './manifest.ts';
import { APP_LABEL } from './manifest.ts';

/** A kind, as far as a rule names it. */
interface Named {
  readonly plural: string;
}

/** Kinds that tenants write: they concern pods of their namespace. */
const OF_TENANTS: readonly Named[] = [SECCOMP_PROFILE, PROFILE_BINDING, PROFILE_RECORDING];

/**
 * Kinds that concern the whole node: an AppArmor profile has one name for all namespaces, and a SELinux profile is part
 * of the one policy. RawSelinuxProfile is in no role: it is for administrators of the cluster.
 */
const OF_NODES: readonly Named[] = [APP_ARMOR_PROFILE, SELINUX_PROFILE];

const READ = ['get', 'list', 'watch'];
const WRITE = ['create', 'update', 'patch', 'delete', 'deletecollection'];

/** The three roles, ClusterRoles for use in any namespace. */
export function userRoles(): readonly Manifest[] {
  const seen = [...OF_TENANTS, ...OF_NODES, RAW_SELINUX_PROFILE];
  const shown = [...seen, SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON];
  return [
    role(OBJECT.viewRole, shown, READ, ['view', 'edit', 'admin']),
    role(OBJECT.editRole, OF_TENANTS, WRITE, ['edit', 'admin']),
    role(OBJECT.nodePolicyRole, OF_NODES, WRITE, []),
  ];
}

/** A role that Kubernetes adds to roles of its own by their labels. */
function role(name: string, kinds: readonly Named[], verbs: readonly string[], addedTo: readonly string[]): Manifest {
  const labels = addedTo.map((to) => [`rbac.authorization.k8s.io/aggregate-to-${to}`, 'true'] as const);
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRole',
    metadata: { name, labels: { ...APP_LABEL, ...Object.fromEntries(labels) } },
    rules: [{ apiGroups: [GROUP], resources: kinds.map(({ plural }) => plural).sort(), verbs }],
  };
}
