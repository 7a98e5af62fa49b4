// SPDX-License-Identifier: Apache-2.0
// The manager's part of a profile of any kind: the states on all nodes become its status, pods that use it protect it,
// and it is released when no node that counts holds it. Only `ManagerProfileKind` knows what is special about a kind.
//
// Finalizers are part of the wanted metadata, like labels, and are never written otherwise. Flow: `apply` wants
// `installed` on every profile and `inUse` on one that pods use; `cleanup` wants each of them as long as its reason
// lasts, and the API server removes the object with the last one. Guarantee: no profile is removed from the cluster
// while a reachable node holds it or a pod uses it; unless the operator or the kind itself is being deleted, where no
// finalizer may be left. Caveat: a profile that is deleted within milliseconds of its creation may go before it got a
// finalizer. The daemons remove what they hold of it by themselves, in `gone`.
import type { Reason, Rejected } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { ANNOTATION, FINALIZER } from '../../core/names.ts';
import { isHeldAsPart } from '../../core/recording/part.ts';
import { aggregateNodes, refusedAggregate } from '../../core/status/aggregate.ts';
import type { NodeState, ProfileAggregate } from '../../core/status/aggregate.ts';
import { DENIALS_OBSERVED, denialsObservation } from '../../core/status/denials.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import { finalizersFor, finalizersLeft, profileMetadata } from '../../core/status/profile-metadata.ts';
import type { Holders } from '../../core/status/profile-metadata.ts';
import { isInstalled, profileStatus, urgencyOf } from '../../core/status/profile-status.ts';
import type { ProfileStatus } from '../../core/status/profile-status.ts';
import type { Observation } from '../../core/status/state.ts';
import { rfc3339 } from '../../core/status/time.ts';
import type { NodeProfile } from '../../gen/crd/security-profile-node-status.ts';
import type { Handler, PolicyRule, Source, Watch } from '../../runtime/handler.ts';
import { metadataPatch } from '../../runtime/metadata.ts';
import { isDeleting, keyOf } from '../../runtime/object.ts';
import type { ObjectKey, Resource } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { isAbout, nodeDenials } from '../sources/node-denials.ts';
import { isIncomplete, lackIn } from '../sources/nodes.ts';
import type { DaemonNode } from '../sources/nodes.ts';
import type { Use } from '../sources/pods.ts';
import { kindName } from '../sources/profiles.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';
import { Patience } from './patience.ts';
import { ProfileEvents } from './profile-events.ts';
import type { DriftedNode, EventReasons } from './profile-events.ts';
import { StatusPace } from './status-pace.ts';

/** A kind of profile, as the manager sees it. */
export interface ManagerProfileKind<P extends Profile = Profile> extends ProfileKind<P> {
  readonly reasons: EventReasons;
  /** Other objects whose changes concern profiles of this kind. */
  readonly watches: readonly Watch[];
  /** Fields of the status that only this kind has. */
  statusFields(key: ObjectKey): object;
  /** Annotations that should be there, undefined for those that should not. Default: none is touched. */
  annotations?(profile: P): Readonly<Record<string, string | undefined>>;
  /** Why a denial of the profile leaves no record, as a sentence. Default: it does. */
  unlogged?(profile: P): string | undefined;
}

/** The dependencies of the status handler. */
export interface ProfileStatusParts {
  /**
   * Other objects whose changes concern profiles: node statuses, nodes, daemon pods, the DaemonSet, pods, base
   * profiles.
   */
  readonly watches: readonly Watch[];
  readonly log: Log;
  daemonNodes(): readonly DaemonNode[];
  usersOf(use: Use): readonly string[];
  /** Whether objects of the kind are to be let go, whatever they are for (leaving.ts). */
  isLeaving(resource: Resource): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

/** A profile as it is used and as the nodes have it. */
interface View {
  readonly users: readonly string[];
  readonly aggregate: ProfileAggregate;
  readonly status: ProfileStatus;
}

/** Writes status, label, annotations and finalizers of the profiles of one kind. */
export class ProfileStatusHandler implements Handler<Profile> {
  readonly kind: Resource;
  readonly name: string;
  readonly watches: readonly Watch[];
  readonly source: Source<Profile>;
  readonly concurrency = 8;
  readonly rules: readonly PolicyRule[];
  /** Under which reason a write of such a profile is counted that the API server did not take. */
  readonly failure: Reason;
  private readonly profileKind: ManagerProfileKind;
  private readonly parts: ProfileStatusParts;
  private readonly patience: Patience;
  private readonly pace: StatusPace;
  private readonly events: ProfileEvents;

  constructor(kind: ManagerProfileKind, parts: ProfileStatusParts) {
    const { group, plural } = kind.resource;
    this.kind = kind.resource;
    this.name = kindName(kind);
    this.watches = [...parts.watches, ...kind.watches];
    this.rules = [
      { apiGroups: [group], resources: [plural], verbs: ['patch'] },
      { apiGroups: [group], resources: [`${plural}/status`], verbs: ['patch'] },
    ];
    this.source = kind.source;
    this.failure = kind.reasons.failed;
    this.profileKind = kind;
    this.parts = parts;
    this.events = new ProfileEvents(kind.reasons, parts);
    this.patience = new Patience(() => parts.now());
    this.pace = new StatusPace(() => parts.now());
  }

  async apply(profile: Profile): Promise<Outcome<Profile>> {
    if (this.parts.isLeaving(this.kind)) return letGo(profile);
    const view = this.view(profile);
    const metadata = this.metadataOf(profile, { nodes: true, pods: view.users.length > 0 });
    const outcome = this.statusWhenDue(profile, view);
    // In a burst users wait for the status only: a final one is written first, the metadata by the next reconcile.
    const isFinal = outcome.status !== undefined && urgencyOf(profile.status, view.status) === 'now';
    const statusFirst = isFinal && metadataPatch(profile, metadata) !== undefined;
    return statusFirst ? { ...outcome, requeueAfterMs: 1 } : { ...outcome, metadata };
  }

  /**
   * A profile beyond its namespace's budget: no node installs it, and only those that had it before hold it. It gets no
   * label: that would be a write of the whole object, and such a one may have 1 MB, which the API server validates for
   * a second.
   */
  async withheld(profile: Profile, { reason, message }: Rejected): Promise<Outcome<Profile>> {
    if (this.parts.isLeaving(this.kind)) return letGo(profile);
    const view = this.view(profile, { reason, message });
    const pods = view.users.length > 0;
    const holders = { nodes: pods || this.isOnNodes(profile), pods };
    const finalizers = finalizersFor(holders, profile.metadata.finalizers);
    return { ...this.statusWhenDue(profile, view), metadata: { finalizers } };
  }

  async cleanup(profile: Profile): Promise<Outcome<Profile>> {
    if (this.parts.isLeaving(this.kind)) return letGo(profile);
    const used = this.usersOf(profile).length > 0;
    const holders = { nodes: used || this.isOnNodes(profile), pods: used };
    const metadata = { finalizers: finalizersLeft(profile.metadata.finalizers, holders) };
    if (!holders.nodes) return { metadata };
    return { ...this.statusWhenDue(profile, this.view(profile)), metadata };
  }

  async gone(key: ObjectKey): Promise<Outcome<Profile>> {
    this.patience.end(key);
    this.pace.forget(key);
    this.events.forget(key);
    return {};
  }

  /** `refusal`: why the manager refuses the profile, whatever nodes say. */
  private view(profile: Profile, refusal?: { readonly reason: string; readonly message: string }): View {
    const users = this.usersOf(profile);
    const seen = this.aggregate(profile);
    const aggregate = refusal === undefined ? seen : refusedAggregate(seen, refusal);
    const { generation = 0 } = profile.metadata;
    const now = rfc3339(this.parts.now());
    const denials = this.denialsOf(profile, users);
    const common = profileStatus({ generation, aggregate, users, denials, before: profile.status, now });
    return { users, aggregate, status: { ...common, ...this.profileKind.statusFields(keyOf(profile)) } };
  }

  /** Of a profile that nobody uses nothing is said, unless something was said before. */
  private denialsOf(profile: Profile, users: readonly string[]): Observation | undefined {
    const nodes = nodeDenials(this.parts.daemonNodes(), this.kind.kind, profile);
    const wasSaid = profile.status?.conditions?.some(({ type }) => type === DENIALS_OBSERVED) === true;
    if (users.length === 0 && !wasSaid && nodes.every(({ denials }) => denials.length === 0)) return undefined;
    const { generation = 0 } = profile.metadata;
    return denialsObservation({ nodes, unlogged: this.profileKind.unlogged?.(profile), generation });
  }

  private usersOf(profile: Profile): readonly string[] {
    return this.parts.usersOf({ kind: this.kind.kind, name: this.profileKind.useName(keyOf(profile)) });
  }

  private aggregate(profile: Profile): ProfileAggregate {
    const { generation = 0, uid } = profile.metadata;
    return aggregateNodes({
      uid,
      generation,
      deleting: isDeleting(profile),
      wasInstalled: isInstalled(profile.status, generation),
      nodeStates: this.nodeStatesOf(profile),
      lacks: this.parts.daemonNodes().flatMap(({ nodeStatus }) => lackIn(nodeStatus, this.profileKind) ?? []),
    });
  }

  /**
   * The states on the nodes that count. An unreachable node counts only if it has answered already, and one that cannot
   * have such profiles does not.
   */
  private nodeStatesOf(profile: Profile): readonly NodeState[] {
    return this.parts.daemonNodes().flatMap((node) => {
      const entry = this.entryOn(node.nodeStatus, profile);
      if (lackIn(node.nodeStatus, this.profileKind) !== undefined) return [];
      if (node.unreachable && (isDeleting(profile) || !isAbout(entry, profile))) return [];
      return [{ nodeName: node.name, entry, incomplete: isIncomplete(node.nodeStatus) }];
    });
  }

  private driftedNodes(profile: Profile): readonly DriftedNode[] {
    return this.parts.daemonNodes().flatMap(({ name, nodeStatus }) => {
      const entry = this.entryOn(nodeStatus, profile);
      const isDrift = entry?.reason === ('FileDiffered' satisfies Reason) && isAbout(entry, profile);
      return isDrift ? [{ nodeName: name, message: entry.message ?? '' }] : [];
    });
  }

  private isOnNodes(profile: Profile): boolean {
    return this.parts.daemonNodes().some((node) => {
      const entry = this.entryOn(node.nodeStatus, profile);
      const isItsOwn = entry?.uid === undefined || entry.uid === profile.metadata.uid;
      return !node.unreachable && entry !== undefined && isItsOwn;
    });
  }

  private entryOn(nodeStatus: DaemonNode['nodeStatus'], { metadata }: Profile): NodeProfile | undefined {
    return nodeStatus?.status?.profiles?.[nodeStatusKey(this.kind.kind, metadata.namespace, metadata.name)];
  }

  private metadataOf(profile: Profile, holders: Holders): NonNullable<Outcome['metadata']> {
    return profileMetadata(profile, holders, this.profileKind.annotations?.(profile) ?? {});
  }

  /**
   * The status with its events if it must be written now; when to ask again if it can wait; nothing if it is written.
   */
  private statusWhenDue(profile: Profile, { users, aggregate, status }: View): Outcome<Profile> {
    const key = keyOf(profile);
    const urgency = urgencyOf(profile.status, status);
    const leftMs = urgency === 'soon' ? this.patience.leftMs(key) : urgency === 'now' ? this.pace.leftMs(key) : 0;
    if (leftMs > 0) return { requeueAfterMs: leftMs };
    this.patience.end(key);
    if (urgency === 'never') return {};
    if (urgency === 'now') this.pace.wrote(key);
    const events = [
      ...this.events.of(profile, aggregate, users),
      ...this.events.denied(profile, status),
      ...this.events.drifted(profile, this.driftedNodes(profile)),
    ];
    return { status, events };
  }
}

/**
 * No finalizer of ours is left, a recording's included. A part of a recording keeps a mark instead: an operator that
 * comes back merges it.
 */
function letGo({ metadata }: Profile): Outcome<Profile> {
  const isPart = isHeldAsPart({ metadata });
  const finalizers = {
    [FINALIZER.installed]: false,
    [FINALIZER.inUse]: false,
    [FINALIZER.partialProfile]: false,
  };
  return { metadata: { finalizers, ...(isPart ? { annotations: { [ANNOTATION.unmergedPart]: 'true' } } : {}) } };
}
