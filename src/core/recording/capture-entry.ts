// SPDX-License-Identifier: Apache-2.0
// One container that is recorded: everything that came about it, whatever the order in which it came.
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { Accesses } from './accesses.ts';
import type { AccessRecord, SeenAccess } from './accesses.ts';

/** A container as far as it is known. Times are milliseconds since 1970. */
export interface Capture {
  readonly id: string;
  /** UID of its pod. */
  readonly pod: string | undefined;
  /** Its name in the pod. */
  readonly container: string | undefined;
  /** The image by its digest. */
  readonly image: string | undefined;
  /** Numbers of system calls, by architecture. */
  readonly calls: ReadonlyMap<KnownArchitecture, ReadonlySet<number>>;
  /** The accesses that SELinux and AppArmor have told of. */
  readonly accesses: readonly SeenAccess[];
  /** When it began; undefined where that was not seen. */
  readonly began: number | undefined;
  /** When it ended; undefined while it runs. */
  readonly ended: number | undefined;
  readonly firstCall: number | undefined;
  /** When a call was seen that had not been seen before. */
  readonly lastNewCall: number | undefined;
  /** How much was lost, by reason; empty for nothing. */
  readonly lost: ReadonlyMap<string, number>;
}

/** Different numbers of one container. No kernel has so many; a hostile log could tell of them. */
const MOST_CALLS = 4096;

/** Keeps one container. */
export class CaptureEntry {
  readonly id: string;
  private podUid: string | undefined;
  private container: string | undefined;
  private image: string | undefined;
  private start: number | undefined;
  private end: number | undefined;
  private size = 0;
  /** When each call was seen first. */
  private readonly calls = new Map<KnownArchitecture, Map<number, number>>();
  private readonly accesses = new Accesses();
  private readonly losses = new Map<string, number>();

  constructor(id: string) {
    this.id = id;
  }

  get pod(): string | undefined {
    return this.podUid;
  }

  get hasEnded(): boolean {
    return this.end !== undefined;
  }

  /** More is known of where it is; false where that says nothing new, or contradicts the pod that is known. */
  place({ pod, container, image }: { readonly pod: string; readonly container?: string; readonly image?: string }) {
    if (this.podUid !== undefined && this.podUid !== pod) return false;
    const isNews =
      this.podUid === undefined ||
      (container !== undefined && this.container === undefined) ||
      (image !== undefined && this.image === undefined);
    this.podUid = pod;
    this.container ??= container;
    this.image ??= image;
    return isNews;
  }

  began(now: number): void {
    this.start = earliest(this.start, now);
  }

  /** Whether it was not known to have ended. */
  ended(now: number): boolean {
    const isNews = this.end === undefined;
    this.end = earliest(this.end, now);
    return isNews;
  }

  /** Whether one of the calls is new. */
  note(architecture: KnownArchitecture, numbers: readonly number[], now: number): boolean {
    const seen = this.calls.get(architecture) ?? new Map<number, number>();
    if (numbers.length > 0) this.calls.set(architecture, seen);
    let isNews = false;
    for (const number of numbers) {
      const before = seen.get(number);
      if (before === undefined && this.size >= MOST_CALLS) {
        this.lost('too-many-calls', 1);
        continue;
      }
      if (before === undefined) this.size += 1;
      isNews ||= before === undefined;
      seen.set(number, Math.min(before ?? now, now));
    }
    return isNews;
  }

  /** Whether the access is new. */
  noteAccess(record: AccessRecord, now: number): boolean {
    const noted = this.accesses.note(record, now);
    if (noted === 'full') this.lost('too-many-accesses', 1);
    return noted === 'new';
  }

  lost(reason: string, count: number): void {
    this.losses.set(reason, (this.losses.get(reason) ?? 0) + count);
  }

  capture(): Capture {
    const times = [...this.calls.values()].flatMap((seen) => [...seen.values()]);
    return {
      id: this.id,
      pod: this.podUid,
      container: this.container,
      image: this.image,
      calls: new Map([...this.calls].map(([architecture, seen]) => [architecture, new Set(seen.keys())])),
      accesses: this.accesses.list(),
      began: this.start,
      ended: this.end,
      firstCall: times.length === 0 ? undefined : Math.min(...times),
      lastNewCall: times.length === 0 ? undefined : Math.max(...times),
      lost: new Map(this.losses),
    };
  }
}

function earliest(before: number | undefined, now: number): number {
  return before === undefined ? now : Math.min(before, now);
}
