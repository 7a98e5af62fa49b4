// SPDX-License-Identifier: Apache-2.0
// The records of containers that are recorded from the audit log, on their way to the captures: calls, accesses that
// SELinux or AppArmor tells of. The profile under which such containers run has each of them logged. Records of a
// container may come before its pod is known, and most containers of a node are none of a recording.
import type { AuditRecord, SeccompRecord } from '../audit/record.ts';
import type { Captures } from './captures.ts';
import { concerns, DroppedRecords } from './dropped-records.ts';
import type { ContainerLife } from './dropped-records.ts';
import { runKey } from './evidence.ts';

/** A container as far as a recording is concerned. */
export interface LoggedContainer {
  /** The pod asks for it to be recorded. */
  readonly isRecorded: boolean;
  /** When it began, in milliseconds since 1970; undefined where that is not known, or it is not recorded. */
  readonly started?: number | undefined;
  /** When it ended, likewise; undefined while it runs. */
  readonly ended?: number | undefined;
}

/** How the log is read. */
export interface LogReading {
  /** From when on all of it is seen by this process, in milliseconds since 1970; Infinity until `begins` tells it. */
  readonly since: number;
  /** A process before this one has read it until then, and may have taken with it what it had not yet written. */
  readonly goesOn: boolean;
  /** Keys (`runKey`) of the containers of which that one, or one before it, had something in hand. */
  readonly unwritten?: readonly string[];
}

/**
 * So long it may take until a profile has the last records of a container, in milliseconds: as long as they are waited
 * for. One that crashed meanwhile had perhaps written that the container has ended, and not all that it had called.
 */
const WRITTEN_MS = 30_000;

/** All pods are known by then, in milliseconds: keys that are of none of them are of pods that are gone. */
const KNOWN_MS = 600_000;

/** Gives records to the captures. */
export class LoggedRecords {
  private readonly captures: Captures;
  private since: number;
  /** The profiles of containers that ended before are as they should be, in milliseconds since 1970. */
  private writtenUntil: number;
  /** But not of these, by key. */
  private readonly before: Set<string>;
  private readonly drops = new DroppedRecords();
  /** The lives of recorded containers whose pods are there. */
  private readonly lives = new Map<string, ContainerLife>();
  /** The time of the latest record, or from when on they are seen. */
  private latest: number;
  /** That of the latest one before the place in the log of which was last said that all before it is done. */
  private settled: number;
  /** When it was first asked for containers that are not written. */
  private asked: number | undefined;
  /** The reason of what is lost of a container that began before. */
  private readonly reason: 'start' | 'enricher-restart';
  /** Containers of pods that ask for no recording of them. */
  private readonly ignored = new Set<string>();
  /** Recorded containers that began before the log was read. */
  private readonly late = new Set<string>();
  /** Recorded containers that had ended by then, and of which no record has come. */
  private readonly past = new Set<string>();

  constructor(captures: Captures, { since, goesOn, unwritten = [] }: LogReading) {
    this.captures = captures;
    this.since = since;
    this.latest = since;
    this.settled = since;
    this.before = new Set(unwritten);
    this.writtenUntil = goesOn ? since - WRITTEN_MS : since;
    this.reason = goesOn ? 'enricher-restart' : 'start';
  }

  /**
   * The log is read from now on: of one that no process has read before, nothing is seen that it had by then.
   *
   * @param now - milliseconds since 1970
   */
  begins(now: number): void {
    if (this.since !== Infinity) return;
    this.since = now;
    this.writtenUntil = now;
    this.latest = now;
    this.settled = now;
  }

  /** A record of a container, by the container's id. Calls of the runtime are in every profile by themselves. */
  take(id: string, record: AuditRecord): void {
    this.latest = Math.max(this.latest, millisecondsOf(record.timestamp));
    if (this.ignored.has(id) || (record.type === 'seccomp' && record.isOfRuntime)) return;
    if (this.past.delete(id)) this.missed(id);
    if (record.type === 'seccomp') this.takeCall(id, record);
    else this.captures.noteAccess(id, record, millisecondsOf(record.timestamp));
  }

  /** The pod of a container is known. Its name and its pod are told to the captures by the handler of recorded pods. */
  placed(id: string, { isRecorded, started, ended }: LoggedContainer): void {
    if (!isRecorded) {
      this.left(id);
      this.ignored.add(id);
      this.captures.forget(id);
      return;
    }
    this.ignored.delete(id);
    if (started === undefined) return;
    this.live(id, { started, ended });
    if (started >= this.since || this.late.has(id)) return;
    const isWritten = ended !== undefined && ended < this.writtenUntil && !this.before.has(runKey(id));
    // Its profile stands, or is a run without an end: nothing is to be said of it, unless its records still come.
    if (isWritten && !this.hasRecords(id)) this.past.add(id);
    else this.missed(id);
  }

  /** The pod of a container is gone. */
  left(id: string): void {
    this.ignored.delete(id);
    this.late.delete(id);
    this.past.delete(id);
    this.lives.delete(id);
    this.before.delete(runKey(id));
  }

  /**
   * Records were dropped on their way here, of any container: each that is recorded now may lack them, each that has
   * ended so shortly before that its last records are still waited for, and each of which is only learnt later that it
   * ran then.
   *
   * @param now - milliseconds since 1970
   */
  dropped(reason: string, records: number, now: number): void {
    const drop = { reason, records, from: Math.min(now, this.settled) - WRITTEN_MS, until: now };
    this.captures.lostSomewhere(reason, records, 'all');
    for (const [id, life] of this.lives)
      if (!this.captures.has(id) && concerns(drop, life)) this.captures.lost(id, reason, records);
    this.drops.note(drop);
  }

  /** All that was dropped until here has been told. */
  reached(): void {
    this.settled = this.latest;
  }

  /**
   * Keys of the containers of which there is something in hand, here or with the process before this one, that profiles
   * perhaps lack.
   *
   * @param now - milliseconds since 1970
   */
  unwritten(now: number): readonly string[] {
    this.asked ??= now;
    if (now - this.asked >= KNOWN_MS) this.before.clear();
    return [...new Set([...this.captures.ids().map(runKey), ...this.before])];
  }

  /** It is known when a container began: it may lack what was dropped since, before there was anything of it here. */
  private live(id: string, life: ContainerLife): void {
    const isNews = !this.lives.has(id);
    this.lives.set(id, life);
    if (!isNews) return;
    for (const [reason, records] of this.drops.of(life))
      this.captures.lost(id, reason, records - (this.captures.get(id)?.lost.get(reason) ?? 0));
  }

  private takeCall(id: string, { architecture, syscallID, timestamp }: SeccompRecord): void {
    if (architecture === undefined) this.captures.lost(id, 'unknown-architecture', 1);
    else this.captures.note(id, architecture, [syscallID], millisecondsOf(timestamp));
  }

  private hasRecords(id: string): boolean {
    const capture = this.captures.get(id);
    return capture !== undefined && capture.calls.size + capture.accesses.length > 0;
  }

  private missed(id: string): void {
    this.past.delete(id);
    this.before.delete(runKey(id));
    this.late.add(id);
    this.captures.lost(id, this.reason, 1);
  }
}

/** Records begin with seconds and milliseconds, before a colon. */
function millisecondsOf(timestamp: string): number {
  return Math.round(Number.parseFloat(timestamp) * 1000);
}
