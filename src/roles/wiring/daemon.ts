// SPDX-License-Identifier: Apache-2.0
// The daemon's handlers on the runtime: what reads what, and what wakes whom. The manifests' generator wires the same
// to learn which permissions the daemon needs.
import type { DaemonSettings } from '../../core/config.ts';
import { LABEL } from '../../core/names.ts';
import { fromNodeStatusKey, NodeStatusCache } from '../../core/status/node-status-cache.ts';
import { intactOf } from '../../core/status/moved-aside.ts';
import type { Observation } from '../../core/status/state.ts';
import type { Support } from '../../core/status/support.ts';
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
import { daemonEnd, departureRule } from './daemon-departure.ts';
import type { DaemonEnd } from './daemon-departure.ts';
import { followDenials } from './daemon-denials.ts';
import { clusterSide, PROFILE_KINDS } from './profile-kinds.ts';
import type { ClusterSide, NodeSide, WiredKind } from './profile-kinds.ts';

/** The daemon, ready to start. */
export interface DaemonWiring {
  readonly operator: SpoOperator;
  /** To be called once the operator has started. */
  readonly started: () => Promise<void>;
  /** To be called when the process is told to end, before the operator is stopped (daemon-departure.ts). */
  readonly end: () => Promise<DaemonEnd>;
  /** Takes from the node what nobody will take later and no pod needs, once the operator is stopped. */
  readonly withdraw: (end: DaemonEnd) => Promise<void>;
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
      if (kind === SECURITY_PROFILE_NODE_STATUS.kind) side.seccomp.counters.failed('CannotUpdateNodeStatus');
    },
    kinds: [...resources, SECURITY_PROFILE_NODE_STATUS, SECURITY_PROFILES_OPERATOR_DAEMON],
  });
  let wakeNodeStatus = (): void => undefined;
  const cache = new NodeStatusCache(() => wakeNodeStatus());
  const spodKey = { namespace: settings.namespace, name: settings.spodName };
  const source = spodSource(spodKey);
  const spods = operator.reader(source);
  const cluster = clusterSide(operator, spodKey, source, side.kernel.machine, side.limit.before);
  operator.register(
    new LimitRecorder({ source, limit: () => cluster.limit.now(), save: (limit) => side.limit.save(limit) }),
  );
  const supported = kinds.filter((wired) => isSupported(wired, side));
  const wakers = installations(operator, settings, parts, side, supported, cache, cluster).map((installation) => {
    const wakeProfile = operator.register(installation);
    installation.follow(wakeProfile);
    return [installation, wakeProfile] as const;
  });
  const support = supportOf(kinds, side);
  const audit = followDenials(side.denials, {
    operator,
    kinds: supported,
    cache,
    changed: () => wakeNodeStatus(),
    now: () => parts.clock.now(),
  });
  const conditions = (): readonly Observation[] => {
    return [...support, intactOf(side.aside.paths()), audit.observation() ?? []].flat();
  };
  const nodeStatus = nodeStatusHandler(operator, settings, parts, conditions, supported, cache);
  const wake = operator.register(nodeStatus);
  wakeNodeStatus = () => wake(nodeStatus.key);
  side.aside.follow(() => wakeNodeStatus());
  return {
    operator,
    started: async () => {
      wakeNodeStatus();
      audit.begin();
      const sweep = async ([installation, wakeProfile]: (typeof wakers)[number]): Promise<void> => {
        for (const key of await installation.removeOrphans(settings.restrictTo)) wakeProfile(key);
      };
      await Promise.all(wakers.map(sweep));
    },
    end: async () => {
      // Told to end before it has seen the cluster, it knows of no pod that needs a file.
      if (!operator.ready) return 'stays';
      return daemonEnd({
        ...parts,
        namespace: settings.namespace,
        spodKey,
        spods,
        profiles: supported.map(({ kind }) => operator.reader(kind.source)),
      });
    },
    withdraw: async (end) => {
      const { restrictTo } = settings;
      const all = wakers.map(([installation]) => installation);
      if (end === 'uninstalled') await Promise.all(all.map((one) => one.withdrawAll(restrictTo)));
      else if (end === 'idle') await Promise.all(all.map((one) => one.removeOrphans(restrictTo)));
    },
    rules: () => [...operator.rules(), ...REVIEW_RULES, departureRule(settings.namespace)],
  };
}

/** Kinds that the node cannot have are neither watched nor remembered. */
function isSupported(wired: WiredKind, side: NodeSide): boolean {
  return wired.kind.support === undefined || wired.support(side).status === 'True';
}

/** A condition for each module of the kernel, of which several kinds may make use. */
function supportOf(kinds: readonly WiredKind[], side: NodeSide): readonly Support[] {
  const all = kinds.map((wired) => wired.support(side));
  return [...new Map(all.map((support) => [support.type, support])).values()];
}

/** A handler for each kind of profile that the node can have; they share the pods and the node's status. */
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
  conditions: () => readonly Observation[],
  kinds: readonly WiredKind[],
  cache: NodeStatusCache,
): NodeStatusHandler {
  const selector = { fieldSelector: `metadata.name=${nodeName}` };
  const nodes = operator.reader({ resource: NODE, selector, transform: identityOnly });
  const profilesOf = kinds.map(({ kind }) => [kind.resource.kind, operator.reader(kind.source)] as const);
  return new NodeStatusHandler({
    nodeName,
    namespace,
    conditions,
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
