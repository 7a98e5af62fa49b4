// SPDX-License-Identifier: Apache-2.0
// The system calls of containers that are recorded from the audit log, on their way from its records to the captures.
// The profile under which such containers run logs every call. Records of a container may come before
// its pod is known, and most containers of a node are none of a recording.
import type { SeccompRecord } from '../audit/record.ts';
import type { Captures } from './captures.ts';

/** A container as far as a recording is concerned. */
export interface LoggedContainer {
  /** Its name in the pod. */
  readonly container: string;
  /** UID of the pod. */
  readonly uid: string;
  /** The pod asks for it to be recorded. */
  readonly isRecorded: boolean;
}

/** Gives calls to the captures. */
export class LoggedCalls {
  private readonly captures: Captures;
  /** Containers of pods that ask for no recording of them. */
  private readonly ignored = new Set<string>();

  constructor(captures: Captures) {
    this.captures = captures;
  }

  /** A record of a container, by the container's id. Calls of the runtime are in every profile by themselves. */
  take(id: string, { isOfRuntime, architecture, syscallID, timestamp }: SeccompRecord): void {
    if (isOfRuntime || this.ignored.has(id)) return;
    if (architecture === undefined) this.captures.lost(id, 'unknown-architecture', 1);
    else this.captures.note(id, architecture, [syscallID], millisecondsOf(timestamp));
  }

  /** The pod of a container is known. */
  placed(id: string, { uid, container, isRecorded }: LoggedContainer): void {
    if (isRecorded) {
      this.ignored.delete(id);
      this.captures.placed(id, { pod: uid, container });
      return;
    }
    this.ignored.add(id);
    this.captures.forget(id);
  }

  /** The pod of a container is gone. */
  left(id: string): void {
    this.ignored.delete(id);
  }

  /** Records were dropped on their way here, of any container: each that is recorded now may lack them. */
  dropped(reason: string, records: number): void {
    this.captures.lostSomewhere(reason, records);
  }
}

/** Records begin with seconds and milliseconds, before a colon. */
function millisecondsOf(timestamp: string): number {
  return Math.round(Number.parseFloat(timestamp) * 1000);
}
