// SPDX-License-Identifier: Apache-2.0
// The way of audit records through the log enricher: from the compiled program to lines and counts, with the clock that
// gathers what is repeated.
import { Companions } from '../../core/audit/companions.ts';
import type { Denials } from '../../core/audit/denials.ts';
import { Enricher } from '../../core/audit/enricher.ts';
import type { EnricherSink } from '../../core/audit/enricher.ts';
import type { LineFilter } from '../../core/audit/filters.ts';
import { enrichedLine } from '../../core/audit/line.ts';
import { isGranted, parseAuditLine } from '../../core/audit/parse.ts';
import type { Log } from '../../core/log.ts';
import type { LoggedRecords } from '../../core/recording/logged-records.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import type { PodContainer } from '../../handlers/node/audited-pods.ts';
import type { AuditCounters } from '../../io/audit-counters.ts';
import { startAuditor } from '../../io/native/auditor.ts';
import type { Auditor } from '../../io/native/auditor.ts';
import type { Clock } from '../../runtime/clock.ts';

/** The surroundings of a flow. */
export interface AuditFlowParts {
  readonly log: Log;
  readonly counters: AuditCounters;
  readonly clock: Pick<Clock, 'now' | 'monotonic' | 'after'>;
  /** The node's own architecture. */
  readonly native: KnownArchitecture;
  /** Equal records are printed one by one. */
  readonly all: boolean;
  /** Name of the node. */
  readonly node: string;
  readonly denials: Denials;
  /** Called with each log from which records come. */
  reading(log: string): void;
  /** Those of containers that are recorded. */
  readonly records: LoggedRecords;
  /** Which lines are printed; all are counted. */
  readonly filter: LineFilter;
}

/** The part of a node that is read. */
export interface AuditedNode {
  /** Where its /proc is. */
  readonly proc: string;
  readonly logs: readonly string[];
}

/** How long counts may wait, in milliseconds. */
const FLUSH_MS = 1000;

/** Takes records and containers, in any order. */
export class AuditFlow {
  private readonly parts: AuditFlowParts;
  private readonly enricher: Enricher;
  private readonly companions: Companions;
  /** By the place of the container. */
  private readonly known = new Map<string, PodContainer>();
  private waiting = false;

  constructor(parts: AuditFlowParts) {
    this.parts = parts;
    this.enricher = new Enricher(sinkOf(parts, this.known), parts.all);
    this.companions = new Companions((id, record) => this.enricher.add(id, record, parts.clock.monotonic()));
  }

  /**
   * Starts the compiled program on the first of these logs that is there.
   *
   * @param position - the last one that an earlier run has told; undefined where there was none
   * @param reached - called with the next ones
   */
  start(
    program: string,
    node: AuditedNode,
    position: string | undefined,
    reached: (position: string) => void,
  ): Auditor {
    const { log } = this.parts;
    return startAuditor(program, [node.proc, position ?? '-', ...node.logs], {
      reached: (next) => {
        this.parts.records.reached();
        reached(next);
      },
      record: (id, line) => this.take(id, line),
      dropped: (reason, records) => this.dropped(reason, records),
      said: (sentence) => {
        log.info(sentence);
        const [, file] = SOURCE.exec(sentence) ?? [];
        if (file !== undefined) this.reads(file);
      },
    });
  }

  private reads(file: string): void {
    this.parts.records.begins(this.parts.clock.now());
    this.parts.reading(file);
  }

  /** The pod of a container is known. */
  placed(id: string, container: PodContainer): void {
    const { records, node, clock } = this.parts;
    const { namespace, pod, container: name } = container;
    this.known.set(placeKey(container), container);
    records.placed(id, container);
    this.enricher.placed(id, { node, namespace, pod, container: name }, clock.monotonic());
    this.flushLater();
  }

  /** The container's pod is gone. */
  left(id: string): void {
    this.parts.records.left(id);
    this.enricher.left(id, this.parts.clock.monotonic());
    this.flushLater();
  }

  /** Counts all that has come. */
  flush(): void {
    this.companions.release();
    if (this.enricher.flush(this.parts.clock.monotonic())) this.flushLater();
  }

  private take(id: string, line: string): void {
    const record = parseAuditLine(line, this.parts.native);
    if (record === undefined) {
      if (!isGranted(line)) this.dropped('not-understood', 1);
      return;
    }
    if (record.type !== 'companion') this.parts.records.take(id, record);
    this.companions.take(id, record);
    this.flushLater();
  }

  /** Of which containers they were nobody can say. */
  private dropped(reason: string, records: number): void {
    this.parts.counters.dropped(reason, records);
    this.parts.records.dropped(reason, records, this.parts.clock.now());
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

/** The program's sentence about the log that it follows (native/bpf/src/auditor/auditor.c, open_log). */
const SOURCE = /^Reading from file (\/.+)$/;

function placeKey({ namespace, pod, container }: Pick<PodContainer, 'namespace' | 'pod' | 'container'>): string {
  return `${namespace}/${pod}/${container}`;
}

function sinkOf({ log, counters, filter, denials }: AuditFlowParts, known: Map<string, PodContainer>): EnricherSink {
  return {
    tell: (record, place, times) => {
      const line = enrichedLine(record, place);
      if (filter(line)) log.info('audit', { ...line, ...(times > 1 ? { times } : {}) });
    },
    count: (record, place, times) => {
      counters.count(record, place, times);
      const { isRecorded = false, localhost } = known.get(placeKey(place)) ?? {};
      const denial = isRecorded ? undefined : denials.take(record, place, localhost);
      if (denial?.enforced === true) counters.denied(place, denial, times);
    },
    forget: (place) => {
      known.delete(placeKey(place));
      counters.forget(place);
    },
    dropped: (reason, records) => counters.dropped(reason, records),
  };
}
