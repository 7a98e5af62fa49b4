// SPDX-License-Identifier: Apache-2.0
// The daemon's handlers on the runtime: what reads what, and what wakes whom. The manifests' generator wires the same to
// learn which permissions the daemon needs.
import type { DaemonSettings } from '../../core/config.ts';
import type { Kernel } from '../../core/kernel.ts';
import { LABEL } from '../../core/names.ts';
import type { ProfileFile } from '../../core/seccomp/files.ts';
import { fromNodeStatusKey, NodeStatusCache } from '../../core/status/node-status-cache.ts';
import { rfc3339 } from '../../core/status/time.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE, SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../gen/kinds.ts';
import { NodeStatusHandler } from '../../handlers/node/node-status.ts';
import { SeccompInstallation } from '../../handlers/node/profile-installation.ts';
import type { Counters, ProfileFiles } from '../../handlers/node/profile-installation.ts';
import { podSource, podWatch, profilesByFile, usersOf } from '../../handlers/sources/pods.ts';
import { limitFrom, limitWatch, spodSource } from '../../handlers/sources/spods.ts';
import type { PolicyRule, Selector, Source } from '../../runtime/handler.ts';
import { NODE } from '../../runtime/kinds.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import { countFailedWrites } from './failed-writes.ts';
import { REVIEW_RULES } from '../process/token-review.ts';

/** What the daemon has of its node. */
export interface NodeSide {
  readonly files: ProfileFiles;
  readonly counters: Counters;
  readonly kernel: Kernel;
}

/** The daemon, ready to start. */
export interface DaemonWiring {
  readonly operator: SpoOperator;
  /** To be called once the operator has started, with the files that were there. */
  readonly started: (files: readonly ProfileFile[]) => Promise<void>;
  /** All that the daemon may do. */
  readonly rules: () => readonly PolicyRule[];
}

/** Only the owner reference of the node's status is made of it. */
const identityOnly: NonNullable<Source['transform']> = ({
  apiVersion,
  kind,
  metadata: { name, uid, resourceVersion },
}) => ({
  apiVersion,
  kind,
  metadata: {
    name,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
  },
});

/** Wires the daemon of a node. */
export function wireDaemon(settings: DaemonSettings, parts: ControllerManagerParts, side: NodeSide): DaemonWiring {
  const { nodeName, namespace } = settings;
  const kinds = [SECCOMP_PROFILE, SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON];
  const transport = countFailedWrites(parts.transport, SECURITY_PROFILE_NODE_STATUS, () =>
    side.counters.failed('CannotUpdateNodeStatus'),
  );
  const operator = SpoOperator.create({ ...parts, transport, kinds });
  const profiles = operator.reader<SeccompProfile>({ resource: SECCOMP_PROFILE });
  const spodKey = { namespace, name: settings.spodName };
  const spodOf = spodSource(spodKey);
  const podOf = podSource(podSelector(settings));
  const spods = operator.reader(spodOf);
  const nodes = operator.reader({
    resource: NODE,
    selector: { fieldSelector: `metadata.name=${nodeName}` },
    transform: identityOnly,
  });
  let wakeNodeStatus = (): void => undefined;
  const orphans = new Map<string, ObjectKey>();
  const cache = new NodeStatusCache(() => wakeNodeStatus());
  const installation = new SeccompInstallation({
    ...side,
    profiles,
    watches: [limitWatch(spodOf, profiles), podWatch(podOf, profilesByFile(profiles, orphans))],
    orphans,
    cache,
    log: parts.log.named('profile'),
    limit: () => limitFrom(spods, spodKey),
    usersOf: usersOf(operator.reader(podOf)),
    seesAllPods: () => !settings.memoryOptimization,
    now: () => rfc3339(parts.clock.now()),
  });
  const nodeStatus = new NodeStatusHandler({
    nodeName,
    namespace,
    kernel: side.kernel,
    cache,
    node: () => nodes.get({ name: nodeName }),
    exists: (key) => {
      const profile = fromNodeStatusKey(SECCOMP_PROFILE.kind, key);
      return profile !== undefined && profiles.get(profile) !== undefined;
    },
    now: () => parts.clock.now(),
  });
  const wakeInstallation = operator.register(installation);
  const wake = operator.register(nodeStatus);
  wakeNodeStatus = () => wake(nodeStatus.key);
  return {
    operator,
    started: async (files) => {
      wakeNodeStatus();
      const ours = (file: ProfileFile): boolean =>
        settings.restrictTo.length === 0 || settings.restrictTo.includes(file.directory);
      for (const key of await installation.collectGarbage(files.filter(ours))) wakeInstallation(key);
    },
    rules: () => [...operator.rules(), ...REVIEW_RULES],
  };
}

/** Pods of this node; with memory optimization only those that are to be recorded, and the manager alone guards the rest. */
function podSelector({ nodeName, memoryOptimization }: DaemonSettings): Selector {
  return {
    fieldSelector: `spec.nodeName=${nodeName}`,
    ...(memoryOptimization ? { labelSelector: LABEL.enableRecording } : {}),
  };
}
