// SPDX-License-Identifier: Apache-2.0
// The system calls of containers that are recorded from the audit log, on their way from its records to the captures.
// The profile under which such containers run logs every call. Records of a container may come before
// its pod is known, and most containers of a node are none of a recording.
import type { SeccompRecord } from '../audit/record.ts';
import type { Captures } from './captures.ts';

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
  /** From when on all of it is seen by this process, in milliseconds since 1970. */
  readonly since: number;
  /** A process before this one has read it until then, and may have taken with it what it had not yet written. */
  readonly goesOn: boolean;
}

/** Gives calls to the captures. */
export class LoggedCalls {
  private readonly captures: Captures;
  private readonly since: number;
  /** The reason of what is lost of a container that began before. */
  private readonly reason: 'start' | 'enricher-restart';
  /** Containers of pods that ask for no recording of them. */
  private readonly ignored = new Set<string>();
  /** Recorded containers that began before the log was read. */
  private readonly late = new Set<string>();
  /** Recorded containers that had ended by then, and of which no record has come. */
  private readonly past = new Set<string>();

  constructor(captures: Captures, { since, goesOn }: LogReading) {
    this.captures = captures;
    this.since = since;
    this.reason = goesOn ? 'enricher-restart' : 'start';
  }

  /** A record of a container, by the container's id. Calls of the runtime are in every profile by themselves. */
  take(id: string, { isOfRuntime, architecture, syscallID, timestamp }: SeccompRecord): void {
    if (isOfRuntime || this.ignored.has(id)) return;
    if (this.past.delete(id)) this.missed(id);
    if (architecture === undefined) this.captures.lost(id, 'unknown-architecture', 1);
    else this.captures.note(id, architecture, [syscallID], millisecondsOf(timestamp));
  }

  /** The pod of a container is known. Its name and its pod are told to the captures by the handler of recorded pods. */
  placed(id: string, { isRecorded, started, ended }: LoggedContainer): void {
    if (!isRecorded) {
      this.ignored.add(id);
      this.captures.forget(id);
      return;
    }
    this.ignored.delete(id);
    if (started === undefined || started >= this.since || this.late.has(id)) return;
    const isOver = ended !== undefined && ended < this.since && (this.captures.get(id)?.calls.size ?? 0) === 0;
    // Its profile stands, or is a run without an end: nothing is to be said of it, unless its records still come.
    if (isOver) this.past.add(id);
    else this.missed(id);
  }

  /** The pod of a container is gone. */
  left(id: string): void {
    this.ignored.delete(id);
    this.late.delete(id);
    this.past.delete(id);
  }

  /** Records were dropped on their way here, of any container: each that is recorded now may lack them. */
  dropped(reason: string, records: number): void {
    this.captures.lostSomewhere(reason, records);
  }

  private missed(id: string): void {
    this.past.delete(id);
    this.late.add(id);
    this.captures.lost(id, this.reason, 1);
  }
}

/** Records begin with seconds and milliseconds, before a colon. */
function millisecondsOf(timestamp: string): number {
  return Math.round(Number.parseFloat(timestamp) * 1000);
}
