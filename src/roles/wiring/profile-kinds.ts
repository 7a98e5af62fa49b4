// SPDX-License-Identifier: Apache-2.0
// The kinds of profiles that the operator handles: a new kind is one more entry of the list at the end. Both processes,
// the node's status, the watches of pods and the permissions follow from it.
import type { Kernel } from '../../core/kernel.ts';
import { normalPlatform } from '../../core/oci/platform.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import type { ProfileFile } from '../../core/seccomp/files.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { seccompInManager } from '../../handlers/manager/seccomp-profile.ts';
import type { ManagerProfileKind } from '../../handlers/manager/profile-status.ts';
import type { NodeProfileKind, ProfileCounters } from '../../handlers/node/profile-installation.ts';
import { seccompOnNode } from '../../handlers/node/seccomp-profile.ts';
import type { ProfileFiles } from '../../handlers/node/seccomp-profile.ts';
import { baseArtifacts, baseArtifactSource, baseArtifactWatch } from '../../handlers/sources/base-artifacts.ts';
import { relativesOf } from '../../handlers/sources/base-profiles.ts';
import type { ProfileKind } from '../../handlers/sources/profiles.ts';
import { SECCOMP } from '../../handlers/sources/seccomp-profiles.ts';
import { CurrentLimit, limitWatch } from '../../handlers/sources/spods.ts';
import type { Reader, Source } from '../../runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';

/** The part of its node that a daemon works with. */
export interface NodeSide {
  readonly files: ProfileFiles;
  /** Profile files that were there when the daemon started. */
  readonly inventory: readonly ProfileFile[];
  readonly counters: ProfileCounters;
  readonly kernel: Kernel;
  /** SHA-256 of a text, in hexadecimal digits. */
  digest(text: string): string;
  readonly limit: KeptLimit;
}

/** The last limit that the daemon of a node saw, beyond its own life. */
export interface KeptLimit {
  readonly before: Limit;
  /** Rejects where the node cannot keep it. */
  save(limit: Limit): Promise<void>;
}

/** The part of the cluster that kinds read. */
export interface ClusterSide {
  readonly spodKey: ObjectKey;
  readonly spodSource: Source<SecurityProfilesOperatorDaemon>;
  readonly limit: CurrentLimit;
  /** Machine of this process, as from uname. */
  readonly machine: string;
  reader<T extends KubeObject>(source: Source<T>): Reader<T>;
}

/** The cluster as an operator's readers show it. */
export function clusterSide(
  operator: SpoOperator,
  spodKey: ObjectKey,
  spodSource: ClusterSide['spodSource'],
  machine: string,
  limitBefore: Limit = {},
): ClusterSide {
  const limit = new CurrentLimit(operator.reader(spodSource), spodKey, limitBefore);
  return { spodKey, spodSource, limit, machine, reader: (source) => operator.reader(source) };
}

/** A kind of profile in both processes. */
export interface WiredKind {
  readonly kind: ProfileKind;
  onNode(cluster: ClusterSide, node: NodeSide): NodeProfileKind;
  inManager(cluster: ClusterSide, kubeletDir: string): ManagerProfileKind;
}

const WIRED_SECCOMP: WiredKind = {
  kind: SECCOMP,
  onNode: (cluster, node) => seccompOnNode({ ...node, ...seccompCluster(cluster) }),
  inManager: (cluster, kubeletDir) => seccompInManager({ kubeletDir, ...seccompCluster(cluster) }),
};

function seccompCluster(cluster: ClusterSide) {
  const { spodKey, spodSource, limit, machine } = cluster;
  const { namespace = '' } = spodKey;
  const profiles = cluster.reader<SeccompProfile>(SECCOMP.source);
  const source = baseArtifactSource(namespace);
  const objects = cluster.reader(source);
  const platform = normalPlatform({ os: 'linux', architecture: machine });
  const watches = [
    limitWatch(spodSource, profiles),
    baseArtifactWatch(SECCOMP, source, profiles, objects, relativesOf(SECCOMP, profiles)),
  ];
  return { profiles, artifacts: baseArtifacts(objects, namespace, platform), watches, limit: () => limit.now() };
}

/** All kinds of profiles. */
export const PROFILE_KINDS: readonly WiredKind[] = [WIRED_SECCOMP];
