// SPDX-License-Identifier: Apache-2.0
// The manager's handlers on the runtime: what reads what, and what wakes whom. The manifests' generator wires the same
// to learn which permissions the manager needs.
import type { ManagerSettings } from '../../core/config.ts';
import type { KeyPair } from '../../core/certificates.ts';
import type { Reason } from '../../core/errors.ts';
import { OBJECT, SPOD } from '../../core/names.ts';
import {
  PROFILE_BINDING,
  PROFILE_RECORDING,
  SECCOMP_PROFILE,
  SECURITY_PROFILE_NODE_STATUS,
  SECURITY_PROFILES_OPERATOR_DAEMON,
} from '../../gen/kinds.ts';
import { relativesOf, relativesWatch } from '../../handlers/sources/base-profiles.ts';
import type { GateCounters } from '../../handlers/manager/profile-gate.ts';
import { ProfileStatusHandler } from '../../handlers/manager/profile-status.ts';
import type { CertificateMaker } from '../../handlers/manager/spod/authority.ts';
import { leavingWatches } from '../../handlers/sources/departure.ts';
import { daemonPodWatch, daemonSetWatch, nodeWatch, nodeStatusWatch } from '../../handlers/sources/node-watches.ts';
import {
  daemonPodSource,
  daemonSetSource,
  daemonNodes,
  NODES,
  nodeStatusSource,
} from '../../handlers/sources/nodes.ts';
import { managedPodSource } from '../../handlers/sources/managed-pods.ts';
import type { ManagedPod } from '../../handlers/sources/managed-pods.ts';
import { podWatch, usersOf } from '../../handlers/sources/pods.ts';
import type { Profile, ProfileKind } from '../../handlers/sources/profiles.ts';
import { spodSource } from '../../handlers/sources/spods.ts';
import type { PolicyRule, Reader, Source, Watch } from '../../runtime/handler.ts';
import type { ControllerManagerParts } from '../../runtime/controller-manager.ts';
import { keyOf } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import { EVENT_RULE } from '../../runtime/rules.ts';
import { SpoOperator } from '../../runtime/spo-operator.ts';
import { REVIEW_RULES } from '../process/token-review.ts';
import { baseArtifactHandler } from './base-artifacts.ts';
import type { ArtifactSide } from '../process/artifacts.ts';
import { registerBindingHandlers } from './manager-bindings.ts';
import { departureSide } from './manager-departure.ts';
import type { DepartureSide } from './manager-departure.ts';
import { registerPodHandlers } from './manager-pods.ts';
import type { PodSide } from './manager-pods.ts';
import { registerRecordingHandlers } from './manager-recordings.ts';
import { clusterSide, PROFILE_KINDS } from './profile-kinds.ts';
import type { ClusterSide, WiredKind } from './profile-kinds.ts';
import { spodHandler } from './spod.ts';

/** The manager, ready to start. */
export interface ManagerWiring {
  readonly operator: SpoOperator;
  /** To be called once the operator has started. */
  readonly started: () => void;
  /** To be called when the process is told to end, before the operator is stopped (manager-departure.ts). */
  readonly leave: () => Promise<void>;
  /** All that the manager may do. */
  readonly rules: () => readonly PolicyRule[];
}

/** The manager's own parts besides the cluster. */
export interface ManagerSide {
  readonly certificates: CertificateMaker;
  readonly counters: { failed(reason: Reason): void };
  readonly gates: GateCounters;
  readonly artifacts: ArtifactSide;
  /** Called with the certificate of the metrics endpoint when it is known and when it changes. */
  onCertificate(pair: KeyPair): void;
  /** Whether this process serves the webhooks; `started` of the wiring is to be called when it begins to. */
  servesWebhooks(): boolean;
  /** The operator of that namespace goes before, so this process is to end. */
  standAside(rival: string): void;
}

/** Wires the manager. */
export function wireManager(
  settings: ManagerSettings,
  parts: ControllerManagerParts,
  side: ManagerSide,
  kinds: readonly WiredKind[] = PROFILE_KINDS,
): ManagerWiring {
  const { namespace, leaderElection } = settings;
  const leader = { name: OBJECT.managerLease, namespace, identity: parts.instance };
  const resources = kinds.map(({ kind }) => kind.resource);
  let handlers: readonly ProfileStatusHandler[] = [];
  const operator = SpoOperator.create({
    ...parts,
    onFailedWrite: ({ group, kind }) => {
      const handler = handlers.find((one) => one.kind.group === group && one.kind.kind === kind);
      if (handler !== undefined) side.counters.failed(handler.failure);
    },
    kinds: [
      ...resources,
      PROFILE_BINDING,
      PROFILE_RECORDING,
      SECURITY_PROFILE_NODE_STATUS,
      SECURITY_PROFILES_OPERATOR_DAEMON,
    ],
    ...(leaderElection ? { leader } : {}),
  });
  const leave = departureSide(operator, settings, parts);
  const shared = podSide(operator, settings, parts, side, kinds, leave);
  const spodKey = { namespace, name: SPOD };
  const cluster = clusterSide(operator, spodKey, spodSource(spodKey), side.artifacts.machine);
  handlers = statusHandlers(shared, cluster, settings, parts, kinds);
  for (const handler of handlers) operator.register(handler);
  const [seccomp] = kinds.filter(({ kind }) => kind.resource.kind === SECCOMP_PROFILE.kind);
  if (seccomp !== undefined)
    operator.register(baseArtifactHandler(operator, cluster, seccomp.kind, side.artifacts, parts));
  registerPodHandlers(shared);
  registerBindingHandlers(shared, cluster);
  registerRecordingHandlers(shared);
  leave.register(kinds.map(({ kind }) => kind.source));
  const spod = spodHandler(operator, settings, parts, side);
  const wake = operator.register(spod);
  operator.whenForbidden(() => wake(spod.key));
  return {
    operator,
    started: () => wake(spod.key),
    leave: () => leave.leave(() => spod.hasLeft()),
    rules: () => [...operator.rules(), ...REVIEW_RULES, { ...EVENT_RULE, where: 'operator' }],
  };
}

/** The pods, nodes and profiles that handlers share. */
function podSide(
  operator: SpoOperator,
  { namespace }: ManagerSettings,
  { clock }: ControllerManagerParts,
  { gates }: ManagerSide,
  wired: readonly WiredKind[],
  leave: DepartureSide,
): PodSide {
  const kinds = wired.map(({ kind }) => ({ kind, profiles: operator.reader<Profile>(kind.source) }));
  const readers = {
    namespace,
    nodes: operator.reader(NODES),
    nodeStatuses: operator.reader(nodeStatusSource(namespace)),
    daemonPods: operator.reader(daemonPodSource(namespace)),
    daemonSets: operator.reader(daemonSetSource(namespace)),
  };
  const source = managedPodSource(wired.map(({ kind }) => kind));
  return { operator, clock, kinds, source, readers, gates, leave };
}

/** A handler for each kind of profile; they share what is known of nodes and pods. */
function statusHandlers(
  { operator, source, readers, leave }: PodSide,
  cluster: ClusterSide,
  { namespace, kubeletDir }: ManagerSettings,
  parts: ControllerManagerParts,
  kinds: readonly WiredKind[],
): readonly ProfileStatusHandler[] {
  const shared = {
    log: parts.log.named('profile'),
    daemonNodes: () => daemonNodes(readers),
    usersOf: usersOf(operator.reader(source)),
    isLeaving: (resource: Resource) => leave.leaving.isLeaving(resource),
    now: () => parts.clock.now(),
  };
  return kinds.map((wired) => {
    const { kind } = wired;
    const profiles = operator.reader<Profile>(kind.source);
    const watches = watchesOf(kind, profiles, source, namespace);
    return new ProfileStatusHandler(wired.inManager(cluster, kubeletDir), { ...shared, watches });
  });
}

/** The objects whose changes concern profiles of any kind. */
function watchesOf(
  kind: ProfileKind,
  profiles: Reader<Profile>,
  pods: Source<ManagedPod>,
  namespace: string,
): readonly Watch[] {
  const all = (): readonly ObjectKey[] => profiles.list().map(keyOf);
  const relatives = relativesOf(kind, profiles);
  return [
    nodeStatusWatch(namespace, kind, all),
    nodeWatch(all),
    daemonPodWatch(namespace, all),
    daemonSetWatch(namespace, all),
    podWatch(pods, kind, (name) => relatives.ownersOf(name).map(keyOf)),
    ...leavingWatches(namespace, kind.resource, all),
    relativesWatch(kind, relatives),
  ];
}
