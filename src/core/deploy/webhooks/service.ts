// SPDX-License-Identifier: Apache-2.0
// How the API server reaches the webhooks: one Service, before the webhook's own pods or before the manager's.
import { OBJECT, OPERATOR, PORT } from '../../names.ts';
import type { Manifest, OwnerReference } from '../manifest.ts';
import { APP_LABEL, ownedMeta } from '../manifest.ts';

/** Where the webhooks run: in pods of their own, or in the manager's process. */
export type WebhookPlace = 'deployment' | 'manager';

/** Labels of the webhook's pods. */
export const WEBHOOK_LABELS: Readonly<Record<string, string>> = { ...APP_LABEL, name: OBJECT.webhook };

/**
 * OpenShift: its service CA makes a certificate for the Service and puts it into the secret of this name.
 * Source: docs.openshift.com, "Securing service traffic using service serving certificate secrets".
 */
const SERVING_CERT = 'service.beta.openshift.io/serving-cert-secret-name';

/** The names under which the API server reaches the webhooks, the one that it uses first. */
export function webhookNames(namespace: string): readonly string[] {
  const host = `${OBJECT.webhookService}.${namespace}`;
  return [`${host}.svc`, host, `${host}.svc.cluster.local`];
}

/** The inputs of the Service. */
export interface WebhookServiceInput {
  readonly namespace: string;
  readonly place: WebhookPlace;
  /** OpenShift makes the certificate. */
  readonly servedByOpenShift: boolean;
  readonly owner?: OwnerReference;
}

/**
 * The Service. Beside the webhooks it leads to the metrics of the webhook's pods, on a port named as those of the other
 * Services that Prometheus scrapes; the manager's metrics have a Service already.
 */
export function webhookService({ namespace, place, servedByOpenShift, owner }: WebhookServiceInput): Manifest {
  const inManager = place === 'manager';
  const port = { name: 'webhook', port: 443, protocol: 'TCP' };
  const metrics = { name: 'https', port: PORT.webhookMetrics, protocol: 'TCP', targetPort: PORT.webhookMetrics };
  const meta = ownedMeta(OBJECT.webhookService, namespace, owner);
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: servedByOpenShift ? { ...meta, annotations: { [SERVING_CERT]: OBJECT.webhookCert } } : meta,
    spec: {
      type: 'ClusterIP',
      selector: inManager ? { ...APP_LABEL, name: OPERATOR } : WEBHOOK_LABELS,
      ports: inManager
        ? [{ ...port, targetPort: PORT.webhookInManager }]
        : [{ ...port, targetPort: PORT.webhook }, metrics],
    },
  };
}
