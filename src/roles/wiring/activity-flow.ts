// SPDX-License-Identifier: Apache-2.0
// The way of audit records through the JSON enricher: from the compiled program to one line for each program that ran.
import { activityLine } from '../../core/audit/activity-line.ts';
import type { LineFilter } from '../../core/audit/filters.ts';
import { callerOf, parseAuditLine } from '../../core/audit/parse.ts';
import type { Place } from '../../core/audit/line.ts';
import { ACTIVITY_LIMITS, ProcessActivity } from '../../core/audit/process-activity.ts';
import type { Activity } from '../../core/audit/process-activity.ts';
import type { Log } from '../../core/log.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import type { PodContainer } from '../../handlers/node/audited-pods.ts';
import { startAuditor } from '../../io/native/auditor.ts';
import type { Auditor } from '../../io/native/auditor.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { AuditedNode } from './audit-flow.ts';

/** The surroundings of a flow. */
export interface ActivityFlowParts {
  readonly log: Log;
  readonly clock: Pick<Clock, 'monotonic' | 'after'>;
  /** The node's own architecture. */
  readonly native: KnownArchitecture;
  /** Name of the node. */
  readonly node: string;
  /** How long calls are gathered, in milliseconds. */
  readonly intervalMs: number;
  /** Which lines are printed. */
  readonly filter: LineFilter;
  /** Prints a line. */
  readonly print: (line: string) => void;
  /** A new UUID. */
  readonly newId: () => string;
}

/** How long accounts that are due may wait, in milliseconds. */
const FLUSH_MS = 1000;

/** Takes records and containers, in any order. */
export class ActivityFlow {
  private readonly parts: ActivityFlowParts;
  private readonly activity: ProcessActivity;
  private readonly drops = new Map<string, number>();
  private waiting = false;

  constructor(parts: ActivityFlowParts) {
    this.parts = parts;
    const { print, filter, newId, intervalMs } = parts;
    const sink = {
      tell: (activity: Activity, place: Place) => {
        const line = activityLine(activity, place, newId());
        if (filter(line)) print(JSON.stringify(line));
      },
      dropped: (reason: string, records: number) => this.dropped(reason, records),
    };
    this.activity = new ProcessActivity(sink, { ...ACTIVITY_LIMITS, intervalMs });
  }

  /** Starts the compiled program; see `AuditFlow.start`. */
  start(
    program: string,
    node: AuditedNode,
    position: string | undefined,
    reached: (position: string) => void,
  ): Auditor {
    return startAuditor(program, ['--programs', node.proc, position ?? '-', ...node.logs], {
      reached,
      executed: (id, pid, executed) => this.activity.executed(id, pid, executed),
      record: (id, line) => this.take(id, line),
      dropped: (reason, records) => this.dropped(reason, records),
      said: (sentence) => this.parts.log.info(sentence),
    });
  }

  /** The pod of a container is known. */
  placed(id: string, { namespace, pod, container }: PodContainer): void {
    this.activity.placed(id, { node: this.parts.node, namespace, pod, container });
  }

  /** The container's pod is gone. */
  left(id: string): void {
    this.activity.left(id, this.parts.clock.monotonic());
    this.flushLater();
  }

  /** Prints what is due; at the end everything. */
  flush(everything = false): void {
    const more = this.activity.flush(this.parts.clock.monotonic(), everything);
    for (const [reason, records] of this.drops) this.parts.log.warn('audit records were dropped', { reason, records });
    this.drops.clear();
    if (more) this.flushLater();
  }

  private take(id: string, line: string): void {
    const record = parseAuditLine(line, this.parts.native);
    // Records of other kinds are the log enricher's.
    if (record?.type !== 'seccomp') return;
    this.activity.add(id, record, callerOf(line), this.parts.clock.monotonic());
    this.flushLater();
  }

  private dropped(reason: string, records: number): void {
    this.drops.set(reason, (this.drops.get(reason) ?? 0) + records);
    this.flushLater();
  }

  private flushLater(): void {
    if (this.waiting) return;
    this.waiting = true;
    this.parts.clock.after(FLUSH_MS, () => {
      this.waiting = false;
      this.flush();
    });
  }
}
