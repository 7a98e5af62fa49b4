// SPDX-License-Identifier: Apache-2.0
// Prints RBAC from the rules that the handlers declare. There is no list of permissions by hand: what a process may
// do is what its handlers say they do, in the namespaces where they do it.
import { OBJECT, METRICS_PATH } from '../names.ts';
import type { Manifest } from './manifest.ts';
import { APP_LABEL } from './manifest.ts';

/** One RBAC rule. `where` says in which namespaces it holds; the other fields are the API server's own. */
export interface RbacRule {
  readonly apiGroups: readonly string[];
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  readonly resourceNames?: readonly string[];
  /** `operator`: only the operator's namespace. Default: the namespaces that it watches. */
  readonly where?: 'operator' | 'watched' | 'cluster';
}

/** The rules of one account. */
export interface Grant {
  /** Name of the ServiceAccount. */
  readonly account: string;
  /**
   * Name of the roles; `-profiles` is added where it watches, which may be its own namespace. Default: the account's.
   */
  readonly name?: string;
  readonly namespace: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly watched: readonly string[];
  readonly rules: readonly RbacRule[];
}

/** Resources without a namespace: only a ClusterRole can grant them. */
const CLUSTER_RESOURCES: ReadonlySet<string> = new Set([
  'nodes',
  'namespaces',
  'tokenreviews',
  'subjectaccessreviews',
  'customresourcedefinitions',
  'mutatingwebhookconfigurations',
  'validatingwebhookconfigurations',
  'clusterroles',
  'clusterrolebindings',
]);

/** The roles and bindings of one account: a ClusterRole where it must be, Roles where they are enough. */
export function grants(grant: Grant): readonly Manifest[] {
  const everywhere = grant.watched.length === 0;
  const operator: RbacRule[] = [];
  const watched: RbacRule[] = [];
  const cluster: RbacRule[] = [];
  for (const rule of grant.rules) {
    if (rule.where === 'cluster' || rule.resources.some((name) => CLUSTER_RESOURCES.has(plain(name))))
      cluster.push(rule);
    else if (rule.where === 'operator') operator.push(rule);
    else (everywhere ? cluster : watched).push(rule);
  }
  const { account, name = account, namespace } = grant;
  const watchedName = watchedRoleName(name);
  return [
    ...(cluster.length === 0 ? [] : clusterRole(grant, name, cluster)),
    ...(operator.length === 0 ? [] : namespacedRole(grant, { name, namespace }, operator)),
    ...(watched.length === 0
      ? []
      : grant.watched.flatMap((where) => namespacedRole(grant, { name: watchedName, namespace: where }, watched))),
  ];
}

/** The name of the roles of a grant in the namespaces that are watched. */
export function watchedRoleName(name: string): string {
  return `${name}-profiles`;
}

/** The role with which metrics may be read, given to the default account of the operator's namespace. */
export function metricsClient(namespace: string): readonly Manifest[] {
  const name = OBJECT.metricsClient;
  return [
    {
      apiVersion: RBAC,
      kind: 'ClusterRole',
      metadata: { name, labels: APP_LABEL },
      rules: [{ nonResourceURLs: Object.values(METRICS_PATH), verbs: ['get'] }],
    },
    binding('ClusterRoleBinding', { name }, { kind: 'ClusterRole', name }, { account: 'default', namespace }),
  ];
}

/**
 * That pods of an account run under a SecurityContextConstraints of OpenShift, which admits none of ours without. Other
 * clusters do not know the resource, and a rule for it does nothing there.
 */
export function useOfScc(name: string): RbacRule {
  const group = 'security.openshift.io';
  return {
    apiGroups: [group],
    resources: ['securitycontextconstraints'],
    resourceNames: [name],
    verbs: ['use'],
    where: 'operator',
  };
}

const RBAC = 'rbac.authorization.k8s.io/v1';

function plain(resource: string): string {
  return resource.split('/')[0] ?? resource;
}

function clusterRole(grant: Grant, name: string, rules: readonly RbacRule[]): readonly Manifest[] {
  return [
    { apiVersion: RBAC, kind: 'ClusterRole', metadata: { name, labels: APP_LABEL }, rules: merged(rules) },
    binding('ClusterRoleBinding', { name }, { kind: 'ClusterRole', name }, grant),
  ];
}

function namespacedRole(
  grant: Grant,
  { name, namespace }: { readonly name: string; readonly namespace: string },
  rules: readonly RbacRule[],
): readonly Manifest[] {
  return [
    { apiVersion: RBAC, kind: 'Role', metadata: { name, namespace, labels: APP_LABEL }, rules: merged(rules) },
    binding('RoleBinding', { name, namespace }, { kind: 'Role', name }, grant),
  ];
}

function binding(
  kind: 'RoleBinding' | 'ClusterRoleBinding',
  metadata: { readonly name: string; readonly namespace?: string },
  role: { readonly kind: string; readonly name: string },
  subject: Pick<Grant, 'account' | 'namespace'>,
): Manifest {
  return {
    apiVersion: RBAC,
    kind,
    metadata: { ...metadata, labels: APP_LABEL },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...role },
    subjects: [{ kind: 'ServiceAccount', name: subject.account, namespace: subject.namespace }],
  };
}

interface Permission {
  readonly apiGroup: string;
  readonly resourceNames: readonly string[];
  readonly resources: string[];
  readonly verbs: Set<string>;
}

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'use'];

/** First all verbs of one resource in one rule, then all resources with the same verbs; in a stable order. */
function merged(rules: readonly RbacRule[]): readonly object[] {
  const byResource = new Map<string, Permission>();
  for (const rule of rules) {
    for (const apiGroup of rule.apiGroups) {
      for (const resource of rule.resources) addVerbs(byResource, rule, apiGroup, resource);
    }
  }
  const byVerbs = new Map<string, Permission>();
  for (const key of [...byResource.keys()].sort()) {
    const permission = byResource.get(key);
    if (permission !== undefined) addResource(byVerbs, permission);
  }
  return Array.from(byVerbs.values(), ({ apiGroup, resources, resourceNames, verbs }) => ({
    apiGroups: [apiGroup],
    resources,
    ...(resourceNames.length === 0 ? {} : { resourceNames }),
    verbs: inOrder(verbs),
  }));
}

function addVerbs(known: Map<string, Permission>, rule: RbacRule, apiGroup: string, resource: string): void {
  const resourceNames = rule.resourceNames ?? [];
  const key = [apiGroup, resource, ...resourceNames].join(' ');
  const permission = known.get(key) ?? { apiGroup, resourceNames, resources: [resource], verbs: new Set() };
  for (const verb of rule.verbs) permission.verbs.add(verb);
  known.set(key, permission);
}

function addResource(known: Map<string, Permission>, permission: Permission): void {
  const key = [permission.apiGroup, permission.resourceNames.join(), inOrder(permission.verbs).join()].join(' ');
  const same = known.get(key);
  if (same === undefined) known.set(key, permission);
  else same.resources.push(...permission.resources);
}

function inOrder(verbs: ReadonlySet<string>): readonly string[] {
  return [...verbs].sort((a, b) => VERBS.indexOf(a) - VERBS.indexOf(b));
}
