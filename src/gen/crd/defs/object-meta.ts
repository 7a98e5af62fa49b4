// Generated from schemas/defs/object-meta.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * Standard metadata of a Kubernetes object.
 */
export interface ObjectMeta {
  /**
   * Name of the object, unique within its kind and namespace.
   */
  readonly name: string;
  /**
   * Prefix from which the API server makes a name when none is given.
   */
  readonly generateName?: string;
  /**
   * Namespace that holds the object.
   */
  readonly namespace?: string;
  /**
   * Identity of the object, given by the API server and never used twice.
   */
  readonly uid?: string;
  /**
   * Opaque version of the stored object, for preconditions.
   */
  readonly resourceVersion?: string;
  /**
   * Number that grows with every change of the spec.
   */
  readonly generation?: number;
  /**
   * Time at which the object was created.
   */
  readonly creationTimestamp?: string | null;
  /**
   * Time of the deletion request; the object stays until its finalizers are gone.
   */
  readonly deletionTimestamp?: string;
  /**
   * Seconds left for a graceful deletion.
   */
  readonly deletionGracePeriodSeconds?: number;
  /**
   * Labels of the object, for selectors.
   */
  readonly labels?: {
    readonly [k: string]: string;
  };
  /**
   * Annotations of the object, not used by selectors.
   */
  readonly annotations?: {
    readonly [k: string]: string;
  };
  /**
   * Names that must be removed before the object can vanish.
   */
  readonly finalizers?: readonly string[];
  /**
   * Objects whose deletion deletes this one.
   */
  readonly ownerReferences?: readonly OwnerReference[];
  /**
   * Which manager set which fields, kept by server-side apply.
   */
  readonly managedFields?: readonly {
    readonly [k: string]: unknown;
  }[];
  /**
   * Former address of the object; servers no longer set it.
   */
  readonly selfLink?: string;
}
/**
 * Reference to an owning object.
 */
export interface OwnerReference {
  /**
   * Group and version of the owner.
   */
  readonly apiVersion: string;
  /**
   * Kind of the owner.
   */
  readonly kind: string;
  /**
   * Name of the owner.
   */
  readonly name: string;
  /**
   * Identity of the owner.
   */
  readonly uid: string;
  /**
   * Whether the owner is the managing controller.
   */
  readonly controller?: boolean;
  /**
   * Whether this object holds back a foreground deletion of the owner.
   */
  readonly blockOwnerDeletion?: boolean;
}
