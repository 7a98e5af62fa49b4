// SPDX-License-Identifier: Apache-2.0
// Whether a node's kernel can do what a profile asks for. A filter that the kernel refuses makes the container fail at
// its start with an error that names no profile; here it becomes a sentence on the profile, before any pod tries.
import { SUPPORT } from './status/support.ts';
import type { Support } from './status/support.ts';

/** The features of a kernel, as it reports them. */
export interface Kernel {
  /** As from uname: `6.1.0-28-amd64`. */
  readonly release: string;
  /** As from uname: `x86_64`, `aarch64`. */
  readonly machine: string;
  /**
   * The actions of seccomp filters, in the kernel's words (`kill_process`); absent where there are no filters at all.
   */
  readonly actions: readonly string[] | undefined;
}

/** The requirements of a profile on the kernel. */
export interface Demands {
  /** The actions in its default and its rules, `SCMP_ACT_...`. */
  readonly actions: Iterable<string>;
  /** `SECCOMP_FILTER_FLAG_...`. */
  readonly flags: Iterable<string>;
}

/**
 * The kernel's word for an action, as in /proc/sys/kernel/seccomp/actions_avail
 * (Documentation/userspace-api/seccomp_filter.rst).
 */
const ACTION_WORDS: Readonly<Record<string, string>> = {
  SCMP_ACT_KILL: 'kill_thread',
  SCMP_ACT_KILL_THREAD: 'kill_thread',
  SCMP_ACT_KILL_PROCESS: 'kill_process',
  SCMP_ACT_TRAP: 'trap',
  SCMP_ACT_ERRNO: 'errno',
  SCMP_ACT_TRACE: 'trace',
  SCMP_ACT_NOTIFY: 'user_notif',
  SCMP_ACT_LOG: 'log',
  SCMP_ACT_ALLOW: 'allow',
};

/** The first kernel with a filter flag, as major and minor version (man 2 seccomp). */
const FLAG_SINCE: Readonly<Record<string, readonly [number, number]>> = {
  SECCOMP_FILTER_FLAG_TSYNC: [3, 17],
  SECCOMP_FILTER_FLAG_LOG: [4, 14],
  SECCOMP_FILTER_FLAG_SPEC_ALLOW: [4, 17],
  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV: [5, 19],
};

/** Whether the kernel has seccomp filters. */
export function supportsSeccomp(kernel: Kernel): boolean {
  return kernel.actions !== undefined;
}

/** The condition of the node status that tells of seccomp. */
export function seccompSupport(kernel: Kernel): Support {
  const message = (has: string): string => `kernel ${kernel.release} has ${has}seccomp filters`;
  return supportsSeccomp(kernel)
    ? { type: SUPPORT.seccomp, status: 'True', reason: 'KernelSupport', message: message('') }
    : { type: SUPPORT.seccomp, status: 'False', reason: 'SeccompNotSupportedOnNode', message: message('no ') };
}

/** The requirements that the kernel lacks, each as a phrase; empty when it lacks none. */
export function lacking(kernel: Kernel, demands: Demands): readonly string[] {
  const actions = [...new Set(demands.actions)].filter((action) => {
    const word = ACTION_WORDS[action];
    return word !== undefined && kernel.actions?.includes(word) !== true;
  });
  const flags = [...new Set(demands.flags)].filter((flag) => {
    const since = FLAG_SINCE[flag];
    return since !== undefined && isBefore(kernel.release, since);
  });
  return [
    ...actions.map((action) => `the action ${action}`),
    ...flags.map((flag) => `the flag ${flag} (Linux ${FLAG_SINCE[flag]?.join('.') ?? ''} and later)`),
  ];
}

/** Whether a release, as from uname, is older than a major and minor version. */
export function isBefore(release: string, [major, minor]: readonly [number, number]): boolean {
  const [, ownMajor = '0', ownMinor = '0'] = /^(\d+)\.(\d+)/.exec(release) ?? [];
  return Number(ownMajor) !== major ? Number(ownMajor) < major : Number(ownMinor) < minor;
}
