// SPDX-License-Identifier: Apache-2.0
// How metrics are reached: the Service `metrics` before all daemons, the one before the manager, and the ServiceMonitor
// that tells Prometheus of both.
import { METRICS_PATH, OBJECT, OPERATOR, PORT } from '../names.ts';
import { DAEMON_LABELS } from './daemon-set.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { APP_LABEL, ownedMeta } from './manifest.ts';

/** The port's name, in the Service and in the ServiceMonitor alike: where the two differ nothing is scraped. */
const PORT_NAME = 'https';

/** Host name under which the daemons' Service is reached inside the cluster. */
export function metricsHost(namespace: string): string {
  return `${OBJECT.metricsService}.${namespace}.svc`;
}

/** All names under which the Services are reached: the certificate is made for them. */
export function metricsNames(namespace: string): readonly string[] {
  return [OBJECT.metricsService, OBJECT.managerMetricsService].flatMap((service) => [
    `${service}.${namespace}.svc`,
    `${service}.${namespace}`,
    `${service}.${namespace}.svc.cluster.local`,
  ]);
}

/**
 * The Services: 443 to the metrics port. The manual's `metrics` leads to the daemons alone, because a client that asks
 * a Service twice must find the same counters; the manager has one of its own.
 */
export function metricsServices(namespace: string, owner: OwnerReference): readonly Manifest[] {
  return [
    metricsService(OBJECT.metricsService, namespace, owner, DAEMON_LABELS),
    metricsService(OBJECT.managerMetricsService, namespace, owner, { ...APP_LABEL, name: OPERATOR }),
  ];
}

function metricsService(
  name: string,
  namespace: string,
  owner: OwnerReference,
  selector: Readonly<Record<string, string>>,
): Manifest {
  const ports = [{ name: PORT_NAME, port: 443, protocol: 'TCP', targetPort: PORT.metrics }];
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownedMeta(name, namespace, owner),
    spec: { type: 'ClusterIP', selector, ports },
  };
}

/**
 * A token of the account that may read metrics: Kubernetes fills it in, and Prometheus needs no permission of its own.
 */
export function metricsToken(namespace: string, owner: OwnerReference): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      ...ownedMeta(OBJECT.metricsToken, namespace, owner),
      annotations: { 'kubernetes.io/service-account.name': 'default' },
    },
    type: 'kubernetes.io/service-account-token',
  };
}

/** The ServiceMonitor for clusters with the Prometheus operator: both endpoints, over TLS, with that token. */
export function serviceMonitor(namespace: string, owner: OwnerReference): Manifest {
  const endpoint = (path: string): object => ({
    path,
    port: PORT_NAME,
    scheme: 'https',
    interval: '10s',
    authorization: { type: 'Bearer', credentials: { name: OBJECT.metricsToken, key: 'token' } },
    tlsConfig: {
      serverName: metricsHost(namespace),
      ca: { secret: { name: OBJECT.metricsCert, key: 'ca.crt' } },
    },
  });
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: ownedMeta(OBJECT.serviceMonitor, namespace, owner),
    spec: {
      endpoints: [endpoint(METRICS_PATH.runtime), endpoint(METRICS_PATH.spod)],
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels: { app: DAEMON_LABELS['app'] ?? '' } },
    },
  };
}
