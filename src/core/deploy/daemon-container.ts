// SPDX-License-Identifier: Apache-2.0
// The containers of the DaemonSet and what each may do. Root is held by the init container alone, which needs it to give
// the profile directories to uid 65535 and has no capability beyond that; what runs afterwards has none at all.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import {
  CONTAINERS,
  METRICS_CERT_MOUNT,
  NON_ROOT_ID,
  OPERATOR_ROOT,
  OWN_PROFILES_MOUNT,
  OWN_SECCOMP_PROFILE,
  PORT,
  profilesRoot,
  seccompRoot,
} from '../names.ts';
import type { DaemonContext } from './daemon-set.ts';

/** Where the init container sees the node's directories. */
export const HOST_MOUNT = '/host';

/** Names of the volumes that containers and pod must agree on. */
export const VOLUME = {
  operatorRoot: 'host-operator-volume',
  seccompRoot: 'host-seccomp-volume',
  hostRoot: 'host-root-volume',
  ownProfiles: 'operator-profiles-volume',
  metricsCert: 'metrics-cert-volume',
} as const;

/** A variable of a container's environment. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

/** The init container: makes the directories, the link and the ownership, then ends. */
export function enablerContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.enabler,
    ...imageOf(context),
    args: ['non-root-enabler'],
    env: [
      NODE_NAME,
      { name: 'KUBELET_DIR', value: context.kubeletDir },
      ...(context.kubeletDirsByNode ? [{ name: 'KUBELET_DIR_FROM_NODE', value: 'true' }] : []),
      verbosity(spec),
    ],
    resources: {
      requests: { memory: '32Mi', cpu: '100m', 'ephemeral-storage': '10Mi' },
      limits: { memory: '96Mi', 'ephemeral-storage': '50Mi' },
    },
    securityContext: {
      ...securityContext(spec),
      capabilities: { drop: ['ALL'], add: ['CHOWN', 'FOWNER', 'FSETID', 'DAC_OVERRIDE'] },
      runAsUser: 0,
      runAsGroup: 0,
    },
    volumeMounts: enablerMounts(context),
  };
}

/** The daemon: no root, no capability, a read-only root file system, and a seccomp profile of our own. */
export function daemonContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.daemon,
    ...imageOf(context),
    args: ['daemon', ...(spec.enableMemoryOptimization === true ? ['--with-mem-optim=true'] : [])],
    env: daemonEnv(spec, context),
    ports: [
      { name: 'metrics', containerPort: PORT.metrics, protocol: 'TCP' },
      { name: 'health', containerPort: PORT.health, protocol: 'TCP' },
      ...(spec.enableProfiling === true ? [{ name: 'profiling', containerPort: PORT.profiling, protocol: 'TCP' }] : []),
    ],
    resources: spec.daemonResourceRequirements ?? DAEMON_RESOURCES,
    securityContext: {
      ...securityContext(spec),
      capabilities: { drop: ['ALL'] },
      runAsUser: NON_ROOT_ID,
      runAsGroup: NON_ROOT_ID,
      runAsNonRoot: true,
      seccompProfile: { type: 'Localhost', localhostProfile: OWN_SECCOMP_PROFILE },
    },
    ...DAEMON_PROBES,
    volumeMounts: [
      { name: VOLUME.operatorRoot, mountPath: profilesRoot(context.kubeletDir) },
      { name: VOLUME.metricsCert, mountPath: METRICS_CERT_MOUNT, readOnly: true },
    ],
  };
}

const NODE_NAME: EnvVar = { name: 'NODE_NAME', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } };

const DAEMON_RESOURCES = {
  requests: { memory: '64Mi', cpu: '100m', 'ephemeral-storage': '50Mi' },
  limits: { memory: '128Mi', 'ephemeral-storage': '200Mi' },
};

/** Startup is probed every second, because the readiness of a roll-out waits for it; afterwards seldom. */
const DAEMON_PROBES = {
  startupProbe: probe('/healthz', { periodSeconds: 1, failureThreshold: 60 }),
  readinessProbe: probe('/readyz', { periodSeconds: 10, failureThreshold: 3 }),
  livenessProbe: probe('/healthz', { periodSeconds: 10, failureThreshold: 3 }),
};

function probe(path: string, timing: object): object {
  return { httpGet: { path, port: PORT.health, scheme: 'HTTP' }, timeoutSeconds: 2, ...timing };
}

function imageOf(context: DaemonContext): object {
  return { image: context.image, imagePullPolicy: context.imagePullPolicy };
}

function verbosity(spec: SecurityProfilesOperatorDaemonSpec): EnvVar {
  return { name: 'SPO_VERBOSITY', value: String(spec.verbosity ?? 0) };
}

function daemonEnv(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly EnvVar[] {
  return [
    NODE_NAME,
    { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
    { name: 'OPERATOR_NAMESPACE', valueFrom: { fieldRef: { fieldPath: 'metadata.namespace' } } },
    { name: 'SPOD_NAME', value: context.owner.name },
    { name: 'KUBELET_DIR', value: context.kubeletDir },
    verbosity(spec),
    { name: 'SPO_PROFILING', value: String(spec.enableProfiling ?? false) },
    { name: 'SPO_PROFILING_PORT', value: String(PORT.profiling) },
    ...(context.restrictTo.length === 0
      ? []
      : [{ name: 'RESTRICT_TO_NAMESPACE', value: context.restrictTo.join(',') }]),
  ];
}

function securityContext(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    seLinuxOptions: { type: spec.selinuxTypeTag ?? 'spc_t' },
  };
}

function enablerMounts(context: DaemonContext): readonly object[] {
  const profiles = { name: VOLUME.ownProfiles, mountPath: OWN_PROFILES_MOUNT, readOnly: true };
  if (context.kubeletDirsByNode) return [{ name: VOLUME.hostRoot, mountPath: HOST_MOUNT }, profiles];
  return [
    { name: VOLUME.operatorRoot, mountPath: HOST_MOUNT + OPERATOR_ROOT },
    { name: VOLUME.seccompRoot, mountPath: HOST_MOUNT + seccompRoot(context.kubeletDir) },
    profiles,
  ];
}
