// SPDX-License-Identifier: Apache-2.0
// The objects that OLM makes of a bundle. Source: operator-lifecycle-manager, pkg/controller/registry/resolver/rbac.go
// (accounts and roles), pkg/controller/operators/olm/operatorgroup.go (roles in target namespaces, or cluster-wide for
// a group without targets), pkg/controller/install/deployment.go.
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import { listAt, textAt, valueAt } from '../../../src/core/doctor/reading.ts';

const RBAC = 'rbac.authorization.k8s.io';

function role(name: string, namespace: string | undefined, rules: unknown, account: string, own: string): readonly Manifest[] {
  const metadata = namespace === undefined ? { name } : { name, namespace };
  const kind = namespace === undefined ? 'ClusterRole' : 'Role';
  return [
    { apiVersion: `${RBAC}/v1`, kind, metadata, rules },
    {
      apiVersion: `${RBAC}/v1`,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: RBAC, kind, name },
      subjects: [{ kind: 'ServiceAccount', name: account, namespace: own }],
    },
  ];
}

/** A pod template, as far as it is changed. */
interface Template {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
}

function deployment(part: unknown, namespace: string, targets: readonly string[]): Manifest {
  const spec = valueAt(part, 'spec') as { readonly template: Template };
  const { metadata, ...rest } = spec.template;
  const annotations = { ...metadata.annotations, 'olm.targetNamespaces': targets.join(',') };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: textAt(part, 'name') ?? '', namespace },
    spec: { ...spec, template: { ...rest, metadata: { ...metadata, annotations } } },
  };
}

/**
 * The objects.
 * @param targets - the namespaces of the OperatorGroup; none for all
 */
export function madeByOlm(csv: unknown, namespace: string, targets: readonly string[]): readonly Manifest[] {
  const install = valueAt(csv, 'spec', 'install', 'spec');
  const everywhere = targets.length === 0;
  const parts = (key: string) =>
    listAt(install, key).map((part, index) => ({
      account: textAt(part, 'serviceAccountName') ?? '',
      rules: valueAt(part, 'rules'),
      name: `${key.toLowerCase()}-${String(index)}`,
    }));
  const [wide, narrow] = [parts('clusterPermissions'), parts('permissions')];
  const accounts = new Set([...wide, ...narrow].map(({ account }) => account));
  return [
    ...[...accounts].map((name): Manifest => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } })),
    ...wide.flatMap(({ name, rules, account }) => role(name, undefined, rules, account, namespace)),
    ...narrow.flatMap(({ name, rules, account }) =>
      (everywhere ? [undefined] : targets).flatMap((target) => role(name, target, rules, account, namespace)),
    ),
    ...listAt(install, 'deployments').map((part) => deployment(part, namespace, targets)),
  ];
}
