// Generated from schemas/crd/security-profile-node-status.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { ObjectMeta } from './defs/object-meta.ts';
import type { ProfileState } from './defs/profile-state.ts';

/**
 * Where all profiles stand on one node. It has the name of the node, lives in the operator's namespace, is written only by the daemon on that node, and vanishes with the node.
 */
export interface SecurityProfileNodeStatus {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1';
  /**
   * Name of the kind.
   */
  readonly kind: 'SecurityProfileNodeStatus';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  /**
   * Name of the node that this object is about. It cannot be changed.
   */
  readonly nodeName: string;
  readonly status?: SecurityProfileNodeStatusStatus;
}
/**
 * What the node's daemon last reported.
 */
export interface SecurityProfileNodeStatusStatus {
  /**
   * The worst state of a profile on this node, in the order Error, Terminating, Partial, Disabled, Pending, InProgress, Installed; absent when the node has no profile.
   */
  readonly status?: ProfileState;
  /**
   * Number of profiles with the state Installed.
   */
  readonly installed?: number;
  /**
   * Number of profiles with the state Pending, InProgress or Terminating.
   */
  readonly pending?: number;
  /**
   * Number of profiles with the state Error.
   */
  readonly failed?: number;
  /**
   * What the node can do, at most one observation of each type: Ready tells whether the daemon is at work, Complete whether profiles tells of every profile of the node, Intact whether something was in the way in the operator's directories and was moved aside, AuditLogRead whether an audit log is read, in which denied calls stand, further types whether the kernel supports a kind of profile or a recorder.
   *
   * Items: One observation about the object, in the form that kubectl wait and kubectl describe read.
   */
  readonly conditions?: readonly Condition[];
  /**
   * The profiles that the node holds, tries to hold or removes. A key is kind/namespace/name, such as SeccompProfile/my-namespace/profile1. There is room for 4096 profiles whose namespace and name have 120 characters together, and for fewer with longer ones; where it does not suffice, messages are shortened first, then entries of installed profiles are left out, and the condition Complete is False.
   */
  readonly profiles?: {
    readonly [k: string]: NodeProfile;
  };
}
/**
 * Where one profile stands on this node.
 */
export interface NodeProfile {
  /**
   * Where a profile stands. From worst to best: Error (could not be installed), Terminating (being removed), Partial (a recording that waits to be merged), Disabled (kept but not installed), Pending (not begun), InProgress (being installed), Installed (in effect).
   */
  readonly state: ProfileState;
  /**
   * The metadata.uid of the profile, which tells it from an earlier object of the same name.
   */
  readonly uid?: string;
  /**
   * The metadata.generation of the profile that the node acted on last.
   */
  readonly generation?: number;
  /**
   * Hash of the content that the node holds, in hexadecimal digits. Nodes with the same hash hold the same bytes.
   */
  readonly hash?: string;
  /**
   * Why the profile is not installed, as one CamelCase word for programs.
   */
  readonly reason?: string;
  /**
   * Why the profile is not installed, as a sentence for people.
   */
  readonly message?: string;
  /**
   * When the profile took this state on this node.
   */
  readonly since?: string;
  /**
   * Calls of containers of this node that the profile has denied, or only logged, since it has this generation; at most 16, by call. They are known where the log enricher reads an audit log.
   */
  readonly denials?: readonly ProfileDenial[];
}
/**
 * A call that the profile has denied or logged.
 */
export interface ProfileDenial {
  /**
   * The system call; of SELinux and AppArmor the access, such as read file etc_t.
   */
  readonly call: string;
  /**
   * Whether it was refused; else it was only logged, as one that would be refused.
   */
  readonly enforced: boolean;
  /**
   * The executable and the pod that made it first, as far as they are known.
   */
  readonly by: string;
  /**
   * When it was made last, to a minute.
   */
  readonly last: string;
}
