// SPDX-License-Identifier: Apache-2.0
// The profile under which containers run while they are recorded from the audit log: it logs every call.
import { OBJECT } from '../names.ts';
import { localhostProfile } from '../seccomp/files.ts';

/** A value of `seccompProfile` in a security context that selects a file. */
export interface LocalhostValue extends Readonly<Record<string, unknown>> {
  readonly type: 'Localhost';
  readonly localhostProfile: string;
}

/** The value of `seccompProfile` that selects it; `namespace` is the operator's. */
export function logProfileValue(namespace: string): LocalhostValue {
  return { type: 'Localhost', localhostProfile: localhostProfile(namespace, OBJECT.traceProfile) };
}
