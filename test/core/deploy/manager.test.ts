// SPDX-License-Identifier: Apache-2.0
// The manager's Deployment and what stands around it.
import { expect } from 'chai';
import type { Installation } from '../../../src/core/deploy/manager.ts';
import { managerDeployment, operatorNamespace, serviceAccounts } from '../../../src/core/deploy/manager.ts';
import {
  managerMetricsNames,
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

  it('scrapes a port that each of the Services has, with the name of that Service', () => {
    const monitor = JSON.stringify(serviceMonitor('ns', owner));
    for (const service of metricsServices('ns', owner)) {
      const port = /"ports":\[\{"name":"([\w-]+)"/.exec(JSON.stringify(service))?.[1];
      expect(monitor.split(`"port":"${port ?? ''}"`)).to.have.length(3);
      expect(monitor.split(`"serverName":"${service.metadata.name}.ns.svc"`)).to.have.length(3);
    }
  });

  it('names in each certificate one of the Services: a node cannot pose as the manager', () => {
    expect(metricsNames('ns')).to.deep.equal(['metrics.ns.svc', 'metrics.ns', 'metrics.ns.svc.cluster.local']);
    expect(managerMetricsNames('ns')[0]).to.equal('manager-metrics.ns.svc');
  });
});
