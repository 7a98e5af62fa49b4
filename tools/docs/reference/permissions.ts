// SPDX-License-Identifier: Apache-2.0
// The page about what each account may do in a cluster, from the roles of the manifests.
import type { Manifest } from '../../../src/core/deploy/manifest.ts';
import type { RbacRule } from '../../../src/core/deploy/rbac.ts';
import { code, printedPage, table } from './table.ts';

/** A rule as the API server has it: one of paths has no groups and resources. */
interface RuleObject extends Partial<RbacRule> {
  readonly verbs: readonly string[];
  readonly nonResourceURLs?: readonly string[];
}

function ruleRow(rule: RuleObject): readonly string[] {
  const groups = (rule.apiGroups ?? []).filter((group) => group !== '');
  const resources = rule.nonResourceURLs ?? rule.resources ?? [];
  const named = rule.resourceNames === undefined ? '' : `, only ${rule.resourceNames.map(code).join(', ')}`;
  const suffix = groups.length === 0 ? '' : ` (${groups.join(', ')})`;
  return [`${resources.map(code).join(', ')}${suffix}${named}`, rule.verbs.map(code).join(', ')];
}

function section(role: Manifest): readonly string[] {
  const { name = '', namespace } = role.metadata as { readonly name?: string; readonly namespace?: string };
  const where = namespace === undefined ? 'in the whole cluster' : `in the namespace ${code(namespace)}`;
  const rules = (role as { readonly rules?: readonly RuleObject[] }).rules ?? [];
  return [`## ${role.kind} ${name}`, `Holds ${where}.`, table(['what', 'may'], rules.map(ruleRow))];
}

/**
 * The page by its path.
 *
 * @param objects - the objects of the installation for all namespaces
 */
export function permissionsPage(objects: readonly Manifest[]): ReadonlyMap<string, string> {
  const roles = objects.filter(({ kind }) => kind === 'Role' || kind === 'ClusterRole');
  const page = printedPage('src/core/deploy', [
    '# Permissions',
    'The roles of [manifests/operator.yaml](../../manifests/operator.yaml). Nothing is listed by hand: a process may do what its handlers say that they do. An account has the role of its own name: `security-profiles-operator` is the manager, `spod` the daemon with its recorders, `spo-webhook` the webhook. Restricted to namespaces, the same rules are Roles there, see [manifests/namespace-operator.yaml](../../manifests/namespace-operator.yaml).',
    ...roles.flatMap(section),
  ]);
  return new Map([['docs/reference/permissions.md', page]]);
}
