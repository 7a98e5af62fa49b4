// SPDX-License-Identifier: Apache-2.0
// The containers of the DaemonSet and what each may do. Root is held by one init container alone, a compiled program, which
// needs it to give the profile directories to uid 65535 and has no capability beyond that; what runs afterwards has none at
// all.
import type { SecurityProfilesOperatorDaemonSpec } from '../../gen/crd/security-profiles-operator-daemon.ts';
import {
  CONTAINERS,
  KUBELET_DIR_FILE,
  METRICS_CERT_MOUNT,
  NON_ROOT_ID,
  OPERATOR_ROOT,
  OWN_PROFILES_MOUNT,
  OWN_SECCOMP_PROFILE,
  PORT,
  profilesRoot,
  seccompRoot,
} from '../names.ts';
import type { DaemonContext } from './daemon-context.ts';
import { hasOwnKubeletDirs } from './daemon-context.ts';
import { IMAGE_FOLDER } from './image.ts';

/** Where the enabler sees the node's directories. */
const HOST_MOUNT = '/host';

/** The directory that the two init containers share. */
const KUBELET_DIR_MOUNT = KUBELET_DIR_FILE.slice(0, KUBELET_DIR_FILE.lastIndexOf('/'));

/** Names of the volumes that containers and pod must agree on. */
export const VOLUME = {
  operatorRoot: 'host-operator-volume',
  seccompRoot: 'host-seccomp-volume',
  hostRoot: 'host-root-volume',
  kubeletDirectory: 'kubelet-directory-volume',
  ownProfiles: 'operator-profiles-volume',
  metricsCert: 'metrics-cert-volume',
  apiAccess: 'kube-api-access-volume',
} as const;

/** Where every client in a pod looks for the account's token and the API server's authority. */
const API_ACCESS_MOUNT = '/var/run/secrets/kubernetes.io/serviceaccount';

/** For those who speak to the API server: the pod does not mount the token into every container. */
const API_ACCESS = { name: VOLUME.apiAccess, mountPath: API_ACCESS_MOUNT, readOnly: true };

/** A variable of a container's environment. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: { readonly fieldRef: { readonly fieldPath: string } };
}

/** The init containers, in their order: who asks for the kubelet's directory where nodes have their own, and the enabler. */
export function initContainers(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly object[] {
  const enabler = enablerContainer(spec, context);
  return hasOwnKubeletDirs(context) ? [kubeletDirectoryContainer(spec, context), enabler] : [enabler];
}

/** Reads the label of its node. It speaks to the API server and may nothing else. */
function kubeletDirectoryContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.kubeletDirectory,
    ...imageOf(context),
    args: ['kubelet-directory'],
    env: [
      NODE_NAME,
      { name: 'KUBELET_DIR', value: context.kubeletDir },
      { name: 'KUBELET_DIR_FILE', value: KUBELET_DIR_FILE },
      verbosity(spec),
    ],
    resources: {
      requests: { memory: '32Mi', cpu: '100m', 'ephemeral-storage': '10Mi' },
      limits: { memory: '96Mi', 'ephemeral-storage': '50Mi' },
    },
    securityContext: unprivileged(spec),
    volumeMounts: [{ name: VOLUME.kubeletDirectory, mountPath: KUBELET_DIR_MOUNT }, API_ACCESS],
  };
}

/** Makes the directories, the link and the ownership, then ends: a compiled program, which speaks to nobody. */
function enablerContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.enabler,
    ...imageOf(context),
    command: [`${IMAGE_FOLDER}/non_root_enabler`],
    env: [
      { name: 'HOST_MOUNT', value: HOST_MOUNT },
      { name: 'OWN_PROFILES', value: OWN_PROFILES_MOUNT },
      { name: 'KUBELET_DIR', value: context.kubeletDir },
      ...(hasOwnKubeletDirs(context)
        ? [
            { name: 'KUBELET_DIR_FROM_NODE', value: 'true' },
            { name: 'KUBELET_DIR_FILE', value: KUBELET_DIR_FILE },
          ]
        : []),
    ],
    resources: {
      requests: { memory: '16Mi', cpu: '100m', 'ephemeral-storage': '10Mi' },
      limits: { memory: '64Mi', 'ephemeral-storage': '50Mi' },
    },
    securityContext: {
      ...securityContext(spec),
      capabilities: { drop: ['ALL'], add: ['CHOWN', 'FOWNER', 'DAC_OVERRIDE'] },
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
      ...unprivileged(spec),
      seccompProfile: { type: 'Localhost', localhostProfile: OWN_SECCOMP_PROFILE },
    },
    ...DAEMON_PROBES,
    volumeMounts: [
      { name: VOLUME.operatorRoot, mountPath: profilesRoot(context.kubeletDir) },
      { name: VOLUME.metricsCert, mountPath: METRICS_CERT_MOUNT, readOnly: true },
      API_ACCESS,
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

function unprivileged(spec: SecurityProfilesOperatorDaemonSpec): object {
  return {
    ...securityContext(spec),
    capabilities: { drop: ['ALL'] },
    runAsUser: NON_ROOT_ID,
    runAsGroup: NON_ROOT_ID,
    runAsNonRoot: true,
  };
}

function enablerMounts(context: DaemonContext): readonly object[] {
  const profiles = { name: VOLUME.ownProfiles, mountPath: OWN_PROFILES_MOUNT, readOnly: true };
  if (hasOwnKubeletDirs(context)) {
    const directory = { name: VOLUME.kubeletDirectory, mountPath: KUBELET_DIR_MOUNT, readOnly: true };
    return [{ name: VOLUME.hostRoot, mountPath: HOST_MOUNT }, directory, profiles];
  }
  return [
    { name: VOLUME.operatorRoot, mountPath: HOST_MOUNT + OPERATOR_ROOT },
    { name: VOLUME.seccompRoot, mountPath: HOST_MOUNT + seccompRoot(context.kubeletDir) },
    profiles,
  ];
}
