// SPDX-License-Identifier: Apache-2.0
// The model of a seccomp profile, free of the two forms in which it is written (our objects and the OCI runtime's
// JSON). Everything that judges, merges, compiles or prints a profile works on these values.
import type { SeccompAction } from '../../gen/crd/defs/seccomp-action.ts';
import type { SeccompArchitecture } from '../../gen/crd/defs/seccomp-architecture.ts';
import type { SeccompFlag } from '../../gen/crd/defs/seccomp-flag.ts';
import type { SeccompOperator } from '../../gen/crd/seccomp-profile.ts';

/** The kernel's action on a call: `SCMP_ACT_ALLOW` and the like. */
export type Action = SeccompAction;

/** `SCMP_ARCH_X86_64` and the like; `SCMP_ARCH_NATIVE` is that of the node. */
export type Architecture = SeccompArchitecture;

/** A flag of the seccomp system call. */
export type Flag = SeccompFlag;

/** How an argument is compared: `SCMP_CMP_EQ` and the like. */
export type Operator = SeccompOperator;

/**
 * A condition on one argument. `MASKED_EQ` compares the bits of `value` with those of `valueTwo`; the others compare
 * with `value`.
 */
export interface ArgCondition {
  /** Which argument, 0 to 5. */
  readonly index: number;
  readonly op: Operator;
  /** 0 to 2^64-1. */
  readonly value: bigint;
  /** 0 to 2^64-1; 0 where the operator does not use it. */
  readonly valueTwo: bigint;
}

/** One rule: these calls, under all of these conditions, get this action. */
export interface Rule {
  readonly names: readonly string[];
  readonly action: Action;
  /** Error number of ERRNO, message of TRACE. Left out: EPERM. */
  readonly errno?: number;
  readonly args: readonly ArgCondition[];
}

/** A whole profile. */
export interface Profile {
  readonly defaultAction: Action;
  readonly defaultErrno?: number;
  /** Empty: only the node's own. */
  readonly architectures: readonly Architecture[];
  /** Left out: runtimes set SPEC_ALLOW (runc 1.5.2, crun 1.8.1). Empty: none is set. */
  readonly flags?: readonly Flag[];
  readonly listenerPath?: string;
  readonly listenerMetadata?: string;
  readonly baseProfileName?: string;
  readonly rules: readonly Rule[];
}

/** EPERM, which runtimes take for ERRNO and TRACE without a number. */
export const DEFAULT_ERRNO = 1;

/**
 * Largest error number in a profile: the kernel passes 4095 on, too (MAX_ERRNO of include/linux/err.h), but libseccomp
 * refuses it.
 */
export const MAX_ERRNO = 4094;

/** Largest message to a tracer, 16 bits (SECCOMP_RET_DATA of include/uapi/linux/seccomp.h). */
export const MAX_MESSAGE = 0xffff;

/** Largest argument value, 2^64-1. */
export const MAX_VALUE = 0xffff_ffff_ffff_ffffn;

/** Actions from the strictest to the most permissive; KILL is the old name of KILL_THREAD. */
export const ACTIONS_BY_PERMISSION: readonly Action[] = [
  'SCMP_ACT_KILL_PROCESS',
  'SCMP_ACT_KILL_THREAD',
  'SCMP_ACT_KILL',
  'SCMP_ACT_TRAP',
  'SCMP_ACT_ERRNO',
  'SCMP_ACT_NOTIFY',
  'SCMP_ACT_TRACE',
  'SCMP_ACT_LOG',
  'SCMP_ACT_ALLOW',
];

/** Actions under which a call may happen. */
export const PERMITTING: readonly Action[] = ['SCMP_ACT_ALLOW', 'SCMP_ACT_LOG', 'SCMP_ACT_TRACE', 'SCMP_ACT_NOTIFY'];

/** Every architecture that a profile may name. */
export const ALL_ARCHITECTURES: readonly Architecture[] = [
  'SCMP_ARCH_NATIVE',
  'SCMP_ARCH_X86',
  'SCMP_ARCH_X86_64',
  'SCMP_ARCH_X32',
  'SCMP_ARCH_ARM',
  'SCMP_ARCH_AARCH64',
  'SCMP_ARCH_MIPS',
  'SCMP_ARCH_MIPS64',
  'SCMP_ARCH_MIPS64N32',
  'SCMP_ARCH_MIPSEL',
  'SCMP_ARCH_MIPSEL64',
  'SCMP_ARCH_MIPSEL64N32',
  'SCMP_ARCH_PPC',
  'SCMP_ARCH_PPC64',
  'SCMP_ARCH_PPC64LE',
  'SCMP_ARCH_S390',
  'SCMP_ARCH_S390X',
  'SCMP_ARCH_PARISC',
  'SCMP_ARCH_PARISC64',
  'SCMP_ARCH_RISCV64',
];

/** Every flag that a profile may set. */
export const ALL_FLAGS: readonly Flag[] = [
  'SECCOMP_FILTER_FLAG_TSYNC',
  'SECCOMP_FILTER_FLAG_LOG',
  'SECCOMP_FILTER_FLAG_SPEC_ALLOW',
  'SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV',
];

/** Every operator that a condition may have. */
export const ALL_OPERATORS: readonly Operator[] = [
  'SCMP_CMP_NE',
  'SCMP_CMP_LT',
  'SCMP_CMP_LE',
  'SCMP_CMP_EQ',
  'SCMP_CMP_GE',
  'SCMP_CMP_GT',
  'SCMP_CMP_MASKED_EQ',
];

/** Whether a call may happen under the action: a log, a tracer or a listener does not keep it from happening. */
export function isPermitting(action: Action): boolean {
  return PERMITTING.includes(action);
}

/** Whether the action carries a number. */
export function takesErrno(action: Action): boolean {
  return action === 'SCMP_ACT_ERRNO' || action === 'SCMP_ACT_TRACE';
}
