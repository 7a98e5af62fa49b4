// SPDX-License-Identifier: Apache-2.0
// The log enricher without its surroundings: records of containers come in, and the lines and counts of pods go out.
// Equal records of a container are one entry with a number, so that neither a busy container nor one whose pod is not
// known yet takes more memory or time than its variety. Whatever is dropped is counted under a reason.
import type { ENRICHER_DROPS } from '../metrics.ts';
import { sameness } from './line.ts';
import type { Place } from './line.ts';
import { keptRecord, keptText } from './record.ts';
import type { AuditRecord } from './record.ts';

/** The reasons for which the enricher drops records: of a container of no pod; beyond the bounds of memory. */
export type DropReason = Extract<
  (typeof ENRICHER_DROPS)[number],
  'unknown-container' | 'too-many-containers' | 'too-many-kinds'
>;

/** Where the results go. */
export interface EnricherSink {
  /** A line to print: `times` equal records, of which this is the first that was not printed yet. */
  tell(record: AuditRecord, place: Place, times: number): void;
  /** Records to count. */
  count(record: AuditRecord, place: Place, times: number): void;
  /** The series of a container are not needed any more. */
  forget(place: Place): void;
  dropped(reason: DropReason, records: number): void;
}

/** Bounds of memory and time. */
export interface EnricherLimits {
  /** Containers that are remembered at a time. */
  readonly containers: number;
  /** Different records of one container. */
  readonly kinds: number;
  /** Of all containers together; where they are more, a container has its share. */
  readonly allKinds: number;
  /** How long equal records are gathered before they are told as one, in milliseconds. */
  readonly gatherMs: number;
  /** How long records wait for the pod of their container to be known, in milliseconds. */
  readonly patienceMs: number;
  /** How long the series of a container outlive it, in milliseconds. */
  readonly afterlifeMs: number;
}

/** The kubelet tells the ids of containers within seconds; a scraper comes every minute at least. */
export const ENRICHER_LIMITS: EnricherLimits = {
  containers: 2048,
  kinds: 4096,
  allKinds: 16_384,
  gatherMs: 10_000,
  patienceMs: 60_000,
  afterlifeMs: 600_000,
};

/** Equal records of a container. */
interface Entry {
  /** The first one that was not told yet, else the last that was. */
  record: AuditRecord;
  untold: number;
  uncounted: number;
  /** When it was told last, or began to wait for that. */
  told: number;
}

interface Container {
  place: Place | undefined;
  /** When it was seen first, or when its pod went. */
  since: number;
  gone: boolean;
  readonly entries: Map<string, Entry>;
  /** Entries with something to tell or to count. */
  readonly changed: Set<Entry>;
}

/** Turns records into lines and counts. All times are milliseconds of one clock. */
export class Enricher {
  private readonly sink: EnricherSink;
  private readonly limits: EnricherLimits;
  private readonly all: boolean;
  private readonly containers = new Map<string, Container>();
  /** Entries of all of them. */
  private held = 0;

  /** `all`: equal records are told one by one, as they come. */
  constructor(sink: EnricherSink, all: boolean, limits: EnricherLimits = ENRICHER_LIMITS) {
    this.sink = sink;
    this.all = all;
    this.limits = limits;
  }

  /** A record of a container, by the container's id. */
  add(id: string, record: AuditRecord, now: number): void {
    const container = this.containers.get(id) ?? this.begin(id, undefined, now);
    if (container === undefined) {
      this.sink.dropped('too-many-containers', 1);
      return;
    }
    const key = sameness(record);
    const entry = container.entries.get(key);
    if (entry !== undefined) this.repeat(container, entry, record, now);
    else if (this.hasRoom(container)) this.addFirst(container, key, record, now);
    else this.sink.dropped('too-many-kinds', 1);
  }

  /** The pod of a container is known. */
  placed(id: string, place: Place, now: number): void {
    const container = this.containers.get(id) ?? this.begin(id, place, now);
    if (container === undefined) return;
    const waited = container.place === undefined;
    container.place = place;
    container.gone = false;
    if (waited) this.report(container, now, true);
  }

  /** The container's pod is gone; records may still come for a while. */
  left(id: string, now: number): void {
    const container = this.containers.get(id);
    if (container === undefined) return;
    container.gone = true;
    container.since = now;
  }

  /**
   * To be called about every second while it says that there is more to do: counts, tells what was repeated, and
   * forgets what is over.
   */
  flush(now: number): boolean {
    let more = false;
    for (const [id, container] of this.containers) {
      const age = now - container.since;
      this.report(container, now, false);
      if (container.place === undefined && age >= this.limits.patienceMs) this.giveUp(id, container);
      else if (container.gone && age >= this.limits.afterlifeMs) this.forget(id, container, now);
      else more ||= container.gone || container.changed.size > 0;
    }
    return more;
  }

  private begin(id: string, place: Place | undefined, now: number): Container | undefined {
    if (this.containers.size >= this.limits.containers && !this.makeRoom(now)) return undefined;
    const container = { place, since: now, gone: false, entries: new Map(), changed: new Set<Entry>() };
    this.containers.set(keptText(id), container);
    return container;
  }

  /** One that has ended makes room; containers of living pods, and those that wait for their pod, do not. */
  private makeRoom(now: number): boolean {
    for (const [id, container] of this.containers) {
      if (!container.gone) continue;
      this.forget(id, container, now);
      return true;
    }
    return false;
  }

  /** Busy containers of one pod take no memory that records of others need: each has its share. */
  private hasRoom({ entries }: Container): boolean {
    const { kinds, allKinds } = this.limits;
    return entries.size < kinds && (this.held < allKinds || entries.size < allKinds / this.containers.size);
  }

  private drop(id: string, { entries }: Container): void {
    if (this.containers.delete(id)) this.held -= entries.size;
  }

  private addFirst(container: Container, key: string, record: AuditRecord, now: number): void {
    const entry = { record: keptRecord(record), untold: 1, uncounted: 1, told: now };
    container.entries.set(keptText(key), entry);
    this.held += 1;
    container.changed.add(entry);
    if (container.place !== undefined) this.tell(container.place, entry, now);
  }

  private repeat(container: Container, entry: Entry, record: AuditRecord, now: number): void {
    if (entry.uncounted === 0) container.changed.add(entry);
    if (entry.untold === 0) entry.record = keptRecord(record);
    entry.untold += 1;
    entry.uncounted += 1;
    if (this.all && container.place !== undefined) this.tell(container.place, entry, now);
  }

  private tell(place: Place, entry: Entry, now: number): void {
    this.sink.tell(entry.record, place, entry.untold);
    entry.untold = 0;
    entry.told = now;
  }

  /** Counts all that is not counted, and tells what was gathered long enough, or everything. */
  private report({ place, changed }: Container, now: number, everything: boolean): void {
    if (place === undefined) return;
    for (const entry of changed) {
      if (entry.uncounted > 0) this.sink.count(entry.record, place, entry.uncounted);
      entry.uncounted = 0;
      const isDue = everything || now - entry.told >= this.limits.gatherMs;
      if (entry.untold > 0 && isDue) this.tell(place, entry, now);
      if (entry.untold === 0) changed.delete(entry);
    }
  }

  private giveUp(id: string, container: Container): void {
    this.drop(id, container);
    for (const { untold } of container.entries.values()) this.sink.dropped('unknown-container', untold);
  }

  private forget(id: string, container: Container, now: number): void {
    const { place } = container;
    if (place === undefined) {
      this.giveUp(id, container);
      return;
    }
    this.report(container, now, true);
    this.drop(id, container);
    // A container that was started anew has another id and the same series.
    const others = [...this.containers.values()];
    if (!others.some((other) => isSame(other.place, place))) this.sink.forget(place);
  }
}

function isSame(a: Place | undefined, b: Place): boolean {
  return a?.namespace === b.namespace && a.pod === b.pod && a.container === b.container;
}
