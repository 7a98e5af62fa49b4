// SPDX-License-Identifier: Apache-2.0
// Where a pod names SELinux types: in the options of its own security context, or of any container's.
import { SELINUX_RECORDING_TYPE } from '../names.ts';
import { contextsOf } from '../status/workload.ts';
import type { PodUse } from '../status/workload.ts';

/** The end of every type that a block of ours defines, and of those that udica's blocks do. */
const PROCESS_SUFFIX = '.process';

/** The types in the form of a profile's usage (`a_ns.process`) under which a pod runs; that of recordings is none. */
export function selinuxTypesIn(pod: PodUse): readonly string[] {
  return contextsOf(pod)
    .flatMap(({ seLinuxOptions }) => seLinuxOptions?.type ?? [])
    .filter((type) => type.endsWith(PROCESS_SUFFIX) && type !== SELINUX_RECORDING_TYPE);
}
