// Generated from schemas/defs/seccomp-flag.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * A flag of the seccomp system call. SECCOMP_FILTER_FLAG_TSYNC covers all threads, SECCOMP_FILTER_FLAG_LOG logs every action but allow, SECCOMP_FILTER_FLAG_SPEC_ALLOW leaves speculative store bypass on, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV lets only fatal signals interrupt a notification.
 */
export type SeccompFlag =
  | 'SECCOMP_FILTER_FLAG_TSYNC'
  | 'SECCOMP_FILTER_FLAG_LOG'
  | 'SECCOMP_FILTER_FLAG_SPEC_ALLOW'
  | 'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV';
