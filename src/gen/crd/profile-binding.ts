// Generated from schemas/crd/profile-binding.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { LabelSelector } from './defs/label-selector.ts';
import type { ObjectMeta } from './defs/object-meta.ts';

/**
 * Binds a profile to a container image: new pods of the namespace whose containers use the image get the profile in their security context. The namespace must carry the label spo.x-k8s.io/enable-binding.
 */
export interface ProfileBinding {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1';
  /**
   * Name of the kind.
   */
  readonly kind: 'ProfileBinding';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec: ProfileBindingSpec;
  readonly status?: ProfileBindingStatus;
}
/**
 * Which profile is bound to which containers.
 */
export interface ProfileBindingSpec {
  readonly profileRef: ProfileReference;
  /**
   * Image of the containers that get the profile, written exactly as in the pod, such as nginx:1.19.1. The image "*" (in quotes) stands for all containers of a pod to which no other binding applies.
   */
  readonly image: string;
  /**
   * Restricts the binding to pods with matching labels. Without a selector it applies to all pods of the namespace.
   */
  readonly podSelector?: LabelSelector;
}
/**
 * The profile to bind, an object in the same namespace.
 */
export interface ProfileReference {
  /**
   * Kind of the profile.
   */
  readonly kind: 'SeccompProfile' | 'SelinuxProfile' | 'AppArmorProfile';
  /**
   * Name of the profile.
   */
  readonly name: string;
}
/**
 * Where the binding is in use, as the operator sees it.
 */
export interface ProfileBindingStatus {
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
   * Pods that make use of this object now, each written as namespace/name, in order. At most 1000 are listed; activeWorkloadCount tells how many there are.
   */
  readonly activeWorkloads?: readonly string[];
  /**
   * How many pods make use of this object now, also beyond those that activeWorkloads lists.
   */
  readonly activeWorkloadCount?: number;
}
