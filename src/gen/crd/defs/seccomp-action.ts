// Generated from schemas/defs/seccomp-action.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * What the kernel does with a system call. SCMP_ACT_ALLOW lets it happen, SCMP_ACT_LOG lets it happen and writes it to the audit log, SCMP_ACT_ERRNO refuses it with an error number, SCMP_ACT_TRAP sends the signal SIGSYS, SCMP_ACT_KILL_PROCESS ends the process, SCMP_ACT_KILL_THREAD and its older name SCMP_ACT_KILL end the thread, SCMP_ACT_TRACE asks a tracer, SCMP_ACT_NOTIFY asks the agent behind listenerPath.
 */
export type SeccompAction =
  | 'SCMP_ACT_KILL'
  | 'SCMP_ACT_KILL_PROCESS'
  | 'SCMP_ACT_KILL_THREAD'
  | 'SCMP_ACT_TRAP'
  | 'SCMP_ACT_ERRNO'
  | 'SCMP_ACT_TRACE'
  | 'SCMP_ACT_ALLOW'
  | 'SCMP_ACT_LOG'
  | 'SCMP_ACT_NOTIFY';
