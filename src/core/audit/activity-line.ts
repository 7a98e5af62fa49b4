// SPDX-License-Identifier: Apache-2.0
// The JSON enricher's line for a program, with the keys of the original's (version spo/v1_alpha).
import type { Place } from './line.ts';
import type { Activity } from './process-activity.ts';

/** The version of the form, as the original writes it. */
const VERSION = 'spo/v1_alpha';

/** A line, as an object. */
export interface ActivityLine {
  readonly auditID: string;
  /** The arguments with blanks between them; empty where they are not known. */
  readonly cmdLine: string;
  readonly executable: string;
  readonly gid?: number;
  readonly node: { readonly name: string };
  readonly pid: number;
  /** Only where a request started the program, and is known. */
  readonly requestUID?: string;
  readonly resource: { readonly container: string; readonly namespace: string; readonly pod: string };
  /** Names, sorted. */
  readonly syscalls: readonly string[];
  /** When the first of them was made, in RFC 3339. */
  readonly timestamp: string;
  readonly uid?: number;
  readonly version: typeof VERSION;
}

/** The line of a program; `auditID`: a name of its own, a UUID. */
export function activityLine(activity: Activity, place: Place, auditID: string): ActivityLine {
  const { program, executable, pid, uid, gid, calls, timestamp } = activity;
  const { node, container, namespace, pod } = place;
  return {
    auditID,
    cmdLine: program?.arguments.join(' ') ?? '',
    executable,
    ...(gid === undefined ? {} : { gid }),
    node: { name: node },
    pid,
    ...(program?.request === undefined ? {} : { requestUID: program.request }),
    resource: { container, namespace, pod },
    syscalls: [...calls].toSorted(),
    timestamp: new Date(Number(timestamp.slice(0, timestamp.indexOf(':'))) * 1000).toISOString(),
    ...(uid === undefined ? {} : { uid }),
    version: VERSION,
  };
}
