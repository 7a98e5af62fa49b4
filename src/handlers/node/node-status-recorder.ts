// SPDX-License-Identifier: Apache-2.0
// Records in the node's status how the profiles of a kind stand on this node; a failure is counted and logged as well,
// once.
import type { Reason } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { nodeStatusKey } from '../../core/status/node-status-cache.ts';
import type { NodeStatusEntry } from '../../core/status/node-status-entry.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey, Resource } from '../../runtime/object.ts';

/** The entries of the node's status. `record` is false where the entry was the same already. */
export interface NodeStatusWriter {
  record(key: string, entry: Omit<NodeStatusEntry, 'since'>, now: string): boolean;
  get(key: string): NodeStatusEntry | undefined;
  forget(key: string): void;
}

/** Counts failures by their reason. */
export interface FailureCounter {
  failed(reason: Reason): void;
}

/** The kind whose profiles are recorded, and where its failures are counted. */
export interface RecordedKind {
  readonly resource: Resource;
  readonly counters: FailureCounter;
}

/** The dependencies of a recorder. */
export interface NodeStatusRecorderParts {
  readonly cache: NodeStatusWriter;
  readonly log: Log;
  /** RFC 3339. */
  now(): string;
}

/** The recorded state of a profile, without its identity. */
export type RecordedState = Pick<NodeStatusEntry, 'state' | 'hash' | 'reason' | 'message'>;

/** Records how the profiles of one kind stand. */
export class NodeStatusRecorder {
  private readonly kind: RecordedKind;
  private readonly parts: NodeStatusRecorderParts;

  constructor(kind: RecordedKind, parts: NodeStatusRecorderParts) {
    this.kind = kind;
    this.parts = parts;
  }

  /** Records a state. Returns false where it was recorded already. */
  record(profile: KubeObject, state: RecordedState): boolean {
    const { uid, generation } = profile.metadata;
    const identity = {
      ...(uid === undefined ? {} : { uid }),
      ...(generation === undefined ? {} : { generation }),
    };
    return this.write(keyOf(profile), { ...state, ...identity });
  }

  /** Records a failure; `profile` is undefined where there is no object any more. */
  fail(key: ObjectKey, profile: KubeObject | undefined, reason: Reason, message: string): void {
    const failure = { state: 'Error', reason, message } as const;
    const isNew = profile === undefined ? this.write(key, failure) : this.record(profile, failure);
    if (!isNew) return;
    this.kind.counters.failed(reason);
    this.parts.log.warn('profile is not as it should be', { profile: keyText(key), reason, why: message });
  }

  /** The entry that says that this very profile is installed in a form; undefined where none says so. */
  installedAs(profile: KubeObject, hash: string): NodeStatusEntry | undefined {
    const entry = this.parts.cache.get(this.nameOf(keyOf(profile)));
    const { uid, generation } = profile.metadata;
    const isIts = entry?.uid === uid && entry?.generation === generation && entry?.hash === hash;
    return isIts && entry.state === 'Installed' ? entry : undefined;
  }

  /** Nothing of the profile is on this node any more. */
  forget(key: ObjectKey): void {
    this.parts.cache.forget(this.nameOf(key));
  }

  private write(key: ObjectKey, entry: Omit<NodeStatusEntry, 'since'>): boolean {
    return this.parts.cache.record(this.nameOf(key), entry, this.parts.now());
  }

  private nameOf({ namespace, name }: ObjectKey): string {
    return nodeStatusKey(this.kind.resource.kind, namespace, name);
  }
}
