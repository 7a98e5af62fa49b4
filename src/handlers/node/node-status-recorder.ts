// SPDX-License-Identifier: Apache-2.0
// How a profile stands on this node, in the node's status; what fails is counted and logged as well, once.
import type { Reason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeStatusEntry } from '../../core/status/node-status-cache.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import { keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** Where it is noted. `record` is false where that was known already. */
export interface NodeStatusWriter {
  record(key: string, entry: Omit<NodeStatusEntry, 'since'>, now: string): boolean;
  forget(key: string): void;
}

/** Counts failures by their reason. */
export interface FailureCounter {
  failed(reason: Reason): void;
}

/** What notes are made with. */
export interface NodeStatusRecorderParts {
  readonly cache: NodeStatusWriter;
  readonly counters: FailureCounter;
  readonly log: Log;
  now(): string;
}

/** What is said of a profile besides which one it is. */
export type RecordedState = Pick<NodeStatusEntry, 'state' | 'hash' | 'reason' | 'message'>;

/** Notes what has come of profiles. */
export class NodeStatusRecorder {
  private readonly parts: NodeStatusRecorderParts;

  constructor(parts: NodeStatusRecorderParts) {
    this.parts = parts;
  }

  /** Notes a state. Returns false where it was noted already. */
  record(profile: SeccompProfile, state: RecordedState): boolean {
    const { uid, generation } = profile.metadata;
    const identity = {
      ...(uid === undefined ? {} : { uid }),
      ...(generation === undefined ? {} : { generation }),
    };
    return this.write(profile.metadata, { ...state, ...identity });
  }

  /** Notes a failure; `profile` is undefined where there is no object any more. */
  fail(key: ObjectKey, profile: SeccompProfile | undefined, reason: Reason, message: string): void {
    const failure = { state: 'Error', reason, message } as const;
    const isNew = profile === undefined ? this.write(key, failure) : this.record(profile, failure);
    if (!isNew) return;
    this.parts.counters.failed(reason);
    this.parts.log.warn('profile is not as it should be', { profile: keyText(key), reason, why: message });
  }

  /** Nothing of it is on this node any more. */
  forget(key: ObjectKey): void {
    this.parts.cache.forget(nodeStatusKeyOf(key));
  }

  private write(key: ObjectKey, entry: Omit<NodeStatusEntry, 'since'>): boolean {
    return this.parts.cache.record(nodeStatusKeyOf(key), entry, this.parts.now());
  }
}

function nodeStatusKeyOf(key: ObjectKey): string {
  return nodeStatusKey(SECCOMP_PROFILE.kind, key.namespace, key.name);
}
