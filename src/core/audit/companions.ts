// SPDX-License-Identifier: Apache-2.0
// Puts records together that belong together: the refusal of an access, and the system call in which it was refused.
// They come one after the other, the call last, and have one serial number.
import type { AuditRecord, CompanionRecord } from './record.ts';

interface Held {
  readonly id: string;
  readonly record: AuditRecord;
}

/** More refusals in one system call than this are told without their executable. */
const HELD_MAX = 256;

/** Holds refusals that lack an executable until their system call has come, or something else has. */
export class Companions {
  private readonly add: (id: string, record: AuditRecord) => void;
  private held: Held[] = [];

  /** `add`: takes the records, in the order in which they came. */
  constructor(add: (id: string, record: AuditRecord) => void) {
    this.add = add;
  }

  /** A record, with the id of its container. */
  take(id: string, record: AuditRecord | CompanionRecord): void {
    const [first] = this.held;
    if (record.type === 'companion') {
      if (first?.record.timestamp === record.timestamp) this.release(record.executable);
      return;
    }
    if (first !== undefined && (first.record.timestamp !== record.timestamp || this.held.length >= HELD_MAX)) {
      this.release();
    }
    if (record.executable === '' && record.type !== 'seccomp') this.held.push({ id, record });
    else this.add(id, record);
  }

  /** Lets go of what is held: its system call will not come any more. */
  release(executable = ''): void {
    const { held } = this;
    this.held = [];
    for (const { id, record } of held) this.add(id, executable === '' ? record : { ...record, executable });
  }
}
