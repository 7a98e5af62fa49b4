// Generated from schemas/crd/seccomp-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { NodeCounts } from './defs/node-counts.ts';
import type { NodeFailure } from './defs/node-failure.ts';
import type { ObjectMeta } from './defs/object-meta.ts';
import type { ProfileState } from './defs/profile-state.ts';
import type { SeccompAction } from './defs/seccomp-action.ts';
import type { SeccompArchitecture } from './defs/seccomp-architecture.ts';
import type { SeccompFlag } from './defs/seccomp-flag.ts';
import type { Uint64 } from './defs/uint64.ts';

/**
 * How the argument is compared with value: not equal, less, less or equal, equal, greater or equal, greater. SCMP_CMP_MASKED_EQ compares the argument, reduced to the bits that are set in value, with valueTwo.
 */
export type SeccompOperator =
  'SCMP_CMP_NE' | 'SCMP_CMP_LT' | 'SCMP_CMP_LE' | 'SCMP_CMP_EQ' | 'SCMP_CMP_GE' | 'SCMP_CMP_GT' | 'SCMP_CMP_MASKED_EQ';

/**
 * A seccomp profile: which system calls the containers that use it may make. The operator installs it on every node as a file that pods name in securityContext.seccompProfile.localhostProfile.
 */
export interface SeccompProfile {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1';
  /**
   * Name of the kind.
   */
  readonly kind: 'SeccompProfile';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec: SeccompProfileSpec;
  readonly status?: SeccompProfileStatus;
}
/**
 * What the profile allows and forbids.
 */
export interface SeccompProfileSpec {
  /**
   * Keeps the profile as an object only: with true it is not installed on any node, and is removed from those that have it. Recordings with disableProfileAfterRecording make such profiles.
   */
  readonly disabled?: boolean;
  /**
   * A profile whose system calls are added to those of this one: the name of a SeccompProfile in the same namespace, or oci:// followed by a reference to an OCI artifact, such as oci://ghcr.io/security-profiles/runc:v1.1.12. A base may have a base itself, up to 15 levels.
   */
  readonly baseProfileName?: string;
  /**
   * What the kernel does with a system call that no rule of syscalls matches. Recorded profiles use SCMP_ACT_ERRNO; SCMP_ACT_LOG only writes such calls to the audit log.
   */
  readonly defaultAction: SeccompAction;
  /**
   * The error number of the default action SCMP_ACT_ERRNO, or the message to the tracer of SCMP_ACT_TRACE. Without it the default action SCMP_ACT_ERRNO returns EPERM (1).
   */
  readonly defaultErrnoRet?: number;
  /**
   * The architectures whose system calls the filter knows. A call by way of an architecture that is not listed does not pass. Without a list it is only that of the node.
   *
   * Items: An architecture whose system calls a filter knows. SCMP_ARCH_NATIVE stands for that of the node.
   */
  readonly architectures?: readonly SeccompArchitecture[];
  /**
   * Refused. Docker and Podman choose architectures by it when they start a container; dropped in silence it would mean something else. The command spoc convert -t seccomp resolves it.
   */
  readonly archMap?: readonly {
    readonly [k: string]: unknown;
  }[];
  /**
   * Refused. The name of an error in Podman's files; write the number as defaultErrnoRet. The command spoc convert -t seccomp does it.
   */
  readonly defaultErrno?: string;
  /**
   * Flags for the seccomp system call that installs the filter.
   *
   * Items: A flag of the seccomp system call. SECCOMP_FILTER_FLAG_TSYNC covers all threads, SECCOMP_FILTER_FLAG_LOG logs every action but allow, SECCOMP_FILTER_FLAG_SPEC_ALLOW leaves speculative store bypass on, SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV lets only fatal signals interrupt a notification.
   */
  readonly flags?: readonly SeccompFlag[];
  /**
   * Unix socket of the agent that is asked about system calls with the action SCMP_ACT_NOTIFY: a file in /var/run/security-profiles-operator/ on the node, so that no profile can hand system calls to another socket. The path may have 107 bytes, which is what a socket address holds.
   */
  readonly listenerPath?: string;
  /**
   * Opaque text that the container runtime hands to the agent behind listenerPath.
   */
  readonly listenerMetadata?: string;
  /**
   * The rules of the filter. A system call that none of them matches gets defaultAction.
   */
  readonly syscalls?: readonly SeccompSyscall[];
}
/**
 * One rule: system calls, the conditions on their arguments, and what happens to them.
 */
export interface SeccompSyscall {
  /**
   * Names of the system calls that the rule is about, such as openat. A name that the node's architecture does not have is left out there.
   */
  readonly names: readonly string[];
  /**
   * What the kernel does with a system call. SCMP_ACT_ALLOW lets it happen, SCMP_ACT_LOG lets it happen and writes it to the audit log, SCMP_ACT_ERRNO refuses it with an error number, SCMP_ACT_TRAP sends the signal SIGSYS, SCMP_ACT_KILL_PROCESS ends the process, SCMP_ACT_KILL_THREAD and its older name SCMP_ACT_KILL end the thread, SCMP_ACT_TRACE asks a tracer, SCMP_ACT_NOTIFY asks the agent behind listenerPath.
   */
  readonly action: SeccompAction;
  /**
   * The error number of the action SCMP_ACT_ERRNO, or the message to the tracer of SCMP_ACT_TRACE. Without it SCMP_ACT_ERRNO returns EPERM (1). Other actions take no number but 0.
   */
  readonly errnoRet?: number;
  /**
   * Refused. A condition under which Docker and Podman keep the rule: capabilities, architectures, the kernel. Dropped in silence, the rule would hold for all containers. The command spoc convert -t seccomp resolves it.
   */
  readonly includes?: {
    readonly [k: string]: unknown;
  };
  /**
   * Refused. A condition under which Docker and Podman leave the rule out: capabilities, architectures, the kernel. Dropped in silence, the rule would hold for all containers. The command spoc convert -t seccomp resolves it.
   */
  readonly excludes?: {
    readonly [k: string]: unknown;
  };
  /**
   * Refused. The name of an error in Podman's files; write the number as errnoRet. The command spoc convert -t seccomp does it.
   */
  readonly errno?: string;
  /**
   * Conditions on the arguments of the call. All of them must hold for the rule to match; write several rules where one of several conditions is enough.
   */
  readonly args?: readonly SeccompArgument[];
}
/**
 * A condition on one argument of the call.
 */
export interface SeccompArgument {
  /**
   * Which argument is compared, counted from 0. System calls have at most six.
   */
  readonly index: number;
  readonly op: SeccompOperator;
  /**
   * The number that the argument is compared with, or the mask of SCMP_CMP_MASKED_EQ; 0 when absent. It goes from 0 to 18446744073709551615. Up to 9223372036854775807 it may be a plain integer; above that write it as a string, because the API server reads integers with a sign. Strings hold decimal digits, or hexadecimal ones after 0x as in "0xffffffffffffffff". All 64 bits are kept in either form.
   */
  readonly value?: Uint64;
  /**
   * For SCMP_CMP_MASKED_EQ the number that the masked argument must equal; 0 when absent, and without meaning for the other operators. It is written like value.
   */
  readonly valueTwo?: Uint64;
}
/**
 * Where the profile stands, as the operator sees it.
 */
export interface SeccompProfileStatus {
  /**
   * Where a profile stands. From worst to best: Error (could not be installed), Terminating (being removed), Partial (a recording that waits to be merged), Disabled (kept but not installed), Pending (not begun), InProgress (being installed), Installed (in effect).
   */
  readonly status?: ProfileState;
  /**
   * The metadata.generation that this status is about. A number below the object's own generation means that the last change has not been answered yet.
   */
  readonly observedGeneration?: number;
  /**
   * Current observations about the object, at most one of each type. The condition Ready is True once the object is in effect everywhere it should be.
   *
   * Items: One observation about the object, in the form that kubectl wait and kubectl describe read.
   */
  readonly conditions?: readonly Condition[];
  /**
   * Absolute path of the profile's file on a node with the default kubelet directory.
   */
  readonly path?: string;
  /**
   * The value to write into securityContext.seccompProfile.localhostProfile of a pod or container that should run under this profile.
   */
  readonly localhostProfile?: string;
  /**
   * The same value as localhostProfile, under a name with a dot in it, so that the jsonpath {.status.seccompProfile\.localhostProfile} finds it too.
   */
  readonly 'seccompProfile.localhostProfile'?: string;
  /**
   * The base profiles from OCI registries that the profile stands on, nearest first, with the digests that are in force.
   */
  readonly baseArtifacts?: readonly BaseArtifactStatus[];
  /**
   * On how many nodes the profile stands where. The numbers are folded from the SecurityProfileNodeStatus objects.
   */
  readonly nodes?: NodeCounts;
  /**
   * The first nodes, in order of their names, that could not install the profile, each with its error. nodes.failed tells how many there are in all.
   *
   * Items: Why one node could not install the profile.
   */
  readonly failures?: readonly NodeFailure[];
  /**
   * Pods that make use of this object now, each written as namespace/name, in order. At most 1000 are listed; activeWorkloadCount tells how many there are.
   */
  readonly activeWorkloads?: readonly string[];
  /**
   * How many pods make use of this object now, also beyond those that activeWorkloads lists.
   */
  readonly activeWorkloadCount?: number;
}
/**
 * An artifact.
 */
export interface BaseArtifactStatus {
  /**
   * Digest of what is in force; unset while nothing was pulled.
   */
  readonly digest?: string;
  /**
   * Why nothing newer could be pulled.
   */
  readonly message?: string;
  /**
   * Its name, as baseProfileName has it.
   */
  readonly name: string;
  /**
   * Who has signed it; unset where nobody had to.
   */
  readonly signer?: string;
}
