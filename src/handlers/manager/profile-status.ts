// SPDX-License-Identifier: Apache-2.0
// The manager's part of a SeccompProfile: what all nodes say becomes its status, what pods run under it protects it, and it
// is let go when no node that counts holds its file. It never touches a node.
import { NotYet, Rejected } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { ANNOTATION } from '../../core/names.ts';
import { localhostProfile } from '../../core/seccomp/files.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { requireLimit, inactiveStateOf, stack, syscallsAnnotation } from '../../core/seccomp/install.ts';
import { aggregateNodes } from '../../core/status/aggregate.ts';
import type { NodeState, ProfileAggregate } from '../../core/status/aggregate.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import { finalizersLeft, profileMetadata } from '../../core/status/profile-metadata.ts';
import { isInstalled, profileStatus, urgencyOf } from '../../core/status/profile-status.ts';
import { rfc3339 } from '../../core/status/time.ts';
import type { SeccompProfile, SeccompProfileStatus } from '../../gen/crd/seccomp-profile.ts';
import type { NodeProfile } from '../../gen/crd/security-profile-node-status.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Handler, Reader, Watch } from '../../runtime/handler.ts';
import { metadataPatch } from '../../runtime/metadata.ts';
import { isDeleting, keyOf, keyText, refOf } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import { ProfileEvents } from './profile-events.ts';
import { isIncomplete } from '../sources/nodes.ts';
import type { DaemonNode } from '../sources/nodes.ts';

/** What the status handler works with. */
export interface SeccompStatusParts {
  readonly profiles: Reader<SeccompProfile>;
  /** Kinds whose changes concern profiles: reports, nodes, daemon pods, the DaemonSet, pods, the spod object. */
  readonly watches: readonly Watch[];
  readonly kubeletDir: string;
  readonly log: Log;
  daemonNodes(): readonly DaemonNode[];
  limit(): Limit;
  usersOf(localhostProfile: string): readonly string[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** What is only on its way, or only a number, waits so long for more of its kind. */
const SOON_MS = 1000;

/** Longest annotation that we write; all of an object's together may have 256 KiB. */
const ANNOTATION_MAX = 128 * 1024;

/** Writes status, label, annotation and finalizers of SeccompProfiles. */
export class SeccompStatusHandler implements Handler<SeccompProfile> {
  readonly kind = SECCOMP_PROFILE;
  readonly name = 'seccompprofile';
  readonly watches: readonly Watch[];
  readonly concurrency = 8;
  readonly rules = [
    { apiGroups: [SECCOMP_PROFILE.group], resources: [SECCOMP_PROFILE.plural], verbs: ['patch', 'delete'] },
    { apiGroups: [SECCOMP_PROFILE.group], resources: [`${SECCOMP_PROFILE.plural}/status`], verbs: ['patch'] },
  ] as const;
  private readonly parts: SeccompStatusParts;
  private readonly waiting = new Map<string, number>();
  private readonly events: ProfileEvents;

  constructor(parts: SeccompStatusParts) {
    this.parts = parts;
    this.watches = parts.watches;
    this.events = new ProfileEvents(parts);
  }

  async apply(profile: SeccompProfile): Promise<Outcome<SeccompProfile>> {
    const users = this.usersOf(profile);
    const { status, aggregate } = this.statusOf(profile, users);
    const violation = this.violationOf(profile);
    if (violation !== undefined) return this.deleteForLimit(profile, violation);
    const metadata = profileMetadata(profile, { nodes: true, pods: users.length > 0 }, this.syscallsOf(profile));
    const outcome = this.statusInTime(profile, status, aggregate);
    // In a burst users wait for statuses, and nobody for finalizers: what has arrived already is told first.
    const arrived = urgencyOf(profile.status, status) === 'now' && metadataPatch(profile, metadata) !== undefined;
    return arrived ? { ...outcome, requeueAfterMs: 1 } : { ...outcome, metadata };
  }

  async cleanup(profile: SeccompProfile): Promise<Outcome<SeccompProfile>> {
    const users = this.usersOf(profile);
    const holders = { nodes: users.length > 0 || this.isHeld(profile), pods: users.length > 0 };
    const metadata = { finalizers: finalizersLeft(profile.metadata.finalizers, holders) };
    if (!holders.nodes) return { metadata };
    const { status, aggregate } = this.statusOf(profile, users);
    return { ...this.statusInTime(profile, status, aggregate), metadata };
  }

  async gone(key: ObjectKey): Promise<Outcome<SeccompProfile>> {
    this.waiting.delete(keyText(key));
    this.events.forget(key);
    return {};
  }

  private usersOf({ metadata }: SeccompProfile): readonly string[] {
    return this.parts.usersOf(localhostProfile(metadata.namespace ?? '', metadata.name));
  }

  private statusOf(
    profile: SeccompProfile,
    users: readonly string[],
  ): { status: SeccompProfileStatus; aggregate: ProfileAggregate } {
    const { namespace = '', name, generation = 0, uid } = profile.metadata;
    const aggregate = aggregateNodes({
      uid,
      generation,
      deleting: isDeleting(profile),
      wasInstalled: isInstalled(profile.status, generation),
      nodeStates: this.nodeStatesOf(profile),
    });
    const { kubeletDir } = this.parts;
    const now = rfc3339(this.parts.now());
    const input = { namespace, name, kubeletDir, generation, aggregate, users, before: profile.status, now };
    return { status: profileStatus(input), aggregate };
  }

  /** What each node that counts says. A node that nobody can reach is waited for only if it has answered already. */
  private nodeStatesOf(profile: SeccompProfile): readonly NodeState[] {
    return this.parts.daemonNodes().flatMap(({ name, unreachable, nodeStatus }) => {
      const entry = entryIn(nodeStatus, profile);
      if (unreachable && (isDeleting(profile) || !isAbout(entry, profile))) return [];
      return [{ nodeName: name, entry, incomplete: isIncomplete(nodeStatus) }];
    });
  }

  private isHeld(profile: SeccompProfile): boolean {
    const { uid } = profile.metadata;
    return this.parts.daemonNodes().some(({ unreachable, nodeStatus }) => {
      const entry = entryIn(nodeStatus, profile);
      return !unreachable && entry !== undefined && (entry.uid === undefined || entry.uid === uid);
    });
  }

  private statusInTime(
    profile: SeccompProfile,
    status: SeccompProfileStatus,
    aggregate: ProfileAggregate,
  ): Outcome<SeccompProfile> {
    const key = keyText(keyOf(profile));
    const urgency = this.isAhead(profile, aggregate) ? 'soon' : urgencyOf(profile.status, status);
    if (urgency === 'never') {
      this.waiting.delete(key);
      return {};
    }
    const since = this.waiting.get(key) ?? this.parts.now();
    const left = since + SOON_MS - this.parts.now();
    if (urgency === 'soon' && left > 0 && left <= SOON_MS) {
      this.waiting.set(key, since);
      return { requeueAfterMs: left };
    }
    this.waiting.delete(key);
    return { status, events: this.events.of(profile, aggregate, this.usersOf(profile)) };
  }

  /**
   * A profile that was installed, and that a limit set since forbids. A new or changed one is refused by the nodes instead, and
   * what it stands on is a part of it: a base that was changed takes nothing away. Nodes are not asked: what one of them refuses
   * may be a base that is newer than what is known here.
   */
  private violationOf(profile: SeccompProfile): string | undefined {
    if (inactiveStateOf(profile) !== undefined || !this.wasInstalled(profile)) return undefined;
    const limit = this.parts.limit();
    if ((limit.allowedSyscalls ?? []).length === 0) return undefined;
    try {
      requireLimit(stack(profile, this.find(profile)).profile, limit);
      return undefined;
    } catch (error) {
      if (error instanceof Rejected && error.reason === 'ProfileNotAllowed') return error.message;
      if (error instanceof Rejected || error instanceof NotYet) return undefined;
      throw error;
    }
  }

  /**
   * Whether all nodes had the profile as it is now, with its bases as they are now. A base that is being deleted was expelled by
   * the same limit perhaps, a moment ago, unless it was never right.
   */
  private wasInstalled(profile: SeccompProfile): boolean {
    const find = this.find(profile);
    const seen = new Set<SeccompProfile>();
    for (let part: SeccompProfile | undefined = profile; part !== undefined && !seen.has(part);) {
      const deletedForLimit = part !== profile && isDeleting(part) && part.status?.status !== 'Error';
      if (!deletedForLimit && !isInstalled(part.status, part.metadata.generation ?? 0)) return false;
      seen.add(part);
      const base: string | undefined = part.spec.baseProfileName;
      part = base === undefined ? undefined : find(base);
    }
    return true;
  }

  /**
   * Whether nodes know more than we do: they refuse what was installed, by a limit or a base that has not come here yet. Which
   * of the two it is decides over the profile's deletion, and is known in a moment.
   */
  private isAhead(profile: SeccompProfile, { failures }: ProfileAggregate): boolean {
    return failures.some(({ reason }) => reason === 'ProfileNotAllowed') && this.wasInstalled(profile);
  }

  private deleteForLimit(profile: SeccompProfile, violation: string): Outcome<SeccompProfile> {
    this.parts.log.warn('profile is deleted because it is not allowed any more', {
      profile: keyText(keyOf(profile)),
      why: violation,
    });
    const message = `The profile is deleted: it ${violation}`;
    return { toDelete: [refOf(profile)], events: [{ type: 'Warning', reason: 'ProfileNotAllowed', message }] };
  }

  /** While a base is missing, the annotation stays what it was; the file on the nodes does, too. */
  private syscallsOf(profile: SeccompProfile): string | undefined {
    if (profile.spec.baseProfileName === undefined) return undefined;
    try {
      const text = syscallsAnnotation(stack(profile, this.find(profile)).profile);
      return text.length > ANNOTATION_MAX ? undefined : text;
    } catch (error) {
      if (error instanceof Rejected || error instanceof NotYet)
        return profile.metadata.annotations?.[ANNOTATION.syscalls];
      throw error;
    }
  }

  private find({ metadata }: SeccompProfile): (name: string) => SeccompProfile | undefined {
    return (name) => this.parts.profiles.get({ namespace: metadata.namespace, name });
  }
}

/** Whether an entry is about the profile as it is now, not about one that had its name. */
function isAbout(entry: NodeProfile | undefined, { metadata }: SeccompProfile): boolean {
  return entry?.generation === metadata.generation && (entry?.uid === undefined || entry.uid === metadata.uid);
}

function entryIn(nodeStatus: DaemonNode['nodeStatus'], profile: SeccompProfile): NodeProfile | undefined {
  return nodeStatus?.status?.profiles?.[
    nodeStatusKey(SECCOMP_PROFILE.kind, profile.metadata.namespace, profile.metadata.name)
  ];
}
