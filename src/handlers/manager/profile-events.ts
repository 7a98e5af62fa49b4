// SPDX-License-Identifier: Apache-2.0
// What is told in events of a SeccompProfile: that it is installed, that it failed and why, for whom its deletion waits. Each
// thing once, and in a burst of profiles only the first ones: the statuses say it all.
import { isReason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { EventBudget } from '../../core/status/event-budget.ts';
import type { ProfileAggregate } from '../../core/status/aggregate.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent } from '../../runtime/outcome.ts';
import type { DaemonNode } from '../sources/nodes.ts';

/** What the news are made from. */
export interface ProfileEventsParts {
  readonly log: Log;
  daemonNodes(): readonly DaemonNode[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Events of successful installs: ten at once, then one a second: less than a tenth of the writes of a burst. */
const NORMAL_EVENTS = { burst: 10, refillMs: 1000 };
const WARNING_EVENTS = { burst: 25, refillMs: 1000 };

/** Remembers what was told. */
export class ProfileEvents {
  private readonly parts: ProfileEventsParts;
  /** What was last told of each profile: a status that could not be written comes again, its event must not. */
  private readonly recorded = new Map<string, string>();
  private readonly good = new EventBudget(NORMAL_EVENTS);
  private readonly bad = new EventBudget(WARNING_EVENTS);

  constructor(parts: ProfileEventsParts) {
    this.parts = parts;
  }

  /** The events that go with a status of the profile; `users` are the pods that run under it, as `namespace/name`. */
  of(profile: SeccompProfile, aggregate: ProfileAggregate, users: readonly string[]): readonly ObjectEvent[] {
    if (this.isRecorded(profile, aggregate)) return [];
    switch (aggregate.state) {
      case 'Installed':
        return this.installed(profile, aggregate);
      case 'Error':
        return this.failed(profile, aggregate);
      case 'Terminating':
        return this.staying(profile, users);
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

  private isRecorded(profile: SeccompProfile, { state, ready }: ProfileAggregate): boolean {
    const { uid, generation } = profile.metadata;
    const key = keyText(keyOf(profile));
    const content = [uid, generation, state, state === 'Error' ? ready.message : ''].join(' ');
    if (this.recorded.get(key) === content) return true;
    this.recorded.set(key, content);
    return false;
  }

  private installed(profile: SeccompProfile, { state, nodes }: ProfileAggregate): readonly ObjectEvent[] {
    const before = profile.status;
    if (before?.status === state && before.observedGeneration === profile.metadata.generation) return [];
    this.parts.log.info('profile is installed', { profile: keyText(keyOf(profile)), nodes: nodes.installed });
    if (!this.good.spend(this.parts.now())) return [];
    const where = nodes.installed === 1 ? this.onlyNode() : `${String(nodes.installed)} nodes`;
    return [
      { type: 'Normal', reason: 'SavedSeccompProfile', message: `Successfully saved profile to disk on ${where}` },
    ];
  }

  private failed(profile: SeccompProfile, { failures, ready }: ProfileAggregate): readonly ObjectEvent[] {
    const { message } = ready;
    const known = profile.status?.conditions?.some((condition) => condition.message === message) === true;
    if (known || !this.bad.spend(this.parts.now())) return [];
    const reason = failures[0]?.reason;
    const named = reason !== undefined && isReason(reason) ? reason : 'CannotUpdateSeccompProfile';
    return [{ type: 'Warning', reason: named, message }];
  }

  /** Whoever deletes a profile in use sees a command that does not end, and deserves to be told for whom it waits. */
  private staying(profile: SeccompProfile, [user, ...others]: readonly string[]): readonly ObjectEvent[] {
    if (profile.status?.status === 'Terminating' || user === undefined) return [];
    if (!this.bad.spend(this.parts.now())) return [];
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    const message = `The deletion waits until these pods have ended: ${user}${more}`;
    return [{ type: 'Warning', reason: 'ProfileInUse', message }];
  }

  private onlyNode(): string {
    return this.parts.daemonNodes()[0]?.name ?? 'the node';
  }
}
