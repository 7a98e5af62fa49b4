// SPDX-License-Identifier: Apache-2.0
// The daemon's handlers on the runtime: what reads what, and what wakes whom. The manifests' generator wires the same
// to learn which permissions the daemon needs.
import type { DaemonSettings } from '../../core/config.ts';
import { LABEL } from '../../core/names.ts';
import { fromNodeStatusKey, NodeStatusCache } from '../../core/status/node-status-cache.ts';
import { rfc3339 } from '../../core/status/time.ts';
import { SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON } from '../../gen/kinds.ts';
import { LimitRecorder } from '../../handlers/node/limit-recorder.ts';
import { NodeStatusHandler } from '../../handlers/node/node-status.ts';
import { ProfileInstallation } from '../../handlers/node/profile-installation.ts';
import { podSource, usersOf } from '../../handlers/sources/pods.ts';
import type { Profile } from '../../handlers/sources/profiles.ts';
import { spodSource } from '../../handlers/sources/spods.ts';
import type { PolicyRule, Selector, Source } from '../../runtime/handler.ts';
import { NODE } from '../../runtime/kinds.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import { REVIEW_RULES } from '../process/token-review.ts';
import { clusterSide, PROFILE_KINDS } from './profile-kinds.ts';
import type { ClusterSide, NodeSide, WiredKind } from './profile-kinds.ts';

/** The daemon, ready to start. */
export interface DaemonWiring {
  readonly operator: SpoOperator;
  /** To be called once the operator has started. */
  readonly started: () => Promise<void>;
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
export function wireDaemon(
  settings: DaemonSettings,
  parts: ControllerManagerParts,
  side: NodeSide,
  kinds: readonly WiredKind[] = PROFILE_KINDS,
): DaemonWiring {
  const resources = kinds.map(({ kind }) => kind.resource);
  const operator = SpoOperator.create({
    ...parts,
    onFailedWrite: ({ kind }) => {
      if (kind === SECURITY_PROFILE_NODE_STATUS.kind) side.counters.failed('CannotUpdateNodeStatus');
    },
    kinds: [...resources, SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON],
  });
  let wakeNodeStatus = (): void => undefined;
  const cache = new NodeStatusCache(() => wakeNodeStatus());
  const spodKey = { namespace: settings.namespace, name: settings.spodName };
  const source = spodSource(spodKey);
  const cluster = clusterSide(operator, spodKey, source, side.kernel.machine, side.limit.before);
  operator.register(
    new LimitRecorder({ source, limit: () => cluster.limit.now(), save: (limit) => side.limit.save(limit) }),
  );
  const wakers = installations(operator, settings, parts, side, kinds, cache, cluster).map(
    (installation) => [installation, operator.register(installation)] as const,
  );
  const nodeStatus = nodeStatusHandler(operator, settings, parts, side, kinds, cache);
  const wake = operator.register(nodeStatus);
  wakeNodeStatus = () => wake(nodeStatus.key);
  return {
    operator,
    started: async () => {
      wakeNodeStatus();
      for (const [installation, wakeInstallation] of wakers) {
        for (const key of await installation.removeOrphans(settings.restrictTo)) wakeInstallation(key);
      }
    },
    rules: () => [...operator.rules(), ...REVIEW_RULES],
  };
}

/** A handler for each kind of profile; they share the pods and the node's status. */
function installations(
  operator: SpoOperator,
  settings: DaemonSettings,
  parts: ControllerManagerParts,
  side: NodeSide,
  kinds: readonly WiredKind[],
  cache: NodeStatusCache,
  cluster: ClusterSide,
): readonly ProfileInstallation[] {
  const pods = podSource(
    podSelector(settings),
    kinds.map(({ kind }) => kind),
  );
  const shared = {
    podSource: pods,
    cache,
    log: parts.log.named('profile'),
    usersOf: usersOf(operator.reader(pods)),
    seesAllPods: () => !settings.memoryOptimization,
    now: () => rfc3339(parts.clock.now()),
  };
  return kinds.map((wired) => {
    const profiles = operator.reader<Profile>(wired.kind.source);
    return new ProfileInstallation(wired.onNode(cluster, side), { ...shared, profiles });
  });
}

function nodeStatusHandler(
  operator: SpoOperator,
  { nodeName, namespace }: DaemonSettings,
  parts: ControllerManagerParts,
  { kernel }: NodeSide,
  kinds: readonly WiredKind[],
  cache: NodeStatusCache,
): NodeStatusHandler {
  const selector = { fieldSelector: `metadata.name=${nodeName}` };
  const nodes = operator.reader({ resource: NODE, selector, transform: identityOnly });
  const profilesOf = kinds.map(({ kind }) => [kind.resource.kind, operator.reader(kind.source)] as const);
  return new NodeStatusHandler({
    nodeName,
    namespace,
    kernel,
    cache,
    node: () => nodes.get({ name: nodeName }),
    exists: (entry) =>
      profilesOf.some(([kind, profiles]) => {
        const key = fromNodeStatusKey(kind, entry);
        return key !== undefined && profiles.get(key) !== undefined;
      }),
    now: () => parts.clock.now(),
  });
}

/**
 * Pods of this node; with memory optimization only those that are to be recorded, and the manager alone guards the
 * rest.
 */
function podSelector({ nodeName, memoryOptimization }: DaemonSettings): Selector {
  return {
    fieldSelector: `spec.nodeName=${nodeName}`,
    ...(memoryOptimization ? { labelSelector: LABEL.enableRecording } : {}),
  };
}
