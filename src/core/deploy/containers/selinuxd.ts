// SPDX-License-Identifier: Apache-2.0
// The container selinuxd. Its JavaScript has no privilege; the program that it starts becomes root to change the policy
// of the node, whose store and whose file system of SELinux are all that it sees of it. It speaks to no API server.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../../env.ts';
import { CONTAINERS, PORT, SELINUX_POLICIES_MOUNT, SELINUXD_SOCKET, SYS_FS_MOUNT } from '../../names.ts';
import { nodeProbes, tellingVars } from '../container.ts';
import type { EnvVar } from '../container.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { imageOf } from '../image.ts';
import { selinuxdSecurity } from '../pod-security.ts';
import { SELINUX_POLICIES, SELINUXD_MOUNT, VOLUME } from '../volumes.ts';

/** libsemanage builds the whole policy of a node in memory: 200 to 500 MiB for that of a distribution. */
const RESOURCES = {
  requests: { memory: '64Mi', cpu: '100m', 'ephemeral-storage': '50Mi' },
  limits: { memory: '1024Mi', 'ephemeral-storage': '400Mi' },
};

/**
 * The parts of the node that change with its policy. A node without SELinux gets empty directories; the one that the
 * kernel gives it, nobody can make there, so that the one above is mounted, in which libselinux finds its file system.
 */
const NODE_PARTS = [
  { name: VOLUME.selinuxConfig, path: '/etc/selinux', mountPath: '/etc/selinux', type: 'DirectoryOrCreate' },
  { name: VOLUME.selinuxStore, path: '/var/lib/selinux', mountPath: '/var/lib/selinux', type: 'DirectoryOrCreate' },
  { name: VOLUME.selinuxKernel, path: '/sys/fs', mountPath: SYS_FS_MOUNT, type: 'Directory' },
] as const;

/** Whether SELinux profiles are asked for. */
export function hasSelinux(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return spec.enableSelinux === true;
}

/** Whether the pod has the container. */
export function hasSelinuxd(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return hasSelinux(spec) && spec.useNodeSelinuxd !== true;
}

/** The container. */
export function selinuxdContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.selinuxd,
    ...imageOf(context),
    args: ['selinuxd'],
    env: environment(spec),
    ports: [{ name: 'selinuxd-health', containerPort: PORT.selinuxdHealth, protocol: 'TCP' }],
    resources: RESOURCES,
    securityContext: selinuxdSecurity(spec),
    ...nodeProbes(PORT.selinuxdHealth),
    volumeMounts: [
      { ...SELINUX_POLICIES, readOnly: true },
      SELINUXD_MOUNT,
      ...NODE_PARTS.map(({ name, mountPath }) => ({ name, mountPath })),
    ],
  };
}

/**
 * The volumes over which the daemon speaks to a selinuxd: the pod's own, and what the container needs besides, or those
 * of the node. A node without SELinux gets empty directories there.
 */
export function selinuxVolumes(spec: SecurityProfilesOperatorDaemonSpec): readonly object[] {
  if (hasSelinuxd(spec)) return ownVolumes();
  return [SELINUX_POLICIES, SELINUXD_MOUNT].map(({ name, mountPath: path }) => ({
    name,
    hostPath: { path, type: 'DirectoryOrCreate' },
  }));
}

function ownVolumes(): readonly object[] {
  return [
    { name: VOLUME.selinuxPolicies, emptyDir: { sizeLimit: '500Mi' } },
    { name: VOLUME.selinuxd, emptyDir: { sizeLimit: '1Mi' } },
    ...NODE_PARTS.map(({ name, path, type }) => ({ name, hostPath: { path, type } })),
  ];
}

/** The variables of the daemon that lead to selinuxd. One of the node knows nothing of recordings. */
export function selinuxdVars(spec: SecurityProfilesOperatorDaemonSpec): readonly EnvVar[] {
  return hasSelinuxd(spec) ? PLACE_VARS : [...PLACE_VARS, recordingVar(spec)];
}

const PLACE_VARS: readonly EnvVar[] = [
  { name: ENV.selinuxPolicies, value: SELINUX_POLICIES_MOUNT },
  { name: ENV.selinuxdSocket, value: SELINUXD_SOCKET },
];

/** The policy for recordings is there with the log enricher, which records SELinux profiles. */
function recordingVar(spec: SecurityProfilesOperatorDaemonSpec): EnvVar {
  return { name: ENV.selinuxRecording, value: String(spec.enableLogEnricher ?? false) };
}

function environment(spec: SecurityProfilesOperatorDaemonSpec): readonly EnvVar[] {
  return [
    ...PLACE_VARS,
    recordingVar(spec),
    { name: ENV.healthPort, value: String(PORT.selinuxdHealth) },
    ...tellingVars(spec, PORT.profiling + 3),
  ];
}
