// SPDX-License-Identifier: Apache-2.0
// The manager's Deployment, the namespace and the accounts: what a user applies by hand, and all that they need to
// apply.
import { ENV } from '../env.ts';
import { OBJECT, OPERATOR, SPOD } from '../names.ts';
import { fieldVar, probeOf, restrictionVars, SERVED_PORTS, STARTUP_PROBE } from './container.ts';
import type { EnvVar } from './container.ts';
import { imageOf } from './image.ts';
import type { Manifest } from './manifest.ts';
import { APP_LABEL, ownedMeta, REQUIRED_SCC } from './manifest.ts';
import { managerSecurity } from './pod-security.ts';
import type { SpodOptions } from './spod-options.ts';
import { STARTUP_TOLERATION } from './startup-toleration.ts';

/** The inputs of the manifests of an installation. */
export interface Installation {
  readonly namespace: string;
  readonly image: string;
  readonly kubeletDir: string;
  /** Namespaces that the operator is restricted to; none for all. */
  readonly restrictTo: readonly string[];
  /** Fields that the spod shall have from the beginning; none if not given. */
  readonly spodOptions?: SpodOptions;
}

/**
 * OpenShift's constraints for the manager: what `restricted-v2` demands, except that its user may be chosen, and ours
 * is.
 */
export const MANAGER_SCC = 'nonroot-v2';

/** Time for it to let go what it holds, where it is uninstalled (25 s at most), and for its webhooks to be left. */
const GRACE_SECONDS = 40;

/** The operator's namespace. It is privileged because the daemon mounts directories of the node. */
export function operatorNamespace(namespace: string): Manifest {
  const labels = {
    ...APP_LABEL,
    'openshift.io/cluster-monitoring': 'true',
    'pod-security.kubernetes.io/audit': 'privileged',
    'pod-security.kubernetes.io/enforce': 'privileged',
    'pod-security.kubernetes.io/warn': 'privileged',
  };
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace, labels } };
}

/** The accounts of manager, daemon and webhook. */
export function serviceAccounts(namespace: string): readonly Manifest[] {
  return [OPERATOR, SPOD, OBJECT.webhookAccount].map((name) => ({
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: ownedMeta(name, namespace),
  }));
}

/** The manager. One replica; more are allowed, the lease lets one of them work. */
export function managerDeployment(installation: Installation): Manifest {
  const labels = { ...APP_LABEL, name: OPERATOR };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: ownedMeta(OPERATOR, installation.namespace),
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels, annotations: { [REQUIRED_SCC]: MANAGER_SCC } },
        spec: {
          serviceAccountName: OPERATOR,
          priorityClassName: 'system-cluster-critical',
          nodeSelector: { 'kubernetes.io/os': 'linux' },
          tolerations: CONTROL_PLANE_TOLERATIONS,
          enableServiceLinks: false,
          securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
          terminationGracePeriodSeconds: GRACE_SECONDS,
          containers: [managerContainer(installation)],
        },
      },
    },
  };
}

/** Taints of nodes on which the manager and the webhook may run: clusters of one node have no others. */
export const CONTROL_PLANE_TOLERATIONS = [
  { key: 'node-role.kubernetes.io/master', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
  STARTUP_TOLERATION,
];

function managerContainer(installation: Installation): object {
  return {
    name: OPERATOR,
    ...imageOf({ image: installation.image, imagePullPolicy: 'IfNotPresent' }),
    args: ['manager'],
    env: managerEnv(installation),
    ports: SERVED_PORTS,
    resources: { requests: { memory: '50Mi', cpu: '100m' }, limits: { memory: '128Mi' } },
    securityContext: managerSecurity(),
    startupProbe: STARTUP_PROBE,
    readinessProbe: probeOf('/readyz', { periodSeconds: 5 }),
    livenessProbe: probeOf('/healthz', { periodSeconds: 10 }),
  };
}

function managerEnv(installation: Installation): readonly EnvVar[] {
  const { spodOptions = {} } = installation;
  const options = Object.keys(spodOptions).length === 0 ? undefined : JSON.stringify(spodOptions);
  return [
    fieldVar(ENV.namespace, 'metadata.namespace'),
    fieldVar(ENV.podName, 'metadata.name'),
    { name: ENV.kubeletDir, value: installation.kubeletDir },
    ...restrictionVars(installation.restrictTo),
    ...(options === undefined ? [] : [{ name: ENV.spodOptions, value: options }]),
  ];
}
