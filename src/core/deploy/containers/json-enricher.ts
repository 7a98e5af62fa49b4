// SPDX-License-Identifier: Apache-2.0
// The JSON enricher's container: as the log enricher's, with a volume for a file where it is to write one.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../../env.ts';
import { AUDIT_LOG_DIR, CONTAINERS, HOST_PROC_MOUNT, JSON_ENRICHER_POSITION, PORT } from '../../names.ts';
import { nodeProbes, PLACE_VARS, restrictionVars, tellingVars } from '../container.ts';
import type { EnvVar } from '../container.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { imageOf } from '../image.ts';
import { auditorSecurity } from '../pod-security.ts';
import { API_ACCESS_MOUNT, VOLUME } from '../volumes.ts';
import { AUDIT_MOUNTS, ENRICHER_NODE, ENRICHER_RESOURCES, filterVars } from './log-enricher.ts';

/** Whether the pod has the container. */
export function hasJsonEnricher(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return spec.enableJsonEnricher === true;
}

/** Whether it writes a file of the node. */
export function hasAuditLog(spec: SecurityProfilesOperatorDaemonSpec): boolean {
  return hasJsonEnricher(spec) && spec.jsonEnricherOptions?.auditLogPath !== undefined;
}

/** The mount of the directory of that file, below a path. */
export function auditLogMount(below = ''): { readonly name: string; readonly mountPath: string } {
  return { name: VOLUME.auditLog, mountPath: below + AUDIT_LOG_DIR };
}

/** The container. */
export function jsonEnricherContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.jsonEnricher,
    ...imageOf(context),
    command: ENRICHER_NODE,
    args: ['json-enricher'],
    env: environment(spec, context),
    ports: [{ name: 'json-health', containerPort: PORT.jsonEnricherHealth, protocol: 'TCP' }],
    resources: ENRICHER_RESOURCES,
    securityContext: auditorSecurity(spec),
    ...nodeProbes(PORT.jsonEnricherHealth),
    volumeMounts: [
      ...AUDIT_MOUNTS,
      {
        name: VOLUME.jsonEnricher,
        mountPath: JSON_ENRICHER_POSITION.slice(0, JSON_ENRICHER_POSITION.lastIndexOf('/')),
      },
      ...(hasAuditLog(spec) ? [auditLogMount()] : []),
      API_ACCESS_MOUNT,
    ],
  };
}

/** The volumes that it needs besides those of the daemon and of `auditVolumes`. */
export function jsonEnricherVolumes(spec: SecurityProfilesOperatorDaemonSpec): readonly object[] {
  const log = { name: VOLUME.auditLog, hostPath: { path: AUDIT_LOG_DIR, type: 'DirectoryOrCreate' } };
  const position = { name: VOLUME.jsonEnricher, emptyDir: { sizeLimit: '1Mi' } };
  return [position, ...(hasAuditLog(spec) ? [log] : [])];
}

function environment(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly EnvVar[] {
  return [
    ...PLACE_VARS,
    { name: ENV.hostProc, value: HOST_PROC_MOUNT },
    { name: ENV.enricherPosition, value: JSON_ENRICHER_POSITION },
    ...filterVars(spec.jsonEnricherFilters),
    ...optionVars(spec),
    { name: ENV.healthPort, value: String(PORT.jsonEnricherHealth) },
    ...tellingVars(spec, PORT.profiling + 3),
    ...restrictionVars(context.restrictTo),
  ];
}

function optionVars({ jsonEnricherOptions = {} }: SecurityProfilesOperatorDaemonSpec): readonly EnvVar[] {
  const { auditLogIntervalSeconds, auditLogPath, auditLogMaxSize, auditLogMaxBackups, auditLogMaxAge } =
    jsonEnricherOptions;
  const options = [
    [ENV.auditLogInterval, auditLogIntervalSeconds],
    [ENV.auditLogPath, auditLogPath],
    [ENV.auditLogMaxSize, auditLogMaxSize],
    [ENV.auditLogMaxBackups, auditLogMaxBackups],
    [ENV.auditLogMaxAge, auditLogMaxAge],
  ] as const;
  return options.flatMap(([name, value]) => (value === undefined ? [] : [{ name, value: String(value) }]));
}
