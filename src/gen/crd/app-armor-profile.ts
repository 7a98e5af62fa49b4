// Generated from schemas/crd/app-armor-profile.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { NodeCounts } from './defs/node-counts.ts';
import type { NodeFailure } from './defs/node-failure.ts';
import type { ObjectMeta } from './defs/object-meta.ts';
import type { ProfileState } from './defs/profile-state.ts';

/**
 * An AppArmor profile, either as the text of a policy or as lists of what is allowed. The operator loads it into the kernel of every node under the name of the object.
 */
export interface AppArmorProfile {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1';
  /**
   * Name of the kind.
   */
  readonly kind: 'AppArmorProfile';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec: AppArmorProfileSpec;
  readonly status?: AppArmorProfileStatus;
}
/**
 * What the profile allows and forbids.
 */
export interface AppArmorProfileSpec {
  /**
   * Keeps the profile as an object only: with true it is not installed on any node, and is removed from those that have it. Recordings with disableProfileAfterRecording make such profiles.
   */
  readonly disabled?: boolean;
  /**
   * Only logs what the profile does not allow, instead of refusing it. Use it while a profile may still be incomplete.
   */
  readonly complainMode?: boolean;
  /**
   * The whole profile in AppArmor's own language. The name of the profile in the text must equal metadata.name.
   */
  readonly policy?: string;
  readonly abstract?: AppArmorAbstract;
}
/**
 * What is allowed, as lists from which the operator writes the profile. Everything else is refused.
 */
export interface AppArmorAbstract {
  readonly executable?: AppArmorExecutable;
  readonly filesystem?: AppArmorFilesystem;
  readonly network?: AppArmorNetwork;
  readonly capability?: AppArmorCapability;
}
/**
 * Programs and libraries.
 */
export interface AppArmorExecutable {
  /**
   * Programs that may be executed. They stay confined by this profile.
   *
   * Items: Absolute path, in which AppArmor's patterns and variables may be used.
   */
  readonly allowedExecutables?: readonly string[];
  /**
   * Libraries that may be mapped into memory as code.
   *
   * Items: Absolute path, in which AppArmor's patterns and variables may be used.
   */
  readonly allowedLibraries?: readonly string[];
}
/**
 * Files and directories.
 */
export interface AppArmorFilesystem {
  /**
   * Paths that may be read.
   *
   * Items: Absolute path, in which AppArmor's patterns and variables may be used.
   */
  readonly readOnlyPaths?: readonly string[];
  /**
   * Paths that may be written.
   *
   * Items: Absolute path, in which AppArmor's patterns and variables may be used.
   */
  readonly writeOnlyPaths?: readonly string[];
  /**
   * Paths that may be read and written.
   *
   * Items: Absolute path, in which AppArmor's patterns and variables may be used.
   */
  readonly readWritePaths?: readonly string[];
}
/**
 * Network access.
 */
export interface AppArmorNetwork {
  /**
   * Whether raw sockets may be opened, as ping does.
   */
  readonly allowRaw?: boolean | null;
  readonly allowedProtocols?: AppArmorProtocols;
}
/**
 * Protocols for which sockets may be opened.
 */
export interface AppArmorProtocols {
  /**
   * Whether TCP may be used.
   */
  readonly allowTcp?: boolean | null;
  /**
   * Whether UDP may be used.
   */
  readonly allowUdp?: boolean | null;
}
/**
 * Linux capabilities.
 */
export interface AppArmorCapability {
  /**
   * Capabilities that may be used, as AppArmor names them: without CAP_ in front, such as net_raw.
   */
  readonly allowedCapabilities?: readonly string[];
}
/**
 * Where the profile stands, as the operator sees it.
 */
export interface AppArmorProfileStatus {
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
