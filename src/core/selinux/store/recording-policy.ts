// SPDX-License-Identifier: Apache-2.0
// The policy under which containers run while SELinux profiles of them are recorded: it refuses nothing, and the kernel
// writes a record of each access that the system's policy for containers does not allow. The name is the original's.
import { SELINUX_RECORDING } from '../../names.ts';
import { MARK } from './mark.ts';

/** The policy, as selinuxd installs it beside the profiles of the cluster. */
export const RECORDING_POLICY = {
  name: SELINUX_RECORDING,
  text: `(block ${SELINUX_RECORDING}\n(blockinherit container)\n(typepermissive process)\n)\n${MARK} recordings\n`,
} as const;
