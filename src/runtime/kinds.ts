// SPDX-License-Identifier: Apache-2.0
// The kinds of Kubernetes itself that an operator watches or writes, and the few of other projects that it works with
// where they are installed. Our own kinds are generated, in src/gen/kinds.ts.
import { apiVersionOf } from './object.ts';
import type { Resource } from './object.ts';

function resource(apiVersion: string, kind: string, plural: string, scope: Resource['scope']): Resource {
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return { group: group ?? '', version: version ?? '', kind, plural, scope };
}

/** Kinds of Kubernetes itself. */
export const POD = resource('v1', 'Pod', 'pods', 'Namespaced');
export const NODE = resource('v1', 'Node', 'nodes', 'Cluster');
export const NAMESPACE = resource('v1', 'Namespace', 'namespaces', 'Cluster');
export const EVENT = resource('v1', 'Event', 'events', 'Namespaced');
export const CONFIG_MAP = resource('v1', 'ConfigMap', 'configmaps', 'Namespaced');
export const SECRET = resource('v1', 'Secret', 'secrets', 'Namespaced');
export const SERVICE = resource('v1', 'Service', 'services', 'Namespaced');
export const SERVICE_ACCOUNT = resource('v1', 'ServiceAccount', 'serviceaccounts', 'Namespaced');
export const DAEMON_SET = resource('apps/v1', 'DaemonSet', 'daemonsets', 'Namespaced');
export const DEPLOYMENT = resource('apps/v1', 'Deployment', 'deployments', 'Namespaced');
export const LEASE = resource('coordination.k8s.io/v1', 'Lease', 'leases', 'Namespaced');
export const ROLE = resource('rbac.authorization.k8s.io/v1', 'Role', 'roles', 'Namespaced');
export const ROLE_BINDING = resource('rbac.authorization.k8s.io/v1', 'RoleBinding', 'rolebindings', 'Namespaced');
export const CLUSTER_ROLE = resource('rbac.authorization.k8s.io/v1', 'ClusterRole', 'clusterroles', 'Cluster');
export const CLUSTER_ROLE_BINDING = resource(
  'rbac.authorization.k8s.io/v1',
  'ClusterRoleBinding',
  'clusterrolebindings',
  'Cluster',
);
export const CUSTOM_RESOURCE_DEFINITION = resource(
  'apiextensions.k8s.io/v1',
  'CustomResourceDefinition',
  'customresourcedefinitions',
  'Cluster',
);
export const TOKEN_REVIEW = resource('authentication.k8s.io/v1', 'TokenReview', 'tokenreviews', 'Cluster');
export const SUBJECT_ACCESS_REVIEW = resource(
  'authorization.k8s.io/v1',
  'SubjectAccessReview',
  'subjectaccessreviews',
  'Cluster',
);
export const MUTATING_WEBHOOK_CONFIGURATION = resource(
  'admissionregistration.k8s.io/v1',
  'MutatingWebhookConfiguration',
  'mutatingwebhookconfigurations',
  'Cluster',
);
export const VALIDATING_WEBHOOK_CONFIGURATION = resource(
  'admissionregistration.k8s.io/v1',
  'ValidatingWebhookConfiguration',
  'validatingwebhookconfigurations',
  'Cluster',
);
export const ISSUER = resource('cert-manager.io/v1', 'Issuer', 'issuers', 'Namespaced');
export const CERTIFICATE = resource('cert-manager.io/v1', 'Certificate', 'certificates', 'Namespaced');
export const SERVICE_MONITOR = resource('monitoring.coreos.com/v1', 'ServiceMonitor', 'servicemonitors', 'Namespaced');

/** All of the above. */
export const KNOWN_KINDS: readonly Resource[] = [
  POD,
  NODE,
  NAMESPACE,
  EVENT,
  CONFIG_MAP,
  SECRET,
  SERVICE,
  SERVICE_ACCOUNT,
  DAEMON_SET,
  DEPLOYMENT,
  LEASE,
  ROLE,
  ROLE_BINDING,
  CLUSTER_ROLE,
  CLUSTER_ROLE_BINDING,
  CUSTOM_RESOURCE_DEFINITION,
  TOKEN_REVIEW,
  SUBJECT_ACCESS_REVIEW,
  MUTATING_WEBHOOK_CONFIGURATION,
  VALIDATING_WEBHOOK_CONFIGURATION,
  ISSUER,
  CERTIFICATE,
  SERVICE_MONITOR,
];

/** Finds the resource of an object's `apiVersion` and `kind`; built of all kinds that a process may touch. */
export class KindTable {
  private readonly kinds = new Map<string, Resource>();

  constructor(kinds: readonly Resource[]) {
    for (const kind of kinds) this.add(kind);
  }

  add(kind: Resource): void {
    this.kinds.set(`${apiVersionOf(kind)} ${kind.kind}`, kind);
  }

  /** The resource of a path; an unknown one is taken for namespaced, and its objects must name their kind. */
  byPlural(group: string, version: string, plural: string): Resource {
    for (const kind of this.kinds.values()) {
      if (kind.group === group && kind.version === version && kind.plural === plural) return kind;
    }
    return { group, version, plural, kind: '', scope: 'Namespaced' };
  }

  /** Throws a RangeError for an unknown kind. */
  resourceOf(named: { readonly apiVersion: string; readonly kind: string }): Resource {
    const found = this.kinds.get(`${named.apiVersion} ${named.kind}`);
    if (found === undefined) throw new RangeError(`the kind ${named.kind} of ${named.apiVersion} is not known here`);
    return found;
  }
}
