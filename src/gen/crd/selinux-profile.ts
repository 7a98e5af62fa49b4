// Generated from schemas/crd/selinux-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { NodeCounts } from './defs/node-counts.ts';
import type { NodeFailure } from './defs/node-failure.ts';
import type { ObjectMeta } from './defs/object-meta.ts';
import type { ProfileState } from './defs/profile-state.ts';

/**
 * An SELinux policy for containers, in a readable form: what processes that run under it may do, on top of the policies that it inherits. The operator installs it on every node; pods name status.usage as their SELinux type.
 */
export interface SelinuxProfile {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha2';
  /**
   * Name of the kind.
   */
  readonly kind: 'SelinuxProfile';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec: SelinuxProfileSpec;
  readonly status?: SelinuxProfileStatus;
}
/**
 * What the policy allows.
 */
export interface SelinuxProfileSpec {
  /**
   * Keeps the profile as an object only: with true it is not installed on any node, and is removed from those that have it. Recordings with disableProfileAfterRecording make such profiles.
   */
  readonly disabled?: boolean;
  /**
   * Only logs what the policy does not allow, instead of refusing it. Use it while a policy may still be incomplete.
   */
  readonly permissive?: boolean;
  /**
   * Policies whose permissions this one takes over. By default it is the system policy container.
   */
  readonly inherit?: readonly SelinuxInheritance[];
  /**
   * What processes under this policy may do: target type, then object class, then the permissions. The target type @self stands for the processes of the policy themselves.
   */
  readonly allow?: {
    /**
     * Permissions on one target type, by object class.
     */
    readonly [k: string]: {
      /**
       * Permissions on one object class, such as read or name_bind.
       */
      readonly [k: string]: readonly string[];
    };
  };
}
/**
 * A policy to inherit from.
 */
export interface SelinuxInheritance {
  /**
   * Where the policy comes from: System is one that the node's distribution ships and that spec.selinuxOptions.allowedSystemProfiles of the spod lists, SelinuxProfile is an object in the same namespace.
   */
  readonly kind?: 'System' | 'SelinuxProfile';
  /**
   * Name of the policy.
   */
  readonly name: string;
}
/**
 * Where the profile stands, as the operator sees it.
 */
export interface SelinuxProfileStatus {
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
   * The value to write into securityContext.seLinuxOptions.type of a pod or container that should run under this policy.
   */
  readonly usage?: string;
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
