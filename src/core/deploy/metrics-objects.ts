// SPDX-License-Identifier: Apache-2.0
// How metrics are reached: the Service `metrics` before all daemons, and the ServiceMonitor that tells Prometheus of it.
import { METRICS_PATH, OBJECT, PORT } from '../names.ts';
import { DAEMON_LABELS } from './daemon-set.ts';
import type { Manifest, Owner } from './manifest.ts';
import { ownedMeta } from './manifest.ts';

/** The port's name, in the Service and in the ServiceMonitor alike: where the two differ nothing is scraped. */
const PORT_NAME = 'https';

/** Host name under which the Service is reached inside the cluster; the certificate is made for it. */
export function metricsHost(namespace: string): string {
  return `${OBJECT.metricsService}.${namespace}.svc`;
}

/** The Service `metrics`: 443 to the daemons' metrics port. */
export function metricsService(namespace: string, owner: Owner): Manifest {
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: ownedMeta(OBJECT.metricsService, namespace, owner),
    spec: {
      type: 'ClusterIP',
      selector: DAEMON_LABELS,
      ports: [{ name: PORT_NAME, port: 443, protocol: 'TCP', targetPort: PORT.metrics }],
    },
  };
}

/** A token of the account that may read metrics: Kubernetes fills it in, and Prometheus needs no permission of its own. */
export function metricsToken(namespace: string, owner: Owner): Manifest {
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
export function serviceMonitor(namespace: string, owner: Owner): Manifest {
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
