// SPDX-License-Identifier: Apache-2.0
// The init container that reads the label of its node, where nodes have kubelet directories of their own. It speaks to
// the API server and may do nothing else.
import type { SecurityProfilesOperatorDaemonSpec } from '../../../gen/crd/security-profiles-operator-daemon.ts';
import { ENV } from '../../env.ts';
import { CONTAINERS, KUBELET_DIR_FILE } from '../../names.ts';
import { fieldVar } from '../container.ts';
import type { DaemonContext } from '../daemon-context.ts';
import { imageOf } from '../image.ts';
import { unprivilegedSecurity } from '../pod-security.ts';
import { API_ACCESS_MOUNT, KUBELET_DIR_MOUNT, VOLUME } from '../volumes.ts';

/** The container, which runs the role of its name. */
export function kubeletDirectoryContainer(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    name: CONTAINERS.kubeletDirectory,
    ...imageOf(context),
    args: ['kubelet-directory'],
    env: [
      fieldVar(ENV.nodeName, 'spec.nodeName'),
      { name: ENV.kubeletDir, value: context.kubeletDir },
      { name: ENV.kubeletDirFile, value: KUBELET_DIR_FILE },
      { name: ENV.verbosity, value: String(spec.verbosity ?? 0) },
    ],
    resources: {
      requests: { memory: '32Mi', cpu: '100m', 'ephemeral-storage': '10Mi' },
      limits: { memory: '96Mi', 'ephemeral-storage': '50Mi' },
    },
    securityContext: unprivilegedSecurity(spec),
    volumeMounts: [{ name: VOLUME.kubeletDirectory, mountPath: KUBELET_DIR_MOUNT }, API_ACCESS_MOUNT],
  };
}
