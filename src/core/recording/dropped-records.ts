// SPDX-License-Identifier: Apache-2.0
// Records that were dropped, of which container nobody knows. Each container that lived then may lack some of them, and
// of many of these the node learns only later: its pod's status comes when the API server answers.

/** The life of a container, in milliseconds since 1970. */
export interface ContainerLife {
  readonly started: number;
  /** Undefined while it runs. */
  readonly ended?: number | undefined;
}

/** Records that were dropped together. */
export interface RecordDrop {
  readonly reason: string;
  readonly records: number;
  /** They were made between these two times, in milliseconds since 1970. */
  readonly from: number;
  readonly until: number;
}

/** Drops within so many milliseconds are remembered as one. */
const TOGETHER_MS = 1000;

/** Drops that are remembered; two more of a reason become one over the time of both. */
const MOST_DROPS = 256;

/** Remembers the drops of a process. */
export class DroppedRecords {
  private drops: readonly RecordDrop[] = [];

  /** Takes one that is later than those before. */
  note(drop: RecordDrop): void {
    const at = this.drops.findLastIndex(({ reason }) => reason === drop.reason);
    const last = this.drops[at];
    if (last !== undefined && drop.until - last.until < TOGETHER_MS)
      this.drops = this.drops.with(at, united(last, drop));
    else this.drops = [...this.drops, drop];
    if (this.drops.length > MOST_DROPS) this.drops = shortened(this.drops);
  }

  /** How many records a container of that life may lack, by reason. */
  of(life: ContainerLife): ReadonlyMap<string, number> {
    const lacked = new Map<string, number>();
    for (const drop of this.drops.filter((one) => concerns(one, life)))
      lacked.set(drop.reason, (lacked.get(drop.reason) ?? 0) + drop.records);
    return lacked;
  }
}

/** Whether a container lived at a time at which the dropped records may have been made. */
export function concerns({ from, until }: RecordDrop, { started, ended }: ContainerLife): boolean {
  return started <= until && (ended === undefined || ended >= from);
}

function united(one: RecordDrop, other: RecordDrop): RecordDrop {
  const { reason, records, from, until } = one;
  return {
    reason,
    records: records + other.records,
    from: Math.min(from, other.from),
    until: Math.max(until, other.until),
  };
}

/** The two oldest of a reason as one; the reasons are fewer than the drops. */
function shortened(drops: readonly RecordDrop[]): readonly RecordDrop[] {
  const [reason] = drops.flatMap((drop, at) =>
    drops.findIndex((one) => one.reason === drop.reason) < at ? drop.reason : [],
  );
  const [first, second] = drops.filter((drop) => drop.reason === reason);
  if (first === undefined || second === undefined) return drops.slice(1);
  return drops.flatMap((drop) => (drop === second ? [] : drop === first ? united(first, second) : drop));
}
