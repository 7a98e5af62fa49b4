// SPDX-License-Identifier: Apache-2.0
// The manager's Deployment and what stands around it.
import { expect } from 'chai';
import type { Installation } from '../../../src/core/deploy/manager.ts';
import { managerDeployment, operatorNamespace, serviceAccounts } from '../../../src/core/deploy/manager.ts';
import {
  metricsNames,
  metricsServices,
  metricsToken,
  serviceMonitor,
} from '../../../src/core/deploy/metrics-objects.ts';
import { expectGolden } from './golden.ts';

const installation: Installation = {
  namespace: 'security-profiles-operator',
  image: 'registry.example/security-profiles-operator:v1',
  kubeletDir: '/var/lib/kubelet',
  restrictTo: [],
};
const owner = { apiVersion: 'v1', kind: 'X', name: 'spod', uid: 'u' };

describe('core/deploy/manager', () => {
  it('is the golden installation', () => {
    expectGolden('manager', [
      operatorNamespace(installation.namespace),
      ...serviceAccounts(installation.namespace),
      managerDeployment(installation),
    ]);
  });

  it('restricts the manager to namespaces by its environment', () => {
    const restricted = JSON.stringify(managerDeployment({ ...installation, restrictTo: ['NS_REPLACE'] }));
    expect(restricted).to.contain('{"name":"RESTRICT_TO_NAMESPACE","value":"NS_REPLACE"}');
    expect(JSON.stringify(managerDeployment(installation))).to.not.contain('RESTRICT_TO_NAMESPACE');
  });
});

describe('core/deploy/metrics-objects', () => {
  it('is the golden Services and ServiceMonitor', () => {
    expectGolden('metrics', [...metricsServices('ns', owner), metricsToken('ns', owner), serviceMonitor('ns', owner)]);
  });

  it('scrapes a port that both Services have', () => {
    for (const service of metricsServices('ns', owner)) {
      const port = /"ports":\[\{"name":"(\w+)"/.exec(JSON.stringify(service))?.[1];
      expect(JSON.stringify(serviceMonitor('ns', owner)).split(`"port":"${port ?? ''}"`)).to.have.length(3);
    }
  });

  it('names both Services in the certificate', () => {
    expect(metricsNames('ns')).to.include('metrics.ns.svc').and.include('manager-metrics.ns.svc');
  });
});
