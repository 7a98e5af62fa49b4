// SPDX-License-Identifier: Apache-2.0
// The log enricher's container. Its JavaScript has no privilege; the program that it starts reads logs of root by a
// capability of its file. It sees the node's /proc as a directory and needs no pid namespace of the node: numbers of
// processes in audit records are those that this directory shows.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { faultOfFilters } from '../../audit/filters.ts';
import { ENV } from '../../env.ts';
import { AUDIT_LOGS, CONTAINERS, ENRICHER_SOCKET, HOST_PROC_MOUNT, PORT } from '../../names.ts';
import { nodeProbes, PLACE_VARS, restrictionVars, tellingVars } from '../container.ts';
import type { EnvVar } from '../container.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { IMAGE_FOLDER, imageOf } from '../image.ts';
import { auditorSecurity } from '../pod-security.ts';
import { API_ACCESS_MOUNT, ENRICHER_MOUNT, VOLUME } from '../volumes.ts';

/** Memory of a burst beside what it takes at rest. */
export const ENRICHER_RESOURCES = {
  requests: { memory: '64Mi', cpu: '50m', 'ephemeral-storage': '10Mi' },
  limits: { memory: '256Mi', 'ephemeral-storage': '50Mi' },
};

/** Unlike other processes of ours it may be busy for long, and is ten times as fast with optimized code. */
export const ENRICHER_NODE = ['/usr/bin/node', '--max-semi-space-size=1', '--expose-gc', `${IMAGE_FOLDER}/main.cjs`];

/** The folder in which all logs are, so that one that is made later is seen, too. */
const LOG_FOLDER = AUDIT_LOGS[1].slice(0, AUDIT_LOGS[1].lastIndexOf('/'));

/** The node as the program that reads audit records sees it. */
export const AUDIT_MOUNTS = [
  { name: VOLUME.hostLogs, mountPath: LOG_FOLDER, readOnly: true },
  { name: VOLUME.hostProc, mountPath: HOST_PROC_MOUNT, readOnly: true },
] as const;

/** The volumes behind it. */
export function auditVolumes(spec: SecurityProfilesOperatorDaemonSpec): readonly object[] {
  return [
    { name: VOLUME.hostLogs, hostPath: { path: LOG_FOLDER, type: 'DirectoryOrCreate' } },
    { name: VOLUME.hostProc, hostPath: { path: spec.hostProcVolumePath ?? '/proc', type: 'Directory' } },
  ];
}

/** Whether the pod has the container. */
export function hasLogEnricher(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return spec.enableLogEnricher === true;
}

/** The container. */
export function logEnricherContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.logEnricher,
    ...imageOf(context),
    command: ENRICHER_NODE,
    args: ['log-enricher'],
    env: environment(spec, context),
    ports: [{ name: 'enricher-health', containerPort: PORT.enricherHealth, protocol: 'TCP' }],
    resources: ENRICHER_RESOURCES,
    securityContext: auditorSecurity(spec),
    ...nodeProbes(PORT.enricherHealth),
    volumeMounts: [...AUDIT_MOUNTS, ENRICHER_MOUNT, API_ACCESS_MOUNT],
  };
}

/** The volumes that it needs besides those of the daemon and of `auditVolumes`. */
export const LOG_ENRICHER_VOLUMES = [{ name: VOLUME.enricher, emptyDir: { sizeLimit: '1Mi' } }] as const;

/** Rules that mean nothing are left out: the condition of the spod says so, and everything is printed. */
export function filterVars(filters = ''): readonly EnvVar[] {
  const isUsed = filters !== '' && faultOfFilters(filters) === undefined;
  return isUsed ? [{ name: ENV.enricherFilters, value: filters }] : [];
}

function environment(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly EnvVar[] {
  return [
    ...PLACE_VARS,
    { name: ENV.hostProc, value: HOST_PROC_MOUNT },
    { name: ENV.enricherSocket, value: ENRICHER_SOCKET },
    ...filterVars(spec.logEnricherFilters),
    { name: ENV.healthPort, value: String(PORT.enricherHealth) },
    ...tellingVars(spec, PORT.profiling + 1),
    ...restrictionVars(context.restrictTo),
  ];
}
