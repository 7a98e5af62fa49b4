// SPDX-License-Identifier: Apache-2.0
// Objects that are deployed for several tenants: who may write which kinds, and who may reach which ports.
import { expect } from 'chai';
import { networkPolicy } from '../../../src/core/deploy/network-policy.ts';
import { tenantPolicy } from '../../../src/core/deploy/tenant-policy.ts';
import { userRoles } from '../../../src/core/deploy/user-roles.ts';

interface Rule {
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
}

describe('core/deploy for several tenants', () => {
  it('gives no user the right to write raw policy, the configuration or reports', () => {
    const rules = userRoles().flatMap((role) => role['rules'] as readonly Rule[]);
    const written = rules.filter(({ verbs }) => verbs.includes('create')).flatMap(({ resources }) => resources);
    expect(written).to.not.include.members(['rawselinuxprofiles']);
    expect(written.sort()).to.deep.equal([
      'apparmorprofiles',
      'profilebindings',
      'profilerecordings',
      'seccompprofiles',
      'selinuxprofiles',
    ]);
  });

  it('adds to roles of Kubernetes what concerns the namespace, and nothing that concerns the node', () => {
    const added = userRoles().map(({ metadata }) =>
      Object.keys(metadata.labels ?? {}).filter((label) => label.startsWith('rbac.authorization.k8s.io/')),
    );
    expect(added.map((labels) => labels.length)).to.deep.equal([3, 2, 0]);
  });

  it('opens the ports of metrics and webhooks to others, and no more', () => {
    expect(networkPolicy('op')).to.deep.include({
      spec: {
        podSelector: { matchLabels: { app: 'security-profiles-operator' } },
        policyTypes: ['Ingress'],
        ingress: [
          {
            ports: [
              { protocol: 'TCP', port: 9443 },
              { protocol: 'TCP', port: 9444 },
            ],
          },
        ],
      },
    });
  });

  it('lets pods use the profiles of the operator that record them', () => {
    expect(JSON.stringify(tenantPolicy('op'))).to.contain("[namespaceObject.metadata.name, 'op']");
  });
});
