// SPDX-License-Identifier: Apache-2.0
// Which profiles a change in the nodes concerns. A node status names them; a node that comes or goes concerns all.
import { fromNodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeProfile, SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { Watch } from '../../runtime/handler.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import {
  daemonPodSource,
  daemonSetSource,
  isAudited,
  isIncomplete,
  isSettled,
  lackIn,
  NODES,
  nodeStatusSource,
} from './nodes.ts';
import type { ClusterNode, DaemonPod, DaemonSetObject } from './nodes.ts';
import type { ProfileKind } from './profiles.ts';

/**
 * A change of a node status: the profiles of a kind whose entries it changed, and all when it begins or ceases to lack
 * some, or when it says something else of whether the node can have them.
 */
export function nodeStatusWatch(
  namespace: string,
  kind: ProfileKind,
  all: () => readonly ObjectKey[],
): Watch<SecurityProfileNodeStatus> {
  const keysOf = (names: readonly string[]): readonly ObjectKey[] =>
    names.flatMap((name) => fromNodeStatusKey(kind.resource.kind, name) ?? []);
  return {
    ...nodeStatusSource(namespace),
    mapToKeys: (nodeStatus) => [
      ...(lackIn(nodeStatus, kind) === undefined ? [] : all()),
      ...keysOf(Object.keys(entriesOf(nodeStatus))),
    ],
    mapChange: (before, after) => [
      ...(isSameNode(before, after, kind) ? [] : all()),
      ...keysOf(changedEntries(entriesOf(before), entriesOf(after))),
    ],
  };
}

function isSameNode(before: SecurityProfileNodeStatus, after: SecurityProfileNodeStatus, kind: ProfileKind): boolean {
  const isAsAudited = isAudited(before) === isAudited(after);
  return isIncomplete(before) === isIncomplete(after) && isAsAudited && sameLack(before, after, kind);
}

function sameLack(before: SecurityProfileNodeStatus, after: SecurityProfileNodeStatus, kind: ProfileKind): boolean {
  const [lack, other] = [lackIn(before, kind), lackIn(after, kind)];
  return lack?.reason === other?.reason && lack?.message === other?.message;
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

const NONE: Entries = {};

/** The changed keys of a node status by what it is now, with that from which: the watches of all kinds ask alike. */
const COMPARED = new WeakMap<Entries, { readonly before: Entries; readonly changed: readonly string[] }>();

function entriesOf(nodeStatus: SecurityProfileNodeStatus): Entries {
  return nodeStatus.status?.profiles ?? NONE;
}

function changedEntries(before: Entries, after: Entries): readonly string[] {
  const known = COMPARED.get(after);
  if (known?.before === before) return known.changed;
  const gone = Object.keys(before).filter((key) => !(key in after));
  const changed = [...gone, ...Object.keys(after).filter((key) => !sameEntry(before[key], after[key]))];
  COMPARED.set(after, { before, changed });
  return changed;
}

/** Times of denials concern nobody but readers of the report. */
function denialText(entry: NodeProfile | undefined): string {
  return (entry?.denials ?? []).map(({ call, enforced, by }) => `${String(enforced)} ${call} ${by}`).join('\n');
}

function sameEntry(a: NodeProfile | undefined, b: NodeProfile | undefined): boolean {
  return (
    a?.state === b?.state &&
    a?.uid === b?.uid &&
    a?.generation === b?.generation &&
    a?.hash === b?.hash &&
    a?.reason === b?.reason &&
    a?.message === b?.message &&
    denialText(a) === denialText(b)
  );
}
