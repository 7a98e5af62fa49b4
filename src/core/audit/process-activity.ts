// SPDX-License-Identifier: Apache-2.0
// The JSON enricher without its surroundings: records of system calls come in, and one account for each program that a
// process of a pod ran goes out, with all that it called within an interval. Whatever is dropped is counted.
import type { Place } from './line.ts';
import { keptText } from './record.ts';
import type { SeccompRecord } from './record.ts';

/** The program of a process, as the kernel showed it when it was executed. */
export interface ProcessProgram {
  readonly arguments: readonly string[];
  /** Id of the request, such as that of a `kubectl exec`, that started it; undefined where none is known. */
  readonly request: string | undefined;
}

/** The user and the group that made a call; undefined where the record does not tell. */
export interface Caller {
  readonly uid: number | undefined;
  readonly gid: number | undefined;
}

/** The calls of a program. */
export interface Activity extends Caller {
  readonly pid: number;
  readonly executable: string;
  /** Of the first record: seconds since 1970, with the serial number as `AuditRecord` has it. */
  readonly timestamp: string;
  /** Undefined where the process was gone before anybody could see it. */
  readonly program: ProcessProgram | undefined;
  /** Names of the calls, without repetition. */
  readonly calls: ReadonlySet<string>;
}

/** The reasons for which records are dropped: of a container of no pod; beyond the bounds of memory. */
export type ActivityDrop = 'unknown-container' | 'too-many-processes' | 'too-many-unknown-calls';

/** Where accounts go. */
export interface ActivitySink {
  tell(activity: Activity, place: Place): void;
  dropped(reason: ActivityDrop, records: number): void;
}

/** Bounds of memory and time. */
export interface ActivityLimits {
  /** How long the calls of a program are gathered, in milliseconds. */
  readonly intervalMs: number;
  /** Programs whose calls are gathered at a time, and containers and processes that are remembered. */
  readonly most: number;
  /** How long records wait for the pod of their container to be known, in milliseconds. */
  readonly patienceMs: number;
}

/** Beside the interval, which users choose. The kubelet tells the ids of containers within seconds. */
export const ACTIVITY_LIMITS = { most: 8192, patienceMs: 60_000 };

/**
 * Calls of one program that the node's table has no name for. A program may make any number of calls that there are
 * not; those with a name have room beside them, so that it hides none.
 */
const MOST_UNKNOWN = 64;

const WITHOUT_NAME = /^\d+$/;

interface Gathering extends Activity {
  readonly container: string;
  readonly calls: Set<string>;
  readonly since: number;
  records: number;
  unknown: number;
}

interface Container {
  readonly place: Place;
  /** When its pod went; records may still come for a while. */
  left: number | undefined;
}

/** Gathers calls by program. All times are milliseconds of one clock. */
export class ProcessActivity {
  private readonly sink: ActivitySink;
  private readonly limits: ActivityLimits;
  private readonly containers = new Map<string, Container>();
  private readonly programs = new Map<string, ProcessProgram>();
  private readonly gathered = new Map<string, Gathering>();
  private generation = 0;

  constructor(sink: ActivitySink, limits: ActivityLimits) {
    this.sink = sink;
    this.limits = limits;
  }

  /** The next records of a process are about this program; what came before was another one's. */
  executed(container: string, pid: number, program: ProcessProgram): void {
    const key = keyOf(container, pid);
    this.programs.delete(key);
    this.programs.set(key, program);
    forgetOldest(this.programs, this.limits.most);
    const before = this.gathered.get(key);
    if (before === undefined) return;
    // Its account is still due, under a key that no record has.
    this.gathered.delete(key);
    this.generation += 1;
    this.gathered.set(`${key} ${String(this.generation)}`, before);
  }

  /** A record of a container. */
  add(container: string, record: SeccompRecord, caller: Caller, now: number): void {
    const key = keyOf(container, record.pid);
    const known = this.gathered.get(key);
    if (known !== undefined) {
      this.addCall(known, keptText(record.syscallName));
    } else if (this.gathered.size < this.limits.most) {
      this.gathered.set(key, this.begin(container, record, caller, now));
    } else {
      this.sink.dropped('too-many-processes', 1);
    }
  }

  /** The pod of a container is known. */
  placed(container: string, place: Place): void {
    this.containers.delete(container);
    this.containers.set(container, { place, left: undefined });
    forgetOldest(this.containers, this.limits.most);
  }

  /** The container's pod is gone. */
  left(container: string, now: number): void {
    const known = this.containers.get(container);
    if (known !== undefined) known.left = now;
  }

  /** To be called about every second while it says that there is more to do. `everything`: nothing waits any more. */
  flush(now: number, everything = false): boolean {
    for (const [key, activity] of this.gathered) {
      const age = now - activity.since;
      const place = this.containers.get(activity.container)?.place;
      const isDue = everything || age >= this.limits.intervalMs;
      if (place !== undefined && isDue) this.sink.tell(activity, place);
      else if (place === undefined && (everything || age >= this.limits.patienceMs)) this.giveUp(activity);
      else continue;
      this.gathered.delete(key);
    }
    this.forgetLeft(now);
    return this.gathered.size > 0;
  }

  private addCall(to: Gathering, name: string): void {
    const isMore = WITHOUT_NAME.test(name) && !to.calls.has(name);
    if (isMore && to.unknown >= MOST_UNKNOWN) {
      this.sink.dropped('too-many-unknown-calls', 1);
      return;
    }
    if (isMore) to.unknown += 1;
    to.calls.add(name);
    to.records += 1;
  }

  private begin(container: string, record: SeccompRecord, caller: Caller, now: number): Gathering {
    const { pid, executable, timestamp, syscallName } = record;
    return {
      ...caller,
      container: keptText(container),
      pid,
      executable: keptText(executable),
      timestamp: keptText(timestamp),
      program: this.programs.get(keyOf(container, pid)),
      calls: new Set([keptText(syscallName)]),
      since: now,
      records: 1,
      unknown: 0,
    };
  }

  private giveUp({ records }: Gathering): void {
    this.sink.dropped('unknown-container', records);
  }

  private forgetLeft(now: number): void {
    for (const [id, { left }] of this.containers) {
      if (left !== undefined && now - left >= this.limits.intervalMs + this.limits.patienceMs)
        this.containers.delete(id);
    }
  }
}

function keyOf(container: string, pid: number): string {
  return `${container} ${String(pid)}`;
}

function forgetOldest(map: Map<string, unknown>, most: number): void {
  const oldest = map.keys().next();
  if (map.size > most && oldest.done !== true) map.delete(oldest.value);
}
