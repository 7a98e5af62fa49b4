// SPDX-License-Identifier: Apache-2.0
// The ports of our pods that others may reach, where the cluster's network enforces policies: metrics and webhooks,
// both over TLS. Probes come from the node itself, which no policy keeps out, and profiles are for those who forward a
// port or are on the node.
import { OPERATOR, PORT } from '../names.ts';
import type { Manifest } from './manifest.ts';
import { APP_LABEL, ownedMeta } from './manifest.ts';

/** The policy for all pods of ours. */
export function networkPolicy(namespace: string): Manifest {
  const served = new Set([PORT.metrics, PORT.webhook, PORT.webhookMetrics, PORT.webhookInManager]);
  const ports = [...served].sort().map((port) => ({ protocol: 'TCP', port }));
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: ownedMeta(OPERATOR, namespace),
    spec: { podSelector: { matchLabels: APP_LABEL }, policyTypes: ['Ingress'], ingress: [{ ports }] },
  };
}
