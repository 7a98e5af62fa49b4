// SPDX-License-Identifier: Apache-2.0
// How metrics are reached: the Service `metrics` before all daemons, the one before the manager, and the ServiceMonitor
// that tells Prometheus of both.
import { METRICS_PATH, OBJECT, OPERATOR, PORT } from '../names.ts';
import { DAEMON_LABELS } from './daemon-set.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { APP_LABEL, ownedMeta } from './manifest.ts';

/**
 * Names of the ports, in the Services and in the ServiceMonitor alike: where the two differ nothing is scraped. By its
 * own name the manager is told from the daemons, and asked for its own certificate.
 */
const PORT_NAME = { daemons: 'https', manager: 'https-manager' } as const;

/** Host name under which the daemons' Service is reached inside the cluster. */
export function metricsHost(namespace: string): string {
  return `${OBJECT.metricsService}.${namespace}.svc`;
}

/** The same of the manager's. */
export function managerMetricsHost(namespace: string): string {
  return `${OBJECT.managerMetricsService}.${namespace}.svc`;
}

/** All names under which the daemons' Service is reached: their certificate is made for them. */
export function metricsNames(namespace: string): readonly string[] {
  return namesOf(OBJECT.metricsService, namespace);
}

/** The same of the manager, whose key no node has: one that was taken over cannot pose as the manager. */
export function managerMetricsNames(namespace: string): readonly string[] {
  return namesOf(OBJECT.managerMetricsService, namespace);
}

function namesOf(service: string, namespace: string): readonly string[] {
  return ['.svc', '', '.svc.cluster.local'].map((end) => `${service}.${namespace}${end}`);
}

/**
 * The Services: 443 to the metrics port. The manual's `metrics` leads to the daemons alone, because a client that asks
 * a Service twice must find the same counters; the manager has one of its own.
 */
export function metricsServices(namespace: string, owner: OwnerReference): readonly Manifest[] {
  return [
    metricsService(OBJECT.metricsService, PORT_NAME.daemons, namespace, owner, DAEMON_LABELS),
    metricsService(OBJECT.managerMetricsService, PORT_NAME.manager, namespace, owner, { ...APP_LABEL, name: OPERATOR }),
  ];
}

function metricsService(
  name: string,
  port: string,
  namespace: string,
  owner: OwnerReference,
  selector: Readonly<Record<string, string>>,
): Manifest {
  const ports = [{ name: port, port: 443, protocol: 'TCP', targetPort: PORT.metrics }];
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
  const endpoint = (of: keyof typeof PORT_NAME, path: string): object => ({
    path,
    port: PORT_NAME[of],
    scheme: 'https',
    interval: '10s',
    authorization: { type: 'Bearer', credentials: { name: OBJECT.metricsToken, key: 'token' } },
    tlsConfig: {
      serverName: (of === 'manager' ? managerMetricsHost : metricsHost)(namespace),
      ca: { secret: { name: of === 'manager' ? OBJECT.managerMetricsCert : OBJECT.metricsCert, key: 'ca.crt' } },
    },
  });
  return {
    apiVersion: 'monitoring.coreos.com/v1',
    kind: 'ServiceMonitor',
    metadata: ownedMeta(OBJECT.serviceMonitor, namespace, owner),
    spec: {
      endpoints: (['daemons', 'manager'] as const).flatMap((of) =>
        [METRICS_PATH.runtime, METRICS_PATH.spod].map((path) => endpoint(of, path)),
      ),
      namespaceSelector: { matchNames: [namespace] },
      selector: { matchLabels: { app: DAEMON_LABELS['app'] ?? '' } },
    },
  };
}
