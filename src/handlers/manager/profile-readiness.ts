// SPDX-License-Identifier: Apache-2.0
// Whether a profile that a pod uses is on the nodes that count for the pod. It is read from what the nodes report, not
// from the profile's status, which is written later and says nothing of a part of the nodes.
import type { ProfileOnNodes } from '../../core/binding/gate.ts';
import { placementTest } from '../../core/binding/placement.ts';
import type { Placement } from '../../core/binding/placement.ts';
import { inactiveStateOf } from '../../core/status/inactive.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeProfile } from '../../gen/crd/security-profile-node-status.ts';
import type { Reader } from '../../runtime/handler.ts';
import { isDeleting } from '../../runtime/object.ts';
import { firstOwner, relativesOf } from '../sources/base-profiles.ts';
import type { Relatives } from '../sources/base-profiles.ts';
import { isIncomplete, lackIn } from '../sources/nodes.ts';
import type { DaemonNode } from '../sources/nodes.ts';
import type { Use } from '../sources/pods.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';

/** A kind with its profiles. */
export interface KnownKind {
  readonly kind: ProfileKind;
  readonly profiles: Reader<Profile>;
}

/** Answers for all kinds of profiles. */
export class ProfileReadiness {
  private readonly kinds: ReadonlyMap<string, ProfileKind>;
  private readonly relatives: ReadonlyMap<string, Relatives>;
  private readonly operatorNamespace: string;
  private readonly daemonNodes: () => readonly DaemonNode[];

  constructor(kinds: readonly KnownKind[], daemonNodes: () => readonly DaemonNode[], operatorNamespace: string) {
    this.operatorNamespace = operatorNamespace;
    this.daemonNodes = daemonNodes;
    this.kinds = new Map(kinds.map(({ kind }) => [kind.resource.kind, kind]));
    this.relatives = new Map(kinds.map(({ kind, profiles }) => [kind.resource.kind, relativesOf(kind, profiles)]));
  }

  /** The profile that pods get by a name; of two that share it the one that owns it. */
  profileOf({ kind, name }: Use): Profile | undefined {
    const owners = this.relatives.get(kind)?.ownersOf(name) ?? [];
    return firstOwner(this.kinds.get(kind) ?? {}, owners, this.operatorNamespace);
  }

  /**
   * Where a profile stands on the nodes on which a pod may run. A node that cannot be reached takes no pods. Where the
   * pod may run on none of the nodes, none is waited for: only pods without gates make an autoscaler add one. Nodes
   * that cannot have the profile are not waited for, unless there are no others.
   */
  on(use: Use, placement: Placement): ProfileOnNodes {
    const profile = this.profileOf(use);
    if (profile === undefined) return { state: 'missing' };
    if (inactiveStateOf(profile) !== undefined) return { state: 'inactive' };
    const all = this.daemonNodes();
    if (all.length === 0) return { state: 'nowhere' };
    const mayRunOn = placementTest(placement);
    const nodes = all.filter((node) => !node.unreachable && mayRunOn({ labels: {}, ...node }));
    const lacks = nodes.flatMap(({ nodeStatus }) => lackIn(nodeStatus, this.kinds.get(use.kind) ?? {}) ?? []);
    const [lack] = lacks;
    if (lack !== undefined && lacks.length === nodes.length)
      return { state: 'unsupported', node: lack.nodeName, message: lack.message };
    const able = nodes.filter(({ name }) => !lacks.some(({ nodeName }) => nodeName === name));
    const pending = able.filter((node) => !isOn(node, profile));
    if (pending.length === 0) return { state: 'installed' };
    if (isDeleting(profile)) return { state: 'ending' };
    for (const node of pending) {
      const { state, message = '' } = entryAbout(node, profile) ?? {};
      if (state === 'Error') return { state: 'failed', node: node.name, message };
    }
    return { state: 'pending', nodes: pending.map(({ name }) => name) };
  }

  /** Whether a use may be of what others have made, since no object of ours has the name. */
  mayBeOthers(use: Use): boolean {
    return this.kinds.get(use.kind)?.sharesNames === true && this.profileOf(use) === undefined;
  }

  /** The profile if it is on one node, as it is now. */
  installedOn(use: Use, nodeName: string): Profile | undefined {
    const profile = this.profileOf(use);
    const node = this.daemonNodes().find(({ name }) => name === nodeName);
    if (profile === undefined || node === undefined) return undefined;
    return isOn(node, profile) ? profile : undefined;
  }
}

/**
 * Whether a node has the profile as it is now. A report without room for all profiles leaves out installed ones, so one
 * of which it says nothing counts as installed: nothing would ever tell that it is.
 */
function isOn(node: DaemonNode, profile: Profile): boolean {
  if (entryOf(node, profile) === undefined) return isIncomplete(node.nodeStatus);
  return entryAbout(node, profile)?.state === 'Installed';
}

function entryOf(
  { nodeStatus }: DaemonNode,
  { kind, metadata: { namespace, name } }: Profile,
): NodeProfile | undefined {
  return nodeStatus?.status?.profiles?.[nodeStatusKey(kind, namespace, name)];
}

/** The entry of a node if it is about the profile as it is now, not about an older one or one that had its name. */
function entryAbout(node: DaemonNode, profile: Profile): NodeProfile | undefined {
  const { uid, generation } = profile.metadata;
  const entry = entryOf(node, profile);
  const isAboutIt = entry?.generation === generation && (entry?.uid === undefined || entry.uid === uid);
  return isAboutIt ? entry : undefined;
}
