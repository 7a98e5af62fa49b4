// SPDX-License-Identifier: Apache-2.0
// Whether a node can have SELinux profiles: its kernel must have the module switched on, and the daemon a selinuxd.
import { SUPPORT } from '../status/support.ts';
import type { Support } from '../status/support.ts';

/** The SELinux of a node: `unserved` is one that is on, where the spod asks for no selinuxd. */
export type SelinuxState = 'on' | 'off' | 'unserved';

/** The condition of the node status that tells of SELinux. */
export function selinuxSupport(state: SelinuxState): Support {
  const type = SUPPORT.selinux;
  switch (state) {
    case 'on':
      return { type, status: 'True', reason: 'KernelSupport', message: 'SELinux is on' };
    case 'off':
      return { type, status: 'False', reason: 'SelinuxNotSupportedOnNode', message: 'SELinux is not on' };
    case 'unserved': {
      const message = 'SELinux profiles need enableSelinux in the spec of the spod object';
      return { type, status: 'False', reason: 'SelinuxNotEnabled', message };
    }
    default: {
      const never: never = state;
      return never;
    }
  }
}
