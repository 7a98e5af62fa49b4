// SPDX-License-Identifier: Apache-2.0
// The container of the eBPF recorder. Its JavaScript has no privilege; the program that it starts loads eBPF programs
// by two capabilities of its file. It sees nothing of the node but its own kernel: no directory, no process.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../../env.ts';
import { CONTAINERS, PORT, RECORDER_SOCKET } from '../../names.ts';
import { memoryArgs, nodeProbes, PLACE_VARS, restrictionVars, tellingVars } from '../container.ts';
import type { EnvVar } from '../container.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { imageOf } from '../image.ts';
import { recorderSecurity } from '../pod-security.ts';
import { API_ACCESS_MOUNT, RECORDER_MOUNT, VOLUME } from '../volumes.ts';

/** Memory of a node full of recorded containers beside what it takes at rest. */
const RESOURCES = {
  requests: { memory: '64Mi', cpu: '50m', 'ephemeral-storage': '10Mi' },
  limits: { memory: '128Mi', 'ephemeral-storage': '20Mi' },
};

/** Whether the pod has the container. */
export function hasBpfRecorder(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return spec.enableBpfRecorder === true;
}

/** The container. */
export function bpfRecorderContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.bpfRecorder,
    ...imageOf(context),
    args: ['bpf-recorder', ...memoryArgs(spec)],
    env: environment(spec, context),
    ports: [{ name: 'recorder-health', containerPort: PORT.recorderHealth, protocol: 'TCP' }],
    resources: RESOURCES,
    securityContext: recorderSecurity(spec),
    ...nodeProbes(PORT.recorderHealth),
    volumeMounts: [RECORDER_MOUNT, API_ACCESS_MOUNT],
  };
}

/** The volume that it needs besides those of the daemon. */
export function bpfRecorderVolumes(): readonly object[] {
  return [{ name: VOLUME.recorder, emptyDir: { sizeLimit: '1Mi' } }];
}

function environment(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly EnvVar[] {
  return [
    ...PLACE_VARS,
    { name: ENV.recorderSocket, value: RECORDER_SOCKET },
    { name: ENV.healthPort, value: String(PORT.recorderHealth) },
    ...tellingVars(spec, PORT.profiling + 2),
    ...restrictionVars(context.restrictTo),
  ];
}
