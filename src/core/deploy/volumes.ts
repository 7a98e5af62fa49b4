// SPDX-License-Identifier: Apache-2.0
// Names of the volumes of our pods, and the volumes of the DaemonSet's, on which containers and pod must agree.
import {
  ENRICHER_SOCKET,
  KUBELET_DIR_FILE,
  OBJECT,
  OPERATOR_ROOT,
  RECORDER_SOCKET,
  SELINUX_POLICIES_MOUNT,
  SELINUXD_SOCKET,
} from '../names.ts';
import { seccompRoot } from '../seccomp/files.ts';
import type { DaemonContext } from './daemon-context.ts';
import { hasOwnKubeletDirs } from './daemon-context.ts';

/** Names of the volumes. */
export const VOLUME = {
  operatorRoot: 'host-operator-volume',
  seccompRoot: 'host-seccomp-volume',
  hostRoot: 'host-root-volume',
  kubeletDirectory: 'kubelet-directory-volume',
  ownProfiles: 'operator-profiles-volume',
  hostLogs: 'host-log-volume',
  hostProc: 'host-proc-volume',
  securityfs: 'host-securityfs-volume',
  appArmorDisable: 'host-apparmor-disable-volume',
  enricher: 'log-enricher-volume',
  jsonEnricher: 'json-enricher-volume',
  auditLog: 'host-audit-log-volume',
  recorder: 'bpf-recorder-volume',
  selinuxPolicies: 'selinux-drop-dir',
  selinuxd: 'selinuxd-private-volume',
  selinuxConfig: 'host-etcselinux-volume',
  selinuxStore: 'host-varlibselinux-volume',
  selinuxKernel: 'host-fsselinux-volume',
  metricsCert: 'metrics-cert-volume',
  webhookCert: 'webhook-cert-volume',
  apiAccess: 'kube-api-access-volume',
} as const;

/** Where the init container with root sees the node's directories. */
export const HOST_MOUNT = '/host';

/** The directory that the two init containers share. */
export const KUBELET_DIR_MOUNT = KUBELET_DIR_FILE.slice(0, KUBELET_DIR_FILE.lastIndexOf('/'));

/** The directory over which daemon and log enricher speak. */
export const ENRICHER_MOUNT = {
  name: VOLUME.enricher,
  mountPath: ENRICHER_SOCKET.slice(0, ENRICHER_SOCKET.lastIndexOf('/')),
};

/** The directory over which daemon and eBPF recorder speak. */
export const RECORDER_MOUNT = {
  name: VOLUME.recorder,
  mountPath: RECORDER_SOCKET.slice(0, RECORDER_SOCKET.lastIndexOf('/')),
};

/** The directory in which the daemon puts policies for selinuxd. */
export const SELINUX_POLICIES = { name: VOLUME.selinuxPolicies, mountPath: SELINUX_POLICIES_MOUNT };

/** The directory over which daemon and selinuxd speak. */
export const SELINUXD_MOUNT = {
  name: VOLUME.selinuxd,
  mountPath: SELINUXD_SOCKET.slice(0, SELINUXD_SOCKET.lastIndexOf('/')),
};

/** Every client in a pod looks here for the account's token and the API server's authority. */
const API_ACCESS_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';

/** For containers that speak to the API server: the pod does not mount the token into every container. */
export const API_ACCESS_MOUNT = { name: VOLUME.apiAccess, mountPath: API_ACCESS_PATH, readOnly: true };

/**
 * The token volume that Kubernetes itself would mount, but valid for one hour: API servers stretch the 3607 seconds of
 * its own to a year.
 */
const API_ACCESS_SOURCES = [
  { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
  { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
  { downwardAPI: { items: [{ path: 'namespace', fieldRef: { fieldPath: 'metadata.namespace' } }] } },
];

/** The volumes that every pod has. */
export function volumes(context: DaemonContext): readonly object[] {
  return [
    { name: VOLUME.operatorRoot, hostPath: { path: OPERATOR_ROOT, type: 'DirectoryOrCreate' } },
    ...(hasOwnKubeletDirs(context)
      ? [
          { name: VOLUME.hostRoot, hostPath: { path: '/', type: 'Directory' } },
          { name: VOLUME.kubeletDirectory, emptyDir: { sizeLimit: '1Mi' } },
        ]
      : [
          {
            name: VOLUME.seccompRoot,
            hostPath: { path: seccompRoot(context.kubeletDir), type: 'DirectoryOrCreate' },
          },
        ]),
    { name: VOLUME.ownProfiles, configMap: { name: OBJECT.profilesConfigMap } },
    { name: VOLUME.metricsCert, secret: { secretName: OBJECT.metricsCert } },
    { name: VOLUME.apiAccess, projected: { sources: API_ACCESS_SOURCES } },
  ];
}
