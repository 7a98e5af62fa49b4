// SPDX-License-Identifier: Apache-2.0
// The accesses of a container that SELinux or AppArmor wrote a record of, each once: what it would take to permit them
// is the same however often they come.
import { keptRecord } from '../audit/record.ts';
import type { AppArmorRecord, SelinuxRecord } from '../audit/record.ts';

/** A record of an access. */
export type AccessRecord = SelinuxRecord | AppArmorRecord;

/** An access, with the first record that told of it. */
export interface SeenAccess {
  readonly record: AccessRecord;
  /** When it was seen first, in milliseconds since 1970. */
  readonly at: number;
}

/** Different accesses of one container. A program that goes through all files of a disk is not to fill the memory. */
const MOST_ACCESSES = 4096;

/** Gathers those of a container, or of a command. */
export class Accesses {
  private readonly most: number;
  private readonly seen = new Map<string, SeenAccess>();

  constructor(most = MOST_ACCESSES) {
    this.most = most;
  }

  /** Whether it is new, or was seen before; `full` where no more of them are kept. */
  note(record: AccessRecord, now: number): 'new' | 'known' | 'full' {
    const key = textOf(record);
    const before = this.seen.get(key);
    if (before === undefined && this.seen.size >= this.most) return 'full';
    if (before === undefined || now < before.at) {
      this.seen.set(key, { record: before?.record ?? (keptRecord(record) as AccessRecord), at: now });
    }
    return before === undefined ? 'new' : 'known';
  }

  list(): readonly SeenAccess[] {
    return [...this.seen.values()];
  }
}

/** Equal for records of the same access: they differ in time, process and executable at most. */
function textOf(record: AccessRecord): string {
  switch (record.type) {
    case 'selinux':
      return [record.type, record.perm, record.scontext, record.tcontext, record.tclass].join('\n');
    case 'apparmor':
      return [record.type, record.operation, record.profile, record.name, record.extraInfo].join('\n');
    default:
      return record satisfies never;
  }
}
