// SPDX-License-Identifier: Apache-2.0
// Writes what this node holds into its SecurityProfileNodeStatus: the first change at once, the next ones together, so
// that a burst of profiles costs a few writes. It has one writer, so it needs no merging with anybody.
import { NotYet } from '../../core/errors.ts';
import { withObservation } from '../../core/status/conditions.ts';
import type { Condition } from '../../core/status/conditions.ts';
import type { NodeStatusContent } from '../../core/status/node-status-cache.ts';
import type { NodeStatusEntry } from '../../core/status/node-status-entry.ts';
import { READY } from '../../core/status/state.ts';
import type { Observation } from '../../core/status/state.ts';
import { rfc3339 } from '../../core/status/time.ts';
import type { SecurityProfileNodeStatus } from '../../gen/crd/security-profile-node-status.ts';
import { SECURITY_PROFILE_NODE_STATUS } from '../../gen/kinds.ts';
import type { Handler, Selector } from '../../runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { Outcome, StatusOf } from '../../runtime/outcome.ts';
import { isReportOf } from '../sources/nodes.ts';

/** The dependencies of the node status handler. */
export interface NodeStatusParts {
  readonly nodeName: string;
  readonly namespace: string;
  readonly cache: { content(): NodeStatusContent; remember(key: string, entry: NodeStatusEntry): void };
  /** The node's own object, which owns the node status. */
  node(): KubeObject | undefined;
  /** Whether the profile of a node status key exists still. */
  exists(nodeStatusKey: string): boolean;
  /** Further conditions: which kinds of profiles the node can have, and whether its directories are intact. */
  conditions(): readonly Observation[];
  /** Milliseconds since 1970. */
  now(): number;
}

/**
 * Two writes of a node are at least so far apart: ten a second is fast enough to see, and 500 profiles are 40 writes.
 */
const LEAST_GAP_MS = 100;

/**
 * And so far for each entry. The API server, the manager and this daemon handle a node status whole at each
 * write: with a fixed gap, twice as many profiles would cost four times as much. From 100 entries on it counts.
 * Measured with 1000 profiles deleted at once: an entry costs the API server 0.14 ms of CPU at each write, and a gap of
 * 0.2 ms gave half of its time to these writes, one of 0.5 ms a quarter.
 */
const GAP_PER_ENTRY_MS = 1;

/** Keeps the node's status. */
export class NodeStatusHandler implements Handler<SecurityProfileNodeStatus> {
  readonly kind = SECURITY_PROFILE_NODE_STATUS;
  readonly name = 'node-report';
  readonly selector: Selector;
  readonly concurrency = 1;
  readonly rules = [
    {
      apiGroups: [SECURITY_PROFILE_NODE_STATUS.group],
      resources: [SECURITY_PROFILE_NODE_STATUS.plural],
      verbs: ['create', 'patch'],
      where: 'operator',
    },
    {
      apiGroups: [SECURITY_PROFILE_NODE_STATUS.group],
      resources: [`${SECURITY_PROFILE_NODE_STATUS.plural}/status`],
      verbs: ['patch'],
      where: 'operator',
    },
  ] as const;
  private readonly parts: NodeStatusParts;
  private taken: string | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;
  private gapMs = LEAST_GAP_MS;

  constructor(parts: NodeStatusParts) {
    this.parts = parts;
    this.selector = { namespace: parts.namespace, fieldSelector: `metadata.name=${parts.nodeName}` };
  }

  /** The key of this node's status. */
  get key(): ObjectKey {
    return { namespace: this.parts.namespace, name: this.parts.nodeName };
  }

  async apply(nodeStatus: SecurityProfileNodeStatus): Promise<Outcome<SecurityProfileNodeStatus>> {
    this.takeOver(nodeStatus);
    const sinceLast = this.parts.now() - this.writtenAt;
    if (sinceLast >= 0 && sinceLast < this.gapMs) return { requeueAfterMs: this.gapMs - sinceLast };
    this.writtenAt = this.parts.now();
    return { status: this.statusFor(nodeStatus) };
  }

  async gone(): Promise<Outcome<SecurityProfileNodeStatus>> {
    const node = this.parts.node();
    if (node?.metadata.uid === undefined) throw new NotYet(`node ${this.parts.nodeName} does not exist yet`);
    const { apiVersion, kind, metadata } = node;
    const owner = { apiVersion, kind, name: metadata.name, uid: node.metadata.uid };
    const nodeStatus: SecurityProfileNodeStatus = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name: this.parts.nodeName, namespace: this.parts.namespace, ownerReferences: [owner] },
      nodeName: this.parts.nodeName,
    };
    return { desired: [nodeStatus] };
  }

  /**
   * After a restart, what was reported stands until each profile has been looked at again. The report of an earlier
   * node of this name says nothing of this disk; it is deleted, and `gone` makes another one.
   */
  private takeOver(nodeStatus: SecurityProfileNodeStatus): void {
    if (this.taken === nodeStatus.metadata.uid) return;
    const first = this.taken === undefined;
    this.taken = nodeStatus.metadata.uid;
    const node = this.parts.node();
    if (!first || (node !== undefined && !isReportOf(nodeStatus, node))) return;
    for (const [key, entry] of Object.entries(nodeStatus.status?.profiles ?? {})) {
      if (this.parts.exists(key)) this.parts.cache.remember(key, entry);
    }
  }

  private statusFor(nodeStatus: SecurityProfileNodeStatus): StatusOf<SecurityProfileNodeStatus> {
    const { summary, profiles, complete } = this.parts.cache.content();
    this.gapMs = Math.max(LEAST_GAP_MS, Object.keys(profiles).length * GAP_PER_ENTRY_MS);
    return { ...summary, profiles, conditions: this.conditions(nodeStatus.status?.conditions, complete) };
  }

  private conditions(before: readonly Condition[] | undefined, complete: Observation): readonly Condition[] {
    const now = rfc3339(this.parts.now());
    const ready = { type: READY, status: 'True', reason: 'Available', message: 'the daemon is at work' } as const;
    return [ready, ...this.parts.conditions(), complete].reduce<readonly Condition[]>(
      (conditions, seen) => withObservation(conditions, seen, now),
      before ?? [],
    );
  }
}
