// SPDX-License-Identifier: Apache-2.0
// The audit records that the log enricher understands, without the way in which they were written down.
import type { KnownArchitecture } from '../seccomp/syscalls.ts';

/** The facts of every record. */
interface Audited {
  /** Seconds since 1970 with milliseconds, a colon, and the record's serial number: `1624453150.205:1061`. */
  readonly timestamp: string;
  /** The process, by its number in the first pid namespace. */
  readonly pid: number;
  /** Path of the executable as the container sees it; empty where the record does not tell. */
  readonly executable: string;
}

/** A system call that a seccomp filter logged or refused. */
export interface SeccompRecord extends Audited {
  readonly type: 'seccomp';
  /** The number that the program used; of an x32 call without bit 30. */
  readonly syscallID: number;
  /** Its name in the tables of the call's architecture, or the number where they have none. */
  readonly syscallName: string;
  /** The architecture of the call; undefined for one of which we have no table. */
  readonly architecture: KnownArchitecture | undefined;
  /** The call was refused; not where it was only logged. */
  readonly isDenied: boolean;
  /** A container runtime made the call, between its filter and the program that it then became. */
  readonly isOfRuntime: boolean;
}

/** An access that SELinux refused, or would refuse if it enforced. */
export interface SelinuxRecord extends Audited {
  readonly type: 'selinux';
  /** The permissions, with blanks between them. */
  readonly perm: string;
  readonly scontext: string;
  readonly tcontext: string;
  readonly tclass: string;
  /** The access was refused; not in a permissive domain. */
  readonly isDenied: boolean;
}

/** A decision of AppArmor. */
export interface AppArmorRecord extends Audited {
  readonly type: 'apparmor';
  /** `DENIED`, `ALLOWED`, `AUDIT` and the like. */
  readonly apparmor: string;
  readonly operation: string;
  readonly profile: string;
  /** The file or other object; empty for records about capabilities, networks and signals. */
  readonly name: string;
  /** The other fields as they were written, with single quotes for double ones. */
  readonly extraInfo: string;
}

/**
 * The system call in which an access was refused, of which auditing writes a record beside that of the access, with the
 * same timestamp and serial number: only it names the executable.
 */
export interface CompanionRecord {
  readonly type: 'companion';
  readonly timestamp: string;
  readonly executable: string;
}

/** A record. */
export type AuditRecord = SeccompRecord | SelinuxRecord | AppArmorRecord;

/**
 * A text for keeping. A part of a string is a window on all of it, in V8, so that a name of ten letters would keep
 * the whole piece of the log in memory.
 */
export function keptText(text: string): string {
  return ` ${text}`.slice(1);
}

/** A record for keeping, with texts of its own. */
export function keptRecord(record: AuditRecord): AuditRecord {
  const texts = Object.entries<unknown>({ ...record }).flatMap(([key, value]) =>
    typeof value === 'string' ? [[key, keptText(value)] as const] : [],
  );
  return Object.assign({ ...record }, Object.fromEntries(texts));
}
