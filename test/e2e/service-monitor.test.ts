// SPDX-License-Identifier: Apache-2.0
// Prometheus' operator: its ServiceMonitor is made as soon as the kind exists, and what it says leads to the metrics.
import { expect } from 'chai';
import { OPERATOR_NAMESPACE, START_TIMEOUT, useCluster } from './cluster.ts';
import type { Cluster } from './cluster.ts';

const KIND = 'servicemonitors.monitoring.coreos.com';

interface Endpoint {
  readonly path: string;
  readonly port: string;
  readonly scheme: string;
  readonly authorization: { readonly credentials: { readonly name: string; readonly key: string } };
  readonly tlsConfig: { readonly serverName: string; readonly ca: { readonly secret: { name: string; key: string } } };
}

interface Monitor {
  readonly spec: {
    readonly endpoints: readonly Endpoint[];
    readonly selector: { readonly matchLabels: Readonly<Record<string, string>> };
    readonly namespaceSelector: { readonly matchNames: readonly string[] };
  };
}

/** As much of the CRD as the kind needs to exist. */
const crd = {
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: KIND },
  spec: {
    group: 'monitoring.coreos.com',
    scope: 'Namespaced',
    names: { kind: 'ServiceMonitor', plural: 'servicemonitors', singular: 'servicemonitor' },
    versions: [
      {
        name: 'v1',
        served: true,
        storage: true,
        schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
      },
    ],
  },
};

describe('the ServiceMonitor', function () {
  this.timeout(600_000);
  let cluster: Cluster;

  before(async function () {
    this.timeout(START_TIMEOUT);
    cluster = await useCluster();
    cluster.kubectl(['delete', 'crd', KIND, '--ignore-not-found']);
  });

  after(() => {
    cluster.kubectl(['delete', 'crd', KIND, '--ignore-not-found']);
  });

  const names = (): string => cluster.tryKubectl(['-n', OPERATOR_NAMESPACE, 'get', KIND, '-o', 'name']).stdout.trim();

  function monitor(): Monitor {
    const list = cluster.kubectl(['-n', OPERATOR_NAMESPACE, 'get', KIND, '-o', 'json']);
    const [found] = (JSON.parse(list) as { readonly items: readonly Monitor[] }).items;
    if (found === undefined) throw new Error('there is no ServiceMonitor');
    return found;
  }

  function secret(name: string, key: string): string {
    const path = `{.data.${key.replace('.', '\\.')}}`;
    return Buffer.from(cluster.value('secret', name, OPERATOR_NAMESPACE, path), 'base64').toString();
  }

  it('is made when the kind comes into being, while the operator runs', async () => {
    expect(cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.status.state}')).to.equal('RUNNING');
    cluster.apply(crd);
    await cluster.until('the ServiceMonitor', names, (text) => text !== '');
    const { namespaceSelector, selector } = monitor().spec;
    expect(namespaceSelector.matchNames).to.deep.equal([OPERATOR_NAMESPACE]);
    const labels = Object.entries(selector.matchLabels).map(([key, value]) => `${key}=${value}`);
    const services = ['-n', OPERATOR_NAMESPACE, 'get', 'services', '-l', labels.join(), '-o', 'name'];
    expect(cluster.kubectl(services).trim().split('\n')).to.have.members([
      'service/manager-metrics',
      'service/metrics',
      'service/webhook-service',
    ]);
  });

  it('leads to the metrics with its own port, certificate, server name and token, and without the token to none', () => {
    const { endpoints } = monitor().spec;
    expect(endpoints.map(({ port, path }) => `${port} ${path}`)).to.deep.equal([
      'https /metrics',
      'https /metrics-spod',
      'https-manager /metrics',
      'https-manager /metrics-spod',
    ]);
    for (const { path, port, scheme, authorization, tlsConfig } of endpoints) {
      expect(scheme).to.equal('https');
      const { name, key } = authorization.credentials;
      const ca = secret(tlsConfig.ca.secret.name, tlsConfig.ca.secret.key);
      expect(ca).to.include('BEGIN CERTIFICATE');
      const address = cluster.value(
        'service',
        port === 'https' ? 'metrics' : 'manager-metrics',
        OPERATOR_NAMESPACE,
        '{.spec.clusterIP}',
      );
      const ask = (token: string): string => {
        const words = [`--resolve '${tlsConfig.serverName}:443:${address}'`, `-H 'authorization: Bearer ${token}'`];
        const url = `https://${tlsConfig.serverName}${path}`;
        const curl = `curl -s -w '\\n%{http_code}' --cacert <(printf '%s' '${ca}') ${words.join(' ')} ${url}`;
        return cluster.shell(`nsenter --net="$LAB_NETWORK" ${curl}`).stdout;
      };
      expect(ask(secret(name, key)), path).to.match(/^# HELP [^]*\n200$/);
      expect(ask('none'), path).to.match(/40[13]$/);
    }
  });

  it('is no loss where the kind does not exist', async () => {
    cluster.kubectl(['delete', 'crd', KIND]);
    await cluster.untilRunning();
    const log = cluster.kubectl([
      '-n',
      OPERATOR_NAMESPACE,
      'logs',
      'deployment/security-profiles-operator',
      '--since=5s',
    ]);
    expect(log).to.not.match(/^E/m);
    expect(cluster.value('spod', 'spod', OPERATOR_NAMESPACE, '{.status.state}')).to.equal('RUNNING');
  });
});
