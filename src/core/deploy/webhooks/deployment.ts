// SPDX-License-Identifier: Apache-2.0
// The Deployment of the webhook's own pods: two replicas, apart where there are two nodes, without any privilege. They
// go on answering for a while after they were told to end, because the API server learns of it later than they do.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../../env.ts';
import { METRICS_CERT_MOUNT, OBJECT, PORT, WEBHOOK_CERT_MOUNT } from '../../names.ts';
import { fieldVar, probeOf, restrictionVars, STARTUP_PROBE } from '../container.ts';
import type { EnvVar } from '../container.ts';
import { IMAGE_FOLDER, imageOf } from '../image.ts';
import { CONTROL_PLANE_TOLERATIONS, MANAGER_SCC } from '../manager.ts';
import type { Manifest, OwnerReference } from '../manifest.ts';
import { ownedMeta, REQUIRED_SCC } from '../manifest.ts';
import { managerSecurity } from '../pod-security.ts';
import { VOLUME } from '../volumes.ts';
import { WEBHOOK_LABELS } from './service.ts';

/** The inputs of the Deployment, among them the options of the spod object. */
export interface WebhookDeploymentInput {
  readonly spec: SecurityProfilesOperatorDaemonSpec;
  readonly namespace: string;
  readonly image: string;
  readonly imagePullPolicy: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly restrictTo: readonly string[];
  readonly owner?: OwnerReference;
}

/**
 * Node.js for the webhook: with optimized code, which the other processes go without, because each pod of a namespace
 * waits for its answer. `--optimize-for-size` would save 3 MiB and cost a third of the reviews per second.
 */
export const COMMAND = ['/usr/bin/node', '--max-semi-space-size=2', '--expose-gc', `${IMAGE_FOLDER}/main.cjs`];

/**
 * Longest time between the signal to end and the end, in seconds: the role answers for eight seconds after it.
 */
const GRACE_SECONDS = 20;

/** The Deployment. */
export function webhookDeployment(input: WebhookDeploymentInput): Manifest {
  const { namespace, owner } = input;
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: ownedMeta(OBJECT.webhook, namespace, owner),
    spec: {
      replicas: 2,
      selector: { matchLabels: WEBHOOK_LABELS },
      strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
      template: {
        metadata: { labels: WEBHOOK_LABELS, annotations: { [REQUIRED_SCC]: MANAGER_SCC } },
        spec: podSpec(input),
      },
    },
  };
}

function podSpec(input: WebhookDeploymentInput): object {
  const { imagePullSecrets } = input.spec;
  return {
    serviceAccountName: OBJECT.webhookAccount,
    priorityClassName: 'system-cluster-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: CONTROL_PLANE_TOLERATIONS,
    affinity: APART,
    ...(imagePullSecrets === undefined ? {} : { imagePullSecrets }),
    enableServiceLinks: false,
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    terminationGracePeriodSeconds: GRACE_SECONDS,
    containers: [container(input)],
    volumes: [
      // Optional: another part of the cluster may make it later, and the pod reads it when it comes.
      { name: VOLUME.webhookCert, secret: { secretName: OBJECT.webhookCert, optional: true } },
      { name: VOLUME.metricsCert, secret: { secretName: OBJECT.managerMetricsCert, optional: true } },
    ],
  };
}

const APART = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: { labelSelector: { matchLabels: WEBHOOK_LABELS }, topologyKey: 'kubernetes.io/hostname' },
      },
    ],
  },
};

function container(input: WebhookDeploymentInput): object {
  const { staticWebhookConfig } = input.spec;
  return {
    name: OBJECT.webhook,
    ...imageOf(input),
    command: COMMAND,
    args: ['webhook', `--port=${String(PORT.webhook)}`, ...(staticWebhookConfig === true ? ['--static'] : [])],
    env: environment(input),
    ports: [
      { name: 'webhook', containerPort: PORT.webhook, protocol: 'TCP' },
      { name: 'metrics', containerPort: PORT.webhookMetrics, protocol: 'TCP' },
      { name: 'health', containerPort: PORT.health, protocol: 'TCP' },
    ],
    resources: { requests: { memory: '64Mi', cpu: '50m' }, limits: { memory: '192Mi' } },
    securityContext: managerSecurity(),
    startupProbe: STARTUP_PROBE,
    readinessProbe: probeOf('/readyz', { periodSeconds: 2, failureThreshold: 1 }),
    livenessProbe: probeOf('/healthz', { periodSeconds: 10 }),
    volumeMounts: [
      { name: VOLUME.webhookCert, mountPath: WEBHOOK_CERT_MOUNT, readOnly: true },
      { name: VOLUME.metricsCert, mountPath: METRICS_CERT_MOUNT, readOnly: true },
    ],
  };
}

function environment({ spec, restrictTo }: WebhookDeploymentInput): readonly EnvVar[] {
  return [
    fieldVar(ENV.namespace, 'metadata.namespace'),
    fieldVar(ENV.podName, 'metadata.name'),
    { name: ENV.verbosity, value: String(spec.verbosity ?? 0) },
    { name: ENV.metricsPort, value: String(PORT.webhookMetrics) },
    ...restrictionVars(restrictTo),
  ];
}
