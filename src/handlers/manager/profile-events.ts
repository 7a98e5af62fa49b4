// SPDX-License-Identifier: Apache-2.0
// The Kubernetes events of a profile of any kind: it is installed, it failed and why, which pods its deletion waits
// for. Each is recorded once, and in a burst of profiles only the first ones: the statuses say it all.
import { isReason } from '../../core/errors.ts';
import type { Reason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { ProfileAggregate } from '../../core/status/aggregate.ts';
import { EventBudget } from '../../core/status/event-budget.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent } from '../../runtime/outcome.ts';
import type { DaemonNode } from '../sources/nodes.ts';
import type { Profile } from '../sources/profiles.ts';

/** Reasons of the events of a kind. */
export interface EventReasons {
  /** The profile is on all nodes. */
  readonly installed: Reason;
  /** A node failed and gave no reason that we know; counted also where the profile cannot be written. */
  readonly failed: Reason;
}

/** The dependencies of profile events. */
export interface ProfileEventsParts {
  readonly log: Log;
  daemonNodes(): readonly DaemonNode[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Events of successful installs: ten at once, then one a second: less than a tenth of the writes of a burst. */
const NORMAL_EVENTS = { burst: 10, refillMs: 1000 };
const WARNING_EVENTS = { burst: 25, refillMs: 1000 };

/** Makes the events of one kind, and remembers which were made. */
export class ProfileEvents {
  private readonly reasons: EventReasons;
  private readonly parts: ProfileEventsParts;
  /** The last event of each profile: a status that could not be written comes again, its event must not. */
  private readonly recorded = new Map<string, string>();
  private readonly normal = new EventBudget(NORMAL_EVENTS);
  private readonly warnings = new EventBudget(WARNING_EVENTS);

  constructor(reasons: EventReasons, parts: ProfileEventsParts) {
    this.reasons = reasons;
    this.parts = parts;
  }

  /** The events that go with a status of the profile; `users` are the pods that use it, as `namespace/name`. */
  of(profile: Profile, aggregate: ProfileAggregate, users: readonly string[]): readonly ObjectEvent[] {
    if (!this.recordIfNew(profile, aggregate)) return [];
    switch (aggregate.state) {
      case 'Installed':
        return this.installed(profile, aggregate);
      case 'Error':
        return this.failed(profile, aggregate);
      case 'Terminating':
        return this.inUse(profile, users);
      case 'Pending':
      case 'InProgress':
      case 'Partial':
      case 'Disabled':
        return [];
      default: {
        const never: never = aggregate.state;
        return never;
      }
    }
  }

  /** The profile is gone. */
  forget(key: ObjectKey): void {
    this.recorded.delete(keyText(key));
  }

  /** Remembers the state that events are made of; false where it was remembered already. */
  private recordIfNew(profile: Profile, { state, ready }: ProfileAggregate): boolean {
    const { uid, generation } = profile.metadata;
    const key = keyText(keyOf(profile));
    const content = [uid, generation, state, state === 'Error' ? ready.message : ''].join(' ');
    if (this.recorded.get(key) === content) return false;
    this.recorded.set(key, content);
    return true;
  }

  private installed(profile: Profile, { state, nodes }: ProfileAggregate): readonly ObjectEvent[] {
    const before = profile.status;
    if (before?.status === state && before.observedGeneration === profile.metadata.generation) return [];
    this.parts.log.info('profile is installed', { profile: keyText(keyOf(profile)), nodes: nodes.installed });
    if (!this.normal.spend(this.parts.now())) return [];
    const where = nodes.installed === 1 ? this.onlyNode() : `${String(nodes.installed)} nodes`;
    const message = `Successfully saved profile to disk on ${where}`;
    return [{ type: 'Normal', reason: this.reasons.installed, message }];
  }

  private failed(profile: Profile, { failures, ready }: ProfileAggregate): readonly ObjectEvent[] {
    const { message } = ready;
    const known = profile.status?.conditions?.some((condition) => condition.message === message) === true;
    if (known || !this.warnings.spend(this.parts.now())) return [];
    const named = [failures[0]?.reason ?? '', ready.reason].find(isReason) ?? this.reasons.failed;
    return [{ type: 'Warning', reason: named, message }];
  }

  /** The deletion of a profile in use is a command that does not end; the event names the pods that it waits for. */
  private inUse(profile: Profile, [user, ...others]: readonly string[]): readonly ObjectEvent[] {
    if (profile.status?.status === 'Terminating' || user === undefined) return [];
    if (!this.warnings.spend(this.parts.now())) return [];
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    const message = `The deletion waits until these pods have ended: ${user}${more}`;
    return [{ type: 'Warning', reason: 'ProfileInUse', message }];
  }

  private onlyNode(): string {
    return this.parts.daemonNodes()[0]?.name ?? 'the node';
  }
}
