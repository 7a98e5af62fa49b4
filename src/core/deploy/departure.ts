// SPDX-License-Identifier: Apache-2.0
// The permissions with which the manager leaves a cluster, in roles of their own. An uninstallation deletes the other
// roles of its account within a few hundredths of a second, in an order of its own (kubectl that of the file, Helm and
// OLM by kind), and all that is held by finalizers then would be held for ever. So these roles are in no manifest: the
// manager makes them, and takes them away last. They belong to the operator's Namespace, so that the garbage collector
// has them at its end.
import {
  APP_ARMOR_PROFILE,
  PROFILE_BINDING,
  PROFILE_RECORDING,
  RAW_SELINUX_PROFILE,
  SECCOMP_PROFILE,
  SELINUX_PROFILE,
} from '../../gen/kinds.ts';
import { GROUP, OBJECT, OPERATOR } from '../names.ts';
import { denialPolicy } from './denial-policy.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { grants, watchedRoleName } from './rbac.ts';
import type { RbacRule } from './rbac.ts';

/** The kinds whose objects have finalizers of ours. */
export const HELD_KINDS = [
  SECCOMP_PROFILE,
  SELINUX_PROFILE,
  RAW_SELINUX_PROFILE,
  APP_ARMOR_PROFILE,
  PROFILE_BINDING,
  PROFILE_RECORDING,
] as const;

/** Names of the policies for what the manager writes to leave, and of their bindings. */
export const DEPARTURE_POLICY = {
  roles: 'security-profiles-operator-manager-roles',
  bindings: 'security-profiles-operator-manager-role-bindings',
  account: 'security-profiles-operator-manager-account',
} as const;

/** The parts of an installation on which the roles depend. */
export interface DepartureParts {
  /** The operator's namespace. */
  readonly namespace: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly restrictTo: readonly string[];
}

const NAME = OBJECT.departureRole;
const RBAC = 'rbac.authorization.k8s.io';
const ROLES = ['roles', 'rolebindings'];
const READING = ['get', 'list', 'watch'];
const CLUSTER_ROLES = ['clusterroles', 'clusterrolebindings'];
const CONFIGURATIONS = [
  ['mutatingwebhookconfigurations', OBJECT.mutatingWebhooks],
  ['validatingwebhookconfigurations', OBJECT.validatingWebhooks],
] as const;

/** The rules with which the manager leaves: it takes its finalizers off, and removes webhooks and these roles. */
export function departureRules(): readonly RbacRule[] {
  return [
    { apiGroups: [GROUP], resources: HELD_KINDS.map(({ plural }) => plural), verbs: [...READING, 'patch'] },
    {
      apiGroups: [''],
      resources: ['serviceaccounts'],
      resourceNames: [OPERATOR],
      verbs: [...READING, 'patch'],
      where: 'operator',
    },
    {
      apiGroups: ['coordination.k8s.io'],
      resources: ['leases'],
      resourceNames: [OBJECT.managerLease],
      verbs: ['get', 'update'],
      where: 'operator',
    },
    ...CONFIGURATIONS.map(([resource, name]) => ({
      apiGroups: ['admissionregistration.k8s.io'],
      resources: [resource],
      resourceNames: [name],
      verbs: ['delete'],
    })),
    ...ownRoles(['delete']),
  ];
}

/** The rules with which the manager makes these roles: each by its name, as server-side apply can be granted. */
export function departureMakingRules(): readonly RbacRule[] {
  return ownRoles([...READING, 'create', 'patch']);
}

/**
 * The same rules for every installation: OLM knows only when it installs whether the operator is restricted. Where it
 * is not, the last one is never used, and a policy holds it to the name and the account.
 */
function ownRoles(verbs: readonly string[]): readonly RbacRule[] {
  const rule = { apiGroups: [RBAC], verbs } as const;
  return [
    { ...rule, resources: CLUSTER_ROLES, resourceNames: [NAME], where: 'cluster' },
    { ...rule, resources: ROLES, resourceNames: [NAME], where: 'operator' },
    { ...rule, resources: ROLES, resourceNames: [watchedRoleName(NAME)] },
  ];
}

/** The roles and their bindings. */
export function departureGrants(parts: DepartureParts, owner?: OwnerReference): readonly Manifest[] {
  const { namespace, restrictTo } = parts;
  const made = grants({ account: OPERATOR, name: NAME, namespace, watched: restrictTo, rules: departureRules() });
  if (owner === undefined) return made;
  return made.map((object) => ({ ...object, metadata: { ...object.metadata, ownerReferences: [owner] } }));
}

/**
 * The policies and their bindings: RBAC lets the manager give no more than it has itself, but would let one that was
 * taken over give that to others. Kubernetes has the kind since 1.30.
 */
export function departurePolicies(namespace: string): readonly Manifest[] {
  const names = `['${NAME}', '${watchedRoleName(NAME)}']`;
  const isOwn = `object.metadata.name in ${names}`;
  const isOwnSubject = `s.kind == 'ServiceAccount' && s.name == '${OPERATOR}' && s.?namespace.orValue('') == '${namespace}'`;
  return [
    ...policy(namespace, 'roles', { apiGroups: [RBAC], resources: ['roles', 'clusterroles'] }, [
      [isOwn, 'the operator makes no roles but those with which it leaves'],
    ]),
    ...policy(namespace, 'bindings', { apiGroups: [RBAC], resources: ['rolebindings', 'clusterrolebindings'] }, [
      [
        `${isOwn} && object.roleRef.name == object.metadata.name`,
        'the operator binds no roles but those with which it leaves',
      ],
      [
        `object.?subjects.orValue([]).all(s, ${isOwnSubject})`,
        'the operator gives the roles with which it leaves to its own account only',
      ],
    ]),
    ...policy(namespace, 'account', { apiGroups: [''], resources: ['serviceaccounts'] }, [
      [
        ['metadata.?labels', 'metadata.?annotations', 'metadata.?ownerReferences', ...ACCOUNT_FIELDS]
          .map((field) => `object.${field} == oldObject.${field}`)
          .join(' && '),
        'the operator changes nothing of its account but finalizers',
      ],
    ]),
  ];
}

/** Fields of an account besides its metadata. */
const ACCOUNT_FIELDS = ['?secrets', '?imagePullSecrets', '?automountServiceAccountToken'];

function policy(
  namespace: string,
  of: keyof typeof DEPARTURE_POLICY,
  rule: { readonly apiGroups: readonly string[]; readonly resources: readonly string[] },
  validations: readonly (readonly [expression: string, message: string])[],
): readonly Manifest[] {
  const operations = of === 'account' ? ['UPDATE'] : ['CREATE', 'UPDATE'];
  const manager = `system:serviceaccount:${namespace}:${OPERATOR}`;
  return denialPolicy(DEPARTURE_POLICY[of], {
    failurePolicy: 'Fail',
    // With the scope, which kubectl would add at each apply.
    matchConstraints: { resourceRules: [{ ...rule, apiVersions: ['v1'], operations, scope: '*' }] },
    matchConditions: [{ name: 'by-the-manager', expression: `request.userInfo.username == '${manager}'` }],
    validations: validations.map(([expression, message]) => ({ expression, message, reason: 'Forbidden' })),
  });
}
