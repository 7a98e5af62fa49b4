// SPDX-License-Identifier: Apache-2.0
// The Kubernetes events of a profile of any kind: it is installed, it failed and why, which pods its deletion waits
// for. Each is recorded once, and in a burst of profiles only the first ones: the statuses say it all.
import { isReason } from '../../core/errors.ts';
import type { Reason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { SharedRate } from '../../core/rate.ts';
import type { ProfileAggregate } from '../../core/status/aggregate.ts';
import { DENIALS_OBSERVED } from '../../core/status/denials.ts';
import type { ProfileStatus } from '../../core/status/profile-status.ts';
import { READY } from '../../core/status/state.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ObjectEvent } from '../../runtime/outcome.ts';
import type { DaemonNode } from '../sources/nodes.ts';
import type { Profile } from '../sources/profiles.ts';

/** Reasons of the events of a kind. */
export interface EventReasons {
  /** The profile is on all nodes. */
  readonly installed: Reason;
  /** The rest of a sentence that begins with "Successfully" and ends with the nodes. */
  readonly deed: string;
  /** A node failed and gave no reason that we know; counted also where the profile cannot be written. */
  readonly failed: Reason;
}

/** A node on which the file of a profile was not as written. */
export interface DriftedNode {
  readonly nodeName: string;
  readonly message: string;
}

/** The dependencies of profile events. */
export interface ProfileEventsParts {
  readonly log: Log;
  daemonNodes(): readonly DaemonNode[];
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Events of successful installs in a namespace: ten at once, then one a second: less than a tenth of the writes of a
 * burst.
 */
const NORMAL_EVENTS = { burst: 10, refillMs: 1000 };
const WARNING_EVENTS = { burst: 25, refillMs: 1000 };
/** Those of all namespaces together: the trouble of one leaves the others their events. */
const ALL_NORMAL_EVENTS = { burst: 40, refillMs: 250 };
const ALL_WARNING_EVENTS = { burst: 100, refillMs: 250 };

/** Makes the events of one kind, and remembers which were made. */
export class ProfileEvents {
  private readonly reasons: EventReasons;
  private readonly parts: ProfileEventsParts;
  /** The last event of each profile: a status that could not be written comes again, its event must not. */
  private readonly recorded = new Map<string, string>();
  /** The last message on denials of each profile, likewise. */
  private readonly denials = new Map<string, string>();
  /** The last words on drift of each profile, likewise. */
  private readonly drifts = new Map<string, string>();
  private readonly normal = new SharedRate(NORMAL_EVENTS, ALL_NORMAL_EVENTS);
  private readonly warnings = new SharedRate(WARNING_EVENTS, ALL_WARNING_EVENTS);

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
        return this.nowhere(profile, aggregate);
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

  /** The event of calls that the profile denies, once for each set of them. */
  denied(profile: Profile, status: ProfileStatus): readonly ObjectEvent[] {
    const seen = status.conditions?.find(({ type }) => type === DENIALS_OBSERVED);
    if (seen?.status !== 'True') return [];
    const key = keyText(keyOf(profile));
    const { message = '' } = seen;
    const before = profile.status?.conditions?.find(({ type }) => type === DENIALS_OBSERVED);
    const isKnown = before?.message === message || this.denials.get(key) === message;
    this.denials.set(key, message);
    if (isKnown || !this.warnings.spend(namespaceOf(profile), this.parts.now())) return [];
    return [{ type: 'Warning', reason: 'DenialsObserved', message: `The profile has ${message}` }];
  }

  /** The event of files that nodes have written again, once for each time. */
  drifted(profile: Profile, nodes: readonly DriftedNode[]): readonly ObjectEvent[] {
    const key = keyText(keyOf(profile));
    const text = nodes.map(({ nodeName, message }) => `${nodeName}: ${message}`).join('; ');
    const isKnown = text === '' || this.drifts.get(key) === text;
    if (text === '') this.drifts.delete(key);
    else this.drifts.set(key, text);
    const ready = profile.status?.conditions?.find(({ type }) => type === READY);
    const wasTold = nodes.every(({ message }) => ready?.message?.includes(message) === true);
    if (isKnown || wasTold || !this.warnings.spend(namespaceOf(profile), this.parts.now())) return [];
    return [{ type: 'Warning', reason: 'FileDiffered' satisfies Reason, message: text }];
  }

  /** The profile is gone. */
  forget(key: ObjectKey): void {
    this.recorded.delete(keyText(key));
    this.denials.delete(keyText(key));
    this.drifts.delete(keyText(key));
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
    if (!this.normal.spend(namespaceOf(profile), this.parts.now())) return [];
    const where = nodes.installed === 1 ? this.onlyNode() : `${String(nodes.installed)} nodes`;
    const message = `Successfully ${this.reasons.deed} on ${where}`;
    return [{ type: 'Normal', reason: this.reasons.installed, message }];
  }

  private failed(profile: Profile, { failures, ready }: ProfileAggregate): readonly ObjectEvent[] {
    const { message } = ready;
    const known = profile.status?.conditions?.some((condition) => condition.message === message) === true;
    if (known || !this.warnings.spend(namespaceOf(profile), this.parts.now())) return [];
    const named = [failures[0]?.reason ?? '', ready.reason].find(isReason) ?? this.reasons.failed;
    return [{ type: 'Warning', reason: named, message }];
  }

  /** No node can have the profile: its condition has the reason of the nodes. */
  private nowhere(profile: Profile, { nodes, ready }: ProfileAggregate): readonly ObjectEvent[] {
    const { reason, message } = ready;
    if (nodes.desired > 0 || !isReason(reason) || !this.warnings.spend(namespaceOf(profile), this.parts.now()))
      return [];
    return [{ type: 'Warning', reason, message }];
  }

  /** The deletion of a profile in use is a command that does not end; the event names the pods that it waits for. */
  private inUse(profile: Profile, [user, ...others]: readonly string[]): readonly ObjectEvent[] {
    if (profile.status?.status === 'Terminating' || user === undefined) return [];
    if (!this.warnings.spend(namespaceOf(profile), this.parts.now())) return [];
    const more = others.length === 0 ? '' : ` and ${String(others.length)} more`;
    const message = `The deletion waits until these pods have ended: ${user}${more}`;
    return [{ type: 'Warning', reason: 'ProfileInUse', message }];
  }

  private onlyNode(): string {
    return this.parts.daemonNodes()[0]?.name ?? 'the node';
  }
}

function namespaceOf({ metadata }: Profile): string {
  return metadata.namespace ?? '';
}
