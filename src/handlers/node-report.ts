// SPDX-License-Identifier: Apache-2.0
// Writes what this node holds into its SecurityProfileNodeStatus: the first change at once, the next ones together, so that
// a burst of profiles costs a few writes. It has one writer, so it needs no merging with anybody.
import { NotYet } from '../core/errors.ts';
import type { Kernel } from '../core/kernel.ts';
import { supportsSeccomp } from '../core/kernel.ts';
import { withObservation } from '../core/status/conditions.ts';
import type { Condition } from '../core/status/conditions.ts';
import type { LedgerEntry, LedgerPage } from '../core/status/node-ledger.ts';
import { READY } from '../core/status/state.ts';
import type { Observation } from '../core/status/state.ts';
import type { SecurityProfileNodeStatus } from '../gen/crd/security-profile-node-status.ts';
import { SECURITY_PROFILE_NODE_STATUS } from '../gen/kinds.ts';
import type { Handler, Selector } from '../runtime/handler.ts';
import type { KubeObject, ObjectKey } from '../runtime/object.ts';
import type { Outcome, StatusOf } from '../runtime/outcome.ts';

/** What the report works with. */
export interface NodeReportParts {
  readonly nodeName: string;
  readonly namespace: string;
  readonly kernel: Kernel;
  readonly ledger: { page(): LedgerPage; remember(key: string, entry: LedgerEntry): void };
  /** The node's own object, which owns the report. */
  node(): KubeObject | undefined;
  /** Whether the profile of a ledger key exists still. */
  exists(ledgerKey: string): boolean;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Two writes of a node are at least so far apart: ten a second is fast enough to see, and 500 profiles are 40 writes. */
const LEAST_GAP_MS = 100;

/** Kind of the condition that tells whether this node's kernel has seccomp. */
const SECCOMP_CONDITION = 'SeccompSupported';

/** Keeps the node's report. */
export class NodeReport implements Handler<SecurityProfileNodeStatus> {
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
  private readonly parts: NodeReportParts;
  private taken: string | undefined;
  private writtenAt = Number.NEGATIVE_INFINITY;

  constructor(parts: NodeReportParts) {
    this.parts = parts;
    this.selector = { namespace: parts.namespace, fieldSelector: `metadata.name=${parts.nodeName}` };
  }

  /** The key of this node's report. */
  get key(): ObjectKey {
    return { namespace: this.parts.namespace, name: this.parts.nodeName };
  }

  async apply(report: SecurityProfileNodeStatus): Promise<Outcome<SecurityProfileNodeStatus>> {
    this.takeOver(report);
    const sinceLast = this.parts.now() - this.writtenAt;
    if (sinceLast >= 0 && sinceLast < LEAST_GAP_MS) return { againAfterMs: LEAST_GAP_MS - sinceLast };
    this.writtenAt = this.parts.now();
    return { status: this.statusFor(report) };
  }

  async gone(): Promise<Outcome<SecurityProfileNodeStatus>> {
    const node = this.parts.node();
    if (node?.metadata.uid === undefined) throw new NotYet(`node ${this.parts.nodeName} does not exist yet`);
    const { apiVersion, kind, metadata } = node;
    const owner = { apiVersion, kind, name: metadata.name, uid: node.metadata.uid };
    const report: SecurityProfileNodeStatus = {
      apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
      kind: 'SecurityProfileNodeStatus',
      metadata: { name: this.parts.nodeName, namespace: this.parts.namespace, ownerReferences: [owner] },
      nodeName: this.parts.nodeName,
    };
    return { desired: [report] };
  }

  /** After a restart, what was reported stands until each profile has been looked at again. */
  private takeOver(report: SecurityProfileNodeStatus): void {
    if (this.taken === report.metadata.uid) return;
    const first = this.taken === undefined;
    this.taken = report.metadata.uid;
    if (!first) return;
    for (const [key, entry] of Object.entries(report.status?.profiles ?? {})) {
      if (this.parts.exists(key)) this.parts.ledger.remember(key, entry);
    }
  }

  private statusFor(report: SecurityProfileNodeStatus): StatusOf<SecurityProfileNodeStatus> {
    const { summary, profiles, complete } = this.parts.ledger.page();
    return { ...summary, profiles, conditions: this.conditions(report.status?.conditions, complete) };
  }

  private conditions(before: readonly Condition[] | undefined, complete: Observation): readonly Condition[] {
    const now = new Date(this.parts.now()).toISOString().replace(/\.\d+Z$/, 'Z');
    const supported = supportsSeccomp(this.parts.kernel);
    const ready = { type: READY, status: 'True', reason: 'Available', message: 'the daemon is at work' } as const;
    const seccomp = {
      type: SECCOMP_CONDITION,
      status: supported ? 'True' : 'False',
      reason: supported ? 'KernelSupport' : 'SeccompNotSupportedOnNode',
      message: `kernel ${this.parts.kernel.release} has ${supported ? '' : 'no '}seccomp filters`,
    } as const;
    return [ready, seccomp, complete].reduce<readonly Condition[]>(
      (conditions, seen) => withObservation(conditions, seen, now),
      before ?? [],
    );
  }
}
