// SPDX-License-Identifier: Apache-2.0
// Which profiles a change in the nodes concerns. A node status names them; a node that comes or goes concerns all.
import { fromNodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeProfile, SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { Watch } from '../../runtime/handler.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { daemonPodSource, daemonSetSource, isIncomplete, isSettled, NODES, nodeStatusSource } from './nodes.ts';
import type { ClusterNode, DaemonPod, DaemonSetObject } from './nodes.ts';
import type { ProfileKind } from './profiles.ts';

/**
 * A change of a node status: the profiles of a kind whose entries it changed, and all when it begins or ceases to lack
 * some.
 */
export function nodeStatusWatch(
  namespace: string,
  { resource }: ProfileKind,
  all: () => readonly ObjectKey[],
): Watch<SecurityProfileNodeStatus> {
  const keysOf = (names: readonly string[]): readonly ObjectKey[] =>
    names.flatMap((name) => fromNodeStatusKey(resource.kind, name) ?? []);
  return {
    ...nodeStatusSource(namespace),
    mapToKeys: (nodeStatus) => keysOf(Object.keys(entriesOf(nodeStatus))),
    mapChange: (before, after) => [
      ...(isIncomplete(before) === isIncomplete(after) ? [] : all()),
      ...keysOf(changedEntries(entriesOf(before), entriesOf(after))),
    ],
  };
}

/** A node that comes, goes, or falls silent. */
export function nodeWatch(all: () => readonly ObjectKey[]): Watch<ClusterNode> {
  return { ...NODES, predicate: (before, after) => before.unreachable !== after.unreachable, mapToKeys: all };
}

/** A pod of the daemon that comes to a node or leaves it. */
export function daemonPodWatch(namespace: string, all: () => readonly ObjectKey[]): Watch<DaemonPod> {
  return {
    ...daemonPodSource(namespace),
    predicate: (before, after) => before.spec?.nodeName !== after.spec?.nodeName,
    mapToKeys: (pod) => (pod.spec?.nodeName === undefined ? [] : all()),
  };
}

/**
 * The DaemonSet when it is made or deleted, when its roll-out begins and ends, and when it should run on more nodes or
 * fewer.
 */
export function daemonSetWatch(namespace: string, all: () => readonly ObjectKey[]): Watch<DaemonSetObject> {
  return {
    ...daemonSetSource(namespace),
    predicate: (before, after) =>
      isSettled(before) !== isSettled(after) ||
      before.status?.desiredNumberScheduled !== after.status?.desiredNumberScheduled,
    mapToKeys: all,
  };
}

type Entries = Readonly<Record<string, NodeProfile>>;

function entriesOf(nodeStatus: SecurityProfileNodeStatus): Entries {
  return nodeStatus.status?.profiles ?? {};
}

function changedEntries(before: Entries, after: Entries): readonly string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => !sameEntry(before[key], after[key]));
}

function sameEntry(a: NodeProfile | undefined, b: NodeProfile | undefined): boolean {
  return (
    a?.state === b?.state &&
    a?.uid === b?.uid &&
    a?.generation === b?.generation &&
    a?.hash === b?.hash &&
    a?.reason === b?.reason &&
    a?.message === b?.message
  );
}
