// SPDX-License-Identifier: Apache-2.0
// Roles printed from rules: cluster-wide only where it must be, and never more than was asked for.
import { expect } from 'chai';
import type { RbacRule } from '../../../src/core/deploy/rbac.ts';
import { grants, metricsClient } from '../../../src/core/deploy/rbac.ts';
import { KNOWN_KINDS } from '../../../src/runtime/kinds.ts';
import { expectGolden } from './golden.ts';

const rules: readonly RbacRule[] = [
  { apiGroups: ['x'], resources: ['profiles'], verbs: ['watch', 'get', 'list'] },
  { apiGroups: ['x'], resources: ['profiles', 'profiles/status'], verbs: ['patch'] },
  { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: [''], resources: ['nodes'], verbs: ['get'] },
  { apiGroups: [''], resources: ['secrets'], verbs: ['get'], resourceNames: ['cert'], where: 'operator' },
  { apiGroups: [''], resources: ['secrets'], verbs: ['create'], where: 'operator' },
];

const kinds = (watched: readonly string[]): readonly string[] =>
  grants({ account: 'a', namespace: 'op', watched, rules }).map(
    ({ kind, metadata }) => `${kind} ${metadata.namespace ?? '-'}`,
  );

describe('core/deploy/rbac', () => {
  it('grants cluster-wide what is watched everywhere, and the operator namespace by a Role', () => {
    expect(kinds([])).to.deep.equal(['ClusterRole -', 'ClusterRoleBinding -', 'Role op', 'RoleBinding op']);
  });

  it('grants cluster-wide only what has no namespace when it is restricted', () => {
    expect(kinds(['one', 'two'])).to.deep.equal([
      'ClusterRole -',
      'ClusterRoleBinding -',
      'Role op',
      'RoleBinding op',
      'Role one',
      'RoleBinding one',
      'Role two',
      'RoleBinding two',
    ]);
    const [cluster] = grants({ account: 'a', namespace: 'op', watched: ['one'], rules });
    expect(cluster?.['rules']).to.deep.equal([{ apiGroups: [''], resources: ['nodes'], verbs: ['get'] }]);
  });

  it('grants what has no namespace by no Role, whichever kind it is', () => {
    const all = KNOWN_KINDS.map(({ group, plural }) => ({ apiGroups: [group], resources: [plural], verbs: ['get'] }));
    const printed = grants({ account: 'a', namespace: 'operator', watched: ['team'], rules: all });
    const ofCluster = KNOWN_KINDS.filter(({ scope }) => scope === 'Cluster').map(({ plural }) => plural);
    const inRoles = printed.filter(({ kind }) => kind === 'Role').flatMap((role) => role['rules'] as RbacRule[]);
    expect(inRoles.flatMap(({ resources }) => resources).filter((name) => ofCluster.includes(name))).to.deep.equal([]);
  });

  it('never prints two objects of one name, also where the operator watches its own namespace', () => {
    const objects = grants({ account: 'a', namespace: 'op', watched: ['op', 'one'], rules });
    const names = objects.map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].join(' '));
    expect(names).to.deep.equal([...new Set(names)]);
    const bound = objects.filter(({ kind }) => kind === 'RoleBinding').map((object) => object['roleRef']);
    expect(bound.map((role) => (role as { name: string }).name)).to.deep.equal(['a', 'a-profiles', 'a-profiles']);
  });

  it('joins rules without granting more', () => {
    const [, , role] = grants({ account: 'a', namespace: 'op', watched: [], rules });
    expect(role?.['rules']).to.deep.equal([
      { apiGroups: [''], resources: ['secrets'], verbs: ['create'] },
      { apiGroups: [''], resources: ['secrets'], resourceNames: ['cert'], verbs: ['get'] },
    ]);
    expectGolden('grants', grants({ account: 'a', namespace: 'op', watched: [], rules }));
  });

  it('lets the default account of the operator namespace read metrics', () => {
    expectGolden('metrics-client', metricsClient('security-profiles-operator'));
  });
});
