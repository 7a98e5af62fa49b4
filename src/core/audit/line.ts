// SPDX-License-Identifier: Apache-2.0
// The enriched line of a record: the keys of the manual, in its order, and the labels under which it is counted.
import type { AuditRecord } from './record.ts';

/** The container that a record is about. */
export interface Place {
  readonly node: string;
  readonly namespace: string;
  readonly pod: string;
  readonly container: string;
}

/** The values of a line, by key. */
export type EnrichedLine = Readonly<Record<string, string | number>>;

/** The line of a record, with its keys sorted as the manual shows them. */
export function enrichedLine(record: AuditRecord, place: Place): EnrichedLine {
  const { type, timestamp, executable, pid } = record;
  const values: Record<string, string | number> = { ...place, executable, pid, timestamp, type, ...ownValues(record) };
  return Object.fromEntries(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function ownValues(record: AuditRecord): EnrichedLine {
  switch (record.type) {
    case 'seccomp':
      return { syscallID: record.syscallID, syscallName: record.syscallName };
    case 'selinux':
      return { perm: record.perm, scontext: record.scontext, tcontext: record.tcontext, tclass: record.tclass };
    case 'apparmor':
      return {
        apparmor: record.apparmor,
        operation: record.operation,
        profile: record.profile,
        name: record.name,
        extra_info: record.extraInfo,
      };
    default:
      return record satisfies never;
  }
}

/** The labels of a record in the counter of its type (core/metrics.ts). */
export function countedLabels(record: AuditRecord, place: Place): Readonly<Record<string, string>> {
  const { executable } = record;
  switch (record.type) {
    case 'seccomp':
      return { ...place, executable, syscall: record.syscallName };
    case 'selinux':
      return { ...place, executable, scontext: record.scontext, tcontext: record.tcontext };
    case 'apparmor':
      return { ...place, profile: record.profile, operation: record.operation, apparmor: record.apparmor };
    default:
      return record satisfies never;
  }
}

/** Equal for records that a reader need not see twice: they differ in time, process and details at most. */
export function sameness(record: AuditRecord): string {
  switch (record.type) {
    case 'seccomp':
      return `${record.executable}\n${record.syscallName}${record.isDenied ? '\n' : ''}`;
    case 'selinux':
      return [record.type, record.executable, record.perm, record.scontext, record.tcontext, record.tclass].join('\n');
    case 'apparmor':
      return [record.type, record.apparmor, record.operation, record.profile, record.name].join('\n');
    default:
      return record satisfies never;
  }
}
