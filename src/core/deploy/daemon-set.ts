// SPDX-License-Identifier: Apache-2.0
// From the spod object to the DaemonSet `spod`: a pure function, applied by the manager with server-side apply, so an
// option that is taken out of the spod disappears from the DaemonSet too.
import type {
  SecurityProfilesOperatorDaemonSpec,
  SecurityProfilesOperatorDaemon,
} from '../../gen/crd/security-profiles-operator-daemon.ts';
import { ANNOTATION, OPERATOR, SPOD } from '../names.ts';
import { APPARMOR_VOLUMES, hasAppArmor } from './apparmor.ts';
import { STARTUP_TOLERATION } from './startup-toleration.ts';
import { bpfRecorderContainer, bpfRecorderVolumes, hasBpfRecorder } from './containers/bpf-recorder.ts';
import { daemonContainer } from './containers/daemon.ts';
import { enablerContainer } from './containers/enabler.ts';
import { kubeletDirectoryContainer } from './containers/kubelet-directory.ts';
import { hasJsonEnricher, jsonEnricherContainer, jsonEnricherVolumes } from './containers/json-enricher.ts';
import { auditVolumes, hasLogEnricher, LOG_ENRICHER_VOLUMES, logEnricherContainer } from './containers/log-enricher.ts';
import { hasSelinux, hasSelinuxd, selinuxdContainer, selinuxVolumes } from './containers/selinuxd.ts';
import type { DaemonContext } from './daemon-context.ts';
import { hasOwnKubeletDirs } from './daemon-context.ts';
import type { Manifest, OwnerReference } from './manifest.ts';
import { APP_LABEL, ownedMeta, REQUIRED_SCC } from './manifest.ts';
import { volumes } from './volumes.ts';

/** Labels of the daemon's pods, which the Service of the metrics selects. */
export const DAEMON_LABELS: Readonly<Record<string, string>> = { ...APP_LABEL, name: SPOD };

/**
 * OpenShift's constraints for the daemon: no others allow directories of the node and an init container that is root.
 */
export const DAEMON_SCC = 'privileged';

/** The DaemonSet that a spod object describes. */
export function daemonSet(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): Manifest {
  return {
    apiVersion: 'apps/v1',
    kind: 'DaemonSet',
    metadata: ownedMeta(SPOD, context.namespace, context.owner),
    spec: {
      selector: { matchLabels: DAEMON_LABELS },
      updateStrategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '100%' } },
      template: {
        metadata: {
          labels: DAEMON_LABELS,
          annotations: {
            [REQUIRED_SCC]: DAEMON_SCC,
            'kubectl.kubernetes.io/default-container': OPERATOR,
            [ANNOTATION.profilesHash]: context.profilesHash,
            ...(hasOwnKubeletDirs(context) ? { [ANNOTATION.kubeletDirs]: context.kubeletDirs } : {}),
          },
        },
        spec: podSpec(spec, context),
      },
    },
  };
}

/** The owner reference that makes the garbage collector remove what belongs to a spod object. */
export function ownerOf(spod: SecurityProfilesOperatorDaemon): OwnerReference {
  return {
    apiVersion: spod.apiVersion,
    kind: spod.kind,
    name: spod.metadata.name,
    uid: spod.metadata.uid ?? '',
    controller: true,
  };
}

/** Taints that the daemon tolerates when the spod object names none: it belongs on control-plane nodes, too. */
const DEFAULT_TOLERATIONS = [
  { key: 'node-role.kubernetes.io/master', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node-role.kubernetes.io/control-plane', operator: 'Exists', effect: 'NoSchedule' },
  { key: 'node.kubernetes.io/not-ready', operator: 'Exists', effect: 'NoExecute' },
];

function podSpec(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): object {
  return {
    serviceAccountName: SPOD,
    automountServiceAccountToken: false,
    priorityClassName: spec.priorityClassName ?? 'system-node-critical',
    nodeSelector: { 'kubernetes.io/os': 'linux' },
    tolerations: [...(spec.tolerations ?? DEFAULT_TOLERATIONS), STARTUP_TOLERATION],
    ...(spec.affinity === undefined ? {} : { affinity: spec.affinity }),
    ...(spec.imagePullSecrets === undefined ? {} : { imagePullSecrets: spec.imagePullSecrets }),
    enableServiceLinks: false,
    securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    terminationGracePeriodSeconds: 10,
    initContainers: initContainers(spec, context),
    containers: [
      daemonContainer(spec, context),
      ...(hasSelinuxd(spec) ? [selinuxdContainer(spec, context)] : []),
      ...(hasLogEnricher(spec) ? [logEnricherContainer(spec, context)] : []),
      ...(hasJsonEnricher(spec) ? [jsonEnricherContainer(spec, context)] : []),
      ...(hasBpfRecorder(spec) ? [bpfRecorderContainer(spec, context)] : []),
    ],
    volumes: [
      ...volumes(context),
      ...(hasAppArmor(spec) ? APPARMOR_VOLUMES : []),
      ...(hasSelinux(spec) ? selinuxVolumes(spec) : []),
      ...(hasLogEnricher(spec) || hasJsonEnricher(spec) ? auditVolumes(spec) : []),
      ...(hasLogEnricher(spec) ? LOG_ENRICHER_VOLUMES : []),
      ...(hasJsonEnricher(spec) ? jsonEnricherVolumes(spec) : []),
      ...(hasBpfRecorder(spec) ? bpfRecorderVolumes() : []),
    ],
  };
}

/**
 * In their order: first the one that asks for the kubelet's directory, where nodes have their own; then the enabler.
 */
function initContainers(spec: SecurityProfilesOperatorDaemonSpec, context: DaemonContext): readonly object[] {
  const enabler = enablerContainer(spec, context);
  return hasOwnKubeletDirs(context) ? [kubeletDirectoryContainer(spec, context), enabler] : [enabler];
}
