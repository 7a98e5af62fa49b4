// SPDX-License-Identifier: Apache-2.0
// The daemon's container: no root, no capability, a read-only root file system, and a seccomp profile of our own.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../../env.ts';
import { CONTAINERS, ENRICHER_SOCKET, METRICS_CERT_MOUNT, PORT, RECORDER_SOCKET } from '../../names.ts';
import { profilesRoot } from '../../seccomp/files.ts';
import { APPARMOR_MOUNTS, APPARMOR_VARS, hasAppArmor } from '../apparmor.ts';
import { memoryArgs, nodeProbes, PLACE_VARS, restrictionVars, SERVED_PORTS, tellingVars } from '../container.ts';
import type { EnvVar } from '../container.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { imageOf } from '../image.ts';
import { daemonSecurity, loaderSecurity } from '../pod-security.ts';
import {
  API_ACCESS_MOUNT,
  ENRICHER_MOUNT,
  RECORDER_MOUNT,
  SELINUX_POLICIES,
  SELINUXD_MOUNT,
  VOLUME,
} from '../volumes.ts';
import { hasBpfRecorder } from './bpf-recorder.ts';
import { hasLogEnricher } from './log-enricher.ts';
import { hasSelinux, selinuxdVars } from './selinuxd.ts';

/** Resources of the daemon where the spod object sets none. */
const RESOURCES = {
  requests: { memory: '64Mi', cpu: '100m', 'ephemeral-storage': '50Mi' },
  limits: { memory: '128Mi', 'ephemeral-storage': '200Mi' },
};

/** Two parsers may run beside it, each with as much memory as it may take. */
const RESOURCES_WITH_APPARMOR = { ...RESOURCES, limits: { ...RESOURCES.limits, memory: '320Mi' } };

/** The container. */
export function daemonContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.daemon,
    ...imageOf(context),
    args: ['daemon', ...memoryArgs(spec)],
    env: environment(spec, context),
    ports: [
      ...SERVED_PORTS,
      ...(spec.enableProfiling === true ? [{ name: 'profiling', containerPort: PORT.profiling, protocol: 'TCP' }] : []),
    ],
    resources: spec.daemonResourceRequirements ?? (hasAppArmor(spec) ? RESOURCES_WITH_APPARMOR : RESOURCES),
    securityContext: hasAppArmor(spec) ? loaderSecurity(spec) : daemonSecurity(spec),
    ...nodeProbes(PORT.health),
    volumeMounts: [
      { name: VOLUME.operatorRoot, mountPath: profilesRoot(context.kubeletDir) },
      { name: VOLUME.metricsCert, mountPath: METRICS_CERT_MOUNT, readOnly: true },
      API_ACCESS_MOUNT,
      ...(hasLogEnricher(spec) ? [ENRICHER_MOUNT] : []),
      ...(hasBpfRecorder(spec) ? [RECORDER_MOUNT] : []),
      ...(hasAppArmor(spec) ? APPARMOR_MOUNTS : []),
      ...(hasSelinux(spec) ? [SELINUX_POLICIES, SELINUXD_MOUNT] : []),
    ],
  };
}

function environment(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly EnvVar[] {
  return [
    ...PLACE_VARS,
    { name: ENV.spodName, value: context.owner.name },
    { name: ENV.kubeletDir, value: context.kubeletDir },
    ...tellingVars(spec, PORT.profiling),
    ...(hasLogEnricher(spec) ? [{ name: ENV.enricherSocket, value: ENRICHER_SOCKET }] : []),
    ...(hasBpfRecorder(spec) ? [{ name: ENV.recorderSocket, value: RECORDER_SOCKET }] : []),
    ...(hasAppArmor(spec) ? APPARMOR_VARS : []),
    ...(hasSelinux(spec) ? selinuxdVars(spec) : []),
    ...restrictionVars(context.restrictTo),
  ];
}
