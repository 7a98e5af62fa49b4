// SPDX-License-Identifier: Apache-2.0
// The pods that wait for a profile, and which of them a change concerns: of a profile, of a node, of a node's report.
import type { SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import { keyOf } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { ManagedPod } from './managed-pods.ts';
import { daemonPodWatch, daemonSetWatch, nodeStatusWatch } from './node-watches.ts';
import { isIncomplete, NODES } from './nodes.ts';
import type { ClusterNode } from './nodes.ts';
import type { Profile, ProfileKind } from './profiles.ts';

/** Finds the pods that wait. */
export interface WaitingPods {
  all(): readonly ObjectKey[];
  /** Those that wait for a profile, among others perhaps. */
  for(kind: ProfileKind, profile: ObjectKey): readonly ObjectKey[];
}

const ANY = '';

/** Follows the pods of a reader that have our gate, or lack a file at their kubelet. */
export function waitingPods(pods: Reader<ManagedPod>): WaitingPods {
  const waiting = pods.index(({ gateAt, lacksFile, uses = [] }) => {
    if (gateAt === undefined && lacksFile !== true) return [];
    return [ANY, ...uses.map(({ kind, name }) => `${kind} ${name}`)];
  });
  return {
    all: () => waiting(ANY).map(keyOf),
    for: (kind, profile) => waiting(`${kind.resource.kind} ${kind.useName(profile)}`).map(keyOf),
  };
}

/** The changes that may end a wait. */
export function waitWatches(namespace: string, kinds: readonly ProfileKind[], waiting: WaitingPods): readonly Watch[] {
  const all = (): readonly ObjectKey[] => waiting.all();
  return [
    ...kinds.flatMap((kind) => [profileWatch(kind, waiting), reportWatch(namespace, kind, waiting)]),
    placeWatch(all),
    daemonPodWatch(namespace, all),
    daemonSetWatch(namespace, all),
  ];
}

/** A profile that comes, goes or changes. */
function profileWatch(kind: ProfileKind, waiting: WaitingPods): Watch<Profile> {
  return {
    ...kind.source,
    predicate: (before, after) =>
      before.metadata.uid !== after.metadata.uid || before.metadata.generation !== after.metadata.generation,
    mapToKeys: (profile) => waiting.for(kind, keyOf(profile)),
  };
}

/** The entries of a report that change; one that lacks some says by that how things stand with all of those. */
function reportWatch(namespace: string, kind: ProfileKind, waiting: WaitingPods): Watch<SecurityProfileNodeStatus> {
  const watch = nodeStatusWatch(namespace, kind, () => []);
  const podsOf = (profiles: readonly ObjectKey[]): readonly ObjectKey[] =>
    profiles.flatMap((profile) => waiting.for(kind, profile));
  return {
    ...watch,
    mapToKeys: (report) => (isIncomplete(report) ? waiting.all() : podsOf(watch.mapToKeys(report))),
    mapChange: (before, after) =>
      isIncomplete(before) === isIncomplete(after) ? podsOf(watch.mapChange?.(before, after) ?? []) : waiting.all(),
  };
}

/** A node that comes, goes, falls silent, or on which other pods may run. */
function placeWatch(all: () => readonly ObjectKey[]): Watch<ClusterNode> {
  return {
    ...NODES,
    predicate: (before, after) => before.unreachable !== after.unreachable || labelsText(before) !== labelsText(after),
    mapToKeys: all,
  };
}

function labelsText({ metadata: { labels = {} } }: KubeObject): string {
  return JSON.stringify(labels);
}
