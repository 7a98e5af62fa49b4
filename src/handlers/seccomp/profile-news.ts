// SPDX-License-Identifier: Apache-2.0
// What is told in events of a SeccompProfile: that it is installed, that it failed and why, for whom its deletion waits. Each
// thing once, and in a burst of profiles only the first ones: the statuses say it all.
import { isReason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { EventBudget } from '../../core/status/event-budget.ts';
import type { Folded } from '../../core/status/fold.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { EventNote } from '../../runtime/outcome.ts';
import type { FleetNode } from '../watched/nodes.ts';

/** What the news are made from. */
export interface NewsParts {
  readonly log: Log;
  fleet(): readonly FleetNode[];
  /** Milliseconds since 1970. */
  now(): number;
}

/** Events of successful installs: ten at once, then one a second: less than a tenth of the writes of a burst. */
const GOOD_NEWS = { burst: 10, refillMs: 1000 };
const BAD_NEWS = { burst: 25, refillMs: 1000 };

/** Remembers what was told. */
export class ProfileNews {
  private readonly parts: NewsParts;
  /** What was last told of each profile: a status that could not be written comes again, its event must not. */
  private readonly told = new Map<string, string>();
  private readonly good = new EventBudget(GOOD_NEWS);
  private readonly bad = new EventBudget(BAD_NEWS);

  constructor(parts: NewsParts) {
    this.parts = parts;
  }

  /** The events that go with a status of the profile; `users` are the pods that run under it, as `namespace/name`. */
  of(profile: SeccompProfile, folded: Folded, users: readonly string[]): readonly EventNote[] {
    if (this.isTold(profile, folded)) return [];
    switch (folded.state) {
      case 'Installed':
        return this.installed(profile, folded);
      case 'Error':
        return this.failed(profile, folded);
      case 'Terminating':
        return this.staying(profile, users);
      case 'Pending':
      case 'InProgress':
      case 'Partial':
      case 'Disabled':
        return [];
      default: {
        const never: never = folded.state;
        return never;
      }
    }
  }

  /** The profile is gone. */
  forget(key: ObjectKey): void {
    this.told.delete(keyText(key));
  }

  private isTold(profile: SeccompProfile, { state, ready }: Folded): boolean {
    const { uid, generation } = profile.metadata;
    const key = keyText(keyOf(profile));
    const news = [uid, generation, state, state === 'Error' ? ready.message : ''].join(' ');
    if (this.told.get(key) === news) return true;
    this.told.set(key, news);
    return false;
  }

  private installed(profile: SeccompProfile, { state, nodes }: Folded): readonly EventNote[] {
    const before = profile.status;
    if (before?.status === state && before.observedGeneration === profile.metadata.generation) return [];
    this.parts.log.info('profile is installed', { profile: keyText(keyOf(profile)), nodes: nodes.installed });
    if (!this.good.spend(this.parts.now())) return [];
    const where = nodes.installed === 1 ? this.onlyNode() : `${String(nodes.installed)} nodes`;
    return [
      { type: 'Normal', reason: 'SavedSeccompProfile', message: `Successfully saved profile to disk on ${where}` },
    ];
  }

  private failed(profile: SeccompProfile, { failures, ready }: Folded): readonly EventNote[] {
    const { message } = ready;
    const known = profile.status?.conditions?.some((condition) => condition.message === message) === true;
    if (known || !this.bad.spend(this.parts.now())) return [];
    const reason = failures[0]?.reason;
    const named = reason !== undefined && isReason(reason) ? reason : 'CannotUpdateSeccompProfile';
    return [{ type: 'Warning', reason: named, message }];
  }

  /** Whoever deletes a profile in use sees a command that does not end, and deserves to be told for whom it waits. */
  private staying(profile: SeccompProfile, [user, ...others]: readonly string[]): readonly EventNote[] {
    if (profile.status?.status === 'Terminating' || user === undefined) return [];
    if (!this.bad.spend(this.parts.now())) return [];
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    const message = `The deletion waits until these pods have ended: ${user}${more}`;
    return [{ type: 'Warning', reason: 'ProfileInUse', message }];
  }

  private onlyNode(): string {
    return this.parts.fleet()[0]?.name ?? 'the node';
  }
}
