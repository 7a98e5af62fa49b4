// SPDX-License-Identifier: Apache-2.0
// The kinds of profiles that the operator handles: a new kind is one more entry of the list at the end. Both processes,
// the node's status, the watches of pods and the permissions follow from it.
import { seccompSupport } from '../../core/kernel.ts';
import type { Kernel } from '../../core/kernel.ts';
import { normalPlatform } from '../../core/oci/platform.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import type { ProfileFile } from '../../core/seccomp/files.ts';
import { selinuxSupport } from '../../core/selinux/support.ts';
import type { SelinuxState } from '../../core/selinux/support.ts';
import type { MarkedProfile } from '../../core/selinux/store/mark.ts';
import type { Support } from '../../core/status/support.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { APPARMOR_IN_MANAGER } from '../../handlers/manager/apparmor-profile.ts';
import type { AppArmorProfile } from '../../gen/crd/app-armor-profile.ts';
import type { SelinuxProfile } from '../../gen/crd/selinux-profile.ts';
import { seccompInManager } from '../../handlers/manager/seccomp-profile.ts';
import { RAW_SELINUX_IN_MANAGER, SELINUX_IN_MANAGER } from '../../handlers/manager/selinux-profile.ts';
import type { ManagerProfileKind } from '../../handlers/manager/profile-status.ts';
import type { TwinForm } from '../../handlers/manager/binding-trials.ts';
import { appArmorTwin, seccompTwin, selinuxTwin } from '../../handlers/manager/twin-forms.ts';
import type { NodeProfileKind, ProfileCounters } from '../../handlers/node/profile-kind.ts';
import { appArmorOnNode } from '../../handlers/node/apparmor-profile.ts';
import type { AppArmorNodeParts } from '../../handlers/node/apparmor-profile.ts';
import { seccompOnNode } from '../../handlers/node/seccomp-profile.ts';
import type { FileChanges, ProfileFiles } from '../../handlers/node/seccomp-profile.ts';
import { APPARMOR } from '../../handlers/sources/apparmor-profiles.ts';
import type { PolicyFiles, Selinuxd, SelinuxdChanges } from '../../handlers/node/selinux-policies.ts';
import { rawSelinuxOnNode, selinuxOnNode } from '../../handlers/node/selinux-profile.ts';
import type { SelinuxNodeParts } from '../../handlers/node/selinux-profile.ts';
import { baseArtifacts, baseArtifactSource, baseArtifactWatch } from '../../handlers/sources/base-artifacts.ts';
import { relativesOf } from '../../handlers/sources/base-profiles.ts';
import type { Profile, ProfileKind } from '../../handlers/sources/profiles.ts';
import { SECCOMP } from '../../handlers/sources/seccomp-profiles.ts';
import {
  NAMESAKE_WATCH,
  RAW_SELINUX,
  SELINUX,
  selinuxOptionsOf,
  selinuxOptionsWatch,
} from '../../handlers/sources/selinux-profiles.ts';
import { CurrentLimit, limitWatch } from '../../handlers/sources/spods.ts';
import type { Reader, Source, Watch } from '../../runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';

/** The part of its node that a daemon works with: what is common to all kinds, and a part for each of them. */
export interface NodeSide {
  readonly kernel: Kernel;
  /** SHA-256 of a text, in hexadecimal digits. */
  readonly digest: (text: string) => string;
  readonly limit: KeptLimit;
  readonly aside: MovedAside;
  readonly seccomp: SeccompSide;
  readonly appArmor: AppArmorSide;
  readonly selinux: SelinuxSide;
  /** Undefined where the daemon's pod has no log enricher. */
  readonly denials?: DenialFeed | undefined;
}

/** Tells lines on denied calls (core/audit/denial-line.ts); `lost` where nobody does any more. */
export interface DenialFeed {
  follow(listener: { line(line: string): void; lost(): void }): void;
}

/** The node as seccomp profiles need it. */
export interface SeccompSide {
  readonly files: ProfileFiles;
  readonly changes?: FileChanges;
  /** Profile files that were there when the daemon started. */
  readonly inventory: readonly ProfileFile[];
  readonly counters: ProfileCounters;
}

/** The node as AppArmor profiles need it, or why it has none. */
export interface AppArmorSide {
  readonly support: Support;
  /** There where the node has AppArmor. */
  readonly node: Omit<AppArmorNodeParts, 'profiles' | 'digest' | 'operatorNamespace'> | undefined;
}

/** The node as SELinux profiles of both kinds need it. */
export interface SelinuxSide {
  readonly state: SelinuxState;
  readonly files: PolicyFiles;
  readonly selinuxd: Selinuxd;
  readonly changes: SelinuxdChanges & { installed(): Promise<ReadonlyMap<string, MarkedProfile>> };
  readonly counters: ProfileCounters;
}

/** The last limit that the daemon of a node saw, beyond its own life. */
export interface KeptLimit {
  readonly before: Limit;
  /** Rejects where the node cannot keep it. */
  save(limit: Limit): Promise<void>;
}

/** Entries of the operator's directories that were in the way, by their present paths. */
export interface MovedAside {
  paths(): readonly string[];
  /** Calls back whenever there is one more. */
  follow(listener: () => void): void;
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
  /** Whether the node can have such profiles. Where it cannot, and the kind has `support`, they are not looked at. */
  support(node: NodeSide): Support;
  onNode(cluster: ClusterSide, node: NodeSide): NodeProfileKind;
  inManager(cluster: ClusterSide, kubeletDir: string): ManagerProfileKind;
  /** How a log-only twin of a profile is made; left out for a kind that cannot be bound. */
  twinForm?(cluster: ClusterSide): (profile: Profile, name: string) => TwinForm;
}

const WIRED_SECCOMP: WiredKind = {
  kind: SECCOMP,
  support: ({ kernel }) => seccompSupport(kernel),
  onNode: (cluster, { seccomp, kernel, digest }) => seccompOnNode({ kernel, digest, ...seccomp, ...limited(cluster) }),
  inManager: (cluster, kubeletDir) => {
    const watches = [artifactWatch(cluster)];
    return seccompInManager({ kubeletDir, watches, ...seccompCluster(cluster) });
  },
  twinForm: (cluster) => {
    const parts = { ...seccompCluster(cluster), limit: () => cluster.limit.now() };
    return (profile) => seccompTwin(profile as SeccompProfile, parts);
  },
};

/** The same for daemons, who hold profiles against the limit. */
function limited(cluster: ClusterSide) {
  const { profiles, artifacts } = seccompCluster(cluster);
  const watches = [limitWatch(cluster.spodSource, profiles), artifactWatch(cluster)];
  return { profiles, artifacts, watches, limit: () => cluster.limit.now() };
}

function seccompCluster({ spodKey: { namespace = '' }, machine, ...cluster }: ClusterSide) {
  const profiles = cluster.reader<SeccompProfile>(SECCOMP.source);
  const objects = cluster.reader(baseArtifactSource(namespace));
  const platform = normalPlatform({ os: 'linux', architecture: machine });
  return { profiles, artifacts: baseArtifacts(objects, namespace, platform) };
}

/** The profiles that a change of an artifact concerns. */
function artifactWatch({ spodKey: { namespace = '' }, ...cluster }: ClusterSide): Watch {
  const profiles = cluster.reader<SeccompProfile>(SECCOMP.source);
  const source = baseArtifactSource(namespace);
  return baseArtifactWatch(SECCOMP, source, profiles, cluster.reader(source), relativesOf(SECCOMP, profiles));
}

const WIRED_APPARMOR: WiredKind = {
  kind: APPARMOR,
  support: ({ appArmor }) => appArmor.support,
  onNode: (cluster, { appArmor: { node, support }, digest }) => {
    if (node === undefined) throw new RangeError(support.message);
    const { namespace: operatorNamespace = '' } = cluster.spodKey;
    return appArmorOnNode({ ...node, digest, operatorNamespace, profiles: cluster.reader(APPARMOR.source) });
  },
  inManager: () => APPARMOR_IN_MANAGER,
  twinForm: () => (profile, name) => appArmorTwin(profile as AppArmorProfile, name),
};

const WIRED_SELINUX: WiredKind = {
  kind: SELINUX,
  support: ({ selinux }) => selinuxSupport(selinux.state),
  onNode: (cluster, node) => selinuxOnNode(selinuxParts(cluster, node, SELINUX)),
  inManager: () => SELINUX_IN_MANAGER,
  twinForm: () => (profile) => selinuxTwin(profile as SelinuxProfile),
};

const WIRED_RAW_SELINUX: WiredKind = {
  kind: RAW_SELINUX,
  support: ({ selinux }) => selinuxSupport(selinux.state),
  onNode: (cluster, node) => {
    const parts = selinuxParts(cluster, node, RAW_SELINUX);
    return rawSelinuxOnNode({ ...parts, watches: [...parts.watches, NAMESAKE_WATCH] });
  },
  inManager: () => RAW_SELINUX_IN_MANAGER,
};

function selinuxParts(
  cluster: ClusterSide,
  { selinux, ...node }: NodeSide,
  kind: Pick<ProfileKind, 'source'>,
): SelinuxNodeParts {
  const { spodSource, spodKey } = cluster;
  const spods = cluster.reader(spodSource);
  return {
    ...selinux,
    digest: (text) => node.digest(text),
    profiles: cluster.reader<SelinuxProfile>(SELINUX.source),
    watches: [selinuxOptionsWatch(spodSource, cluster.reader<Profile>(kind.source))],
    installed: () => selinux.changes.installed(),
    limit: () => selinuxOptionsOf(spods, spodKey),
  };
}

/** All kinds of profiles. */
export const PROFILE_KINDS: readonly WiredKind[] = [WIRED_SECCOMP, WIRED_APPARMOR, WIRED_SELINUX, WIRED_RAW_SELINUX];
