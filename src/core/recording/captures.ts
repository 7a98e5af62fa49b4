// SPDX-License-Identifier: Apache-2.0
// The containers that are recorded on a node, by their ids: the calls, when each was seen first, and
// what was lost. Calls, places and ends come from different sources in any order; the result does not depend on it.
import type { RECORDER_DROPS } from '../metrics.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import type { AccessRecord } from './accesses.ts';
import { CaptureEntry } from './capture-entry.ts';
import type { Capture } from './capture-entry.ts';

export type { Capture } from './capture-entry.ts';

/** The pod of a container, and as much as is known of the container there. */
export interface CapturePlace {
  /** UID of the pod. */
  readonly pod: string;
  /** Name of the container; undefined until the status of the pod tells it. */
  readonly container?: string;
  /** The image by its digest, as the status of the pod has it. */
  readonly image?: string;
}

/** Bounds of memory. */
export interface CaptureLimits {
  /** Containers that are remembered at a time. */
  readonly containers: number;
  /** Those of them whose pod is not known yet. */
  readonly unplaced: number;
}

/** A container with a thousand different calls takes 100 KB; usual ones have a hundred. */
export const CAPTURE_LIMITS: CaptureLimits = { containers: 4096, unplaced: 512 };

/** Why whole containers were not recorded: more than are remembered, or no pod became known in time. */
export type CaptureLoss = (typeof RECORDER_DROPS)[number];

/** Hears of changes. */
export interface CaptureListener {
  /** A call or an access was seen for the first time, something was lost, or a container has ended. */
  changed(pod: string): void;
  /** A container is not recorded, or not any more. */
  dropped(reason: CaptureLoss): void;
}

/** The captures of a node. Times are milliseconds since 1970. */
export class Captures {
  private readonly listener: CaptureListener;
  private readonly limits: CaptureLimits;
  private readonly entries = new Map<string, CaptureEntry>();
  private readonly byPod = new Map<string, Set<CaptureEntry>>();
  private readonly unplaced = new Set<string>();

  constructor(listener: CaptureListener, limits: CaptureLimits = CAPTURE_LIMITS) {
    this.listener = listener;
    this.limits = limits;
  }

  /** The pod of a container is known, or more of the container; nothing that is known changes. */
  placed(id: string, place: CapturePlace): void {
    const entry = this.entries.get(id) ?? this.begin(id, true);
    if (entry === undefined) return;
    const before = entry.pod;
    if (!entry.place(place)) return;
    this.unplaced.delete(id);
    if (before === undefined) this.ofPod(place.pod).add(entry);
    this.tell(entry);
  }

  /** The container has begun. */
  began(id: string, now: number): void {
    this.entryOf(id)?.began(now);
  }

  /** Calls of a container, by number; that they came before is no matter. */
  note(id: string, architecture: KnownArchitecture, numbers: readonly number[], now: number): void {
    const entry = this.entryOf(id);
    if (entry?.note(architecture, numbers, now) === true) this.tell(entry);
  }

  /** An access of a container that SELinux or AppArmor tells of, likewise. */
  noteAccess(id: string, record: AccessRecord, now: number): void {
    const entry = this.entryOf(id);
    if (entry?.noteAccess(record, now) === true) this.tell(entry);
  }

  /** So much more was lost of a container. */
  lost(id: string, reason: string, count: number): void {
    const entry = this.entryOf(id);
    if (entry === undefined || count <= 0) return;
    entry.lost(reason, count);
    this.tell(entry);
  }

  /**
   * So much was lost, of which container is not known.
   *
   * @param among - those that may lack it: all that are not forgotten, or those of them that have not ended
   */
  lostSomewhere(reason: string, count: number, among: 'all' | 'running' = 'running'): void {
    for (const [id, entry] of this.entries) if (among === 'all' || !entry.hasEnded) this.lost(id, reason, count);
  }

  /** The container has ended; calls that were on their way may still come. */
  ended(id: string, now: number): void {
    const entry = this.entries.get(id);
    if (entry?.ended(now) === true) this.tell(entry);
  }

  /** The containers of a pod, by its UID, in the order in which they were seen. */
  of(pod: string): readonly Capture[] {
    return [...(this.byPod.get(pod) ?? [])].map((entry) => entry.capture());
  }

  /** Whether there is anything of a container. */
  has(id: string): boolean {
    return this.entries.has(id);
  }

  /** The ids of all containers. */
  ids(): readonly string[] {
    return [...this.entries.keys()];
  }

  /** One container. */
  get(id: string): Capture | undefined {
    return this.entries.get(id)?.capture();
  }

  /** Forgets a container. */
  forget(id: string): void {
    const entry = this.entries.get(id);
    if (entry === undefined) return;
    this.entries.delete(id);
    this.unplaced.delete(id);
    if (entry.pod === undefined) return;
    const others = this.byPod.get(entry.pod);
    others?.delete(entry);
    if (others?.size === 0) this.byPod.delete(entry.pod);
  }

  /** Forgets all containers of a pod. */
  forgetPod(pod: string): void {
    for (const { id } of this.of(pod)) this.forget(id);
  }

  private entryOf(id: string): CaptureEntry | undefined {
    return this.entries.get(id) ?? this.begin(id, false);
  }

  /** Of those without a pod the oldest makes room; the others are forgotten by the pod's end only. */
  private begin(id: string, isPlaced: boolean): CaptureEntry | undefined {
    if (!isPlaced && this.unplaced.size >= this.limits.unplaced) this.dropOldest();
    if (this.entries.size >= this.limits.containers && !this.dropOldest()) {
      this.listener.dropped('too-many-containers');
      return undefined;
    }
    const entry = new CaptureEntry(id);
    this.entries.set(id, entry);
    this.unplaced.add(id);
    return entry;
  }

  private dropOldest(): boolean {
    const oldest = this.unplaced.values().next();
    if (oldest.done === true) return false;
    this.forget(oldest.value);
    this.listener.dropped('unknown-container');
    return true;
  }

  private ofPod(pod: string): Set<CaptureEntry> {
    const known = this.byPod.get(pod) ?? new Set();
    this.byPod.set(pod, known);
    return known;
  }

  private tell({ pod }: CaptureEntry): void {
    if (pod !== undefined) this.listener.changed(pod);
  }
}
