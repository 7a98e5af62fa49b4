// SPDX-License-Identifier: Apache-2.0
// The init container that makes the directories, the link and the ownership, then ends: a compiled program, the only
// one with root, which opens no connection and gets all its inputs from its environment.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENABLER_ENV, ENV } from '../../env.ts';
import { AUDIT_LOG_DIR, CONTAINERS, KUBELET_DIR_FILE, OPERATOR_ROOT, OWN_PROFILES_MOUNT } from '../../names.ts';
import { seccompRoot } from '../../seccomp/files.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { hasOwnKubeletDirs } from '../daemon-context.ts';
import { IMAGE_FOLDER, imageOf } from '../image.ts';
import { enablerSecurity } from '../pod-security.ts';
import { auditLogMount, hasAuditLog } from './json-enricher.ts';
import { HOST_MOUNT, KUBELET_DIR_MOUNT, VOLUME } from '../volumes.ts';

/** The container. */
export function enablerContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.enabler,
    ...imageOf(context),
    command: [`${IMAGE_FOLDER}/non_root_enabler`],
    env: [
      { name: ENABLER_ENV.hostMount, value: HOST_MOUNT },
      { name: ENABLER_ENV.ownProfiles, value: OWN_PROFILES_MOUNT },
      { name: ENV.kubeletDir, value: context.kubeletDir },
      ...(hasOwnKubeletDirs(context)
        ? [
            { name: ENABLER_ENV.kubeletDirFromNode, value: 'true' },
            { name: ENV.kubeletDirFile, value: KUBELET_DIR_FILE },
          ]
        : []),
      ...(hasAuditLog(spec) ? [{ name: ENABLER_ENV.auditLogDir, value: AUDIT_LOG_DIR }] : []),
    ],
    resources: {
      requests: { memory: '16Mi', cpu: '100m', 'ephemeral-storage': '10Mi' },
      limits: { memory: '64Mi', 'ephemeral-storage': '50Mi' },
    },
    securityContext: enablerSecurity(spec),
    volumeMounts: [
      ...mounts(context),
      ...(hasAuditLog(spec) && !hasOwnKubeletDirs(context) ? [auditLogMount(HOST_MOUNT)] : []),
    ],
  };
}

function mounts(context: DaemonContext): readonly object[] {
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
