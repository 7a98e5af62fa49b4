// SPDX-License-Identifier: Apache-2.0
// The value that a handler returns: everything that the cluster should hold afterwards, as data. The runtime writes it,
// last and once, and writes nothing where the cluster already says so. A handler never talks to the API server.
import type { OwnMetadata } from './metadata.ts';
import type { KubeObject, ObjectRef } from './object.ts';

/** The status type of an object type; `never` where it has none. */
export type StatusOf<T> = T extends { readonly status?: infer S } ? NonNullable<S> : never;

/** A Kubernetes event, as `kubectl describe` shows it. Repeats are counted on one object, not written again. */
export interface ObjectEvent {
  readonly type: 'Normal' | 'Warning';
  /** CamelCase word, for machines; ours are the `Reason` union of core/errors. */
  readonly reason: string;
  /** A sentence for people; cut at 1024 bytes, the API server's limit. */
  readonly message: string;
  /** The object that it is about; the handled object where left out. */
  readonly regarding?: KubeObject;
  /** It is written once for its object, and not again by another process after this one. */
  readonly once?: true;
  /** It tells of the status that is written with it: without that, nothing has happened. */
  readonly withStatus?: true;
}

/** A step of a JSON patch (RFC 6902). A `test` that fails lets no step of its patch take effect. */
export type PatchStep =
  | { readonly op: 'test' | 'add' | 'replace'; readonly path: string; readonly value: unknown }
  | { readonly op: 'remove'; readonly path: string };

/** A JSON patch of an object as it was seen: not of another one that has its name by now. */
export interface ObjectPatch {
  readonly of: KubeObject;
  /** The steps, with a `test` of each place that they take for known: of lists above all, whose items move. */
  readonly steps: readonly PatchStep[];
}

/**
 * The objects and fields that the cluster should hold after a reconcile over one object. Everything left out is left
 * alone.
 */
export interface Outcome<T = KubeObject> {
  /**
   * The whole status of the object handled. Written only where it differs, with the resourceVersion as precondition.
   */
  readonly status?: StatusOf<T>;
  /**
   * Labels, annotations and finalizers of the object handled that are ours, written before the status and the same way.
   * Metadata that another writer keeps removing are restored with a backoff, and the status does not wait for them.
   */
  readonly metadata?: OwnMetadata;
  /**
   * Objects to create or bring into this form by server-side apply: fields left out earlier set by us are removed. One
   * that others may write, too, is given `asSeen` (precondition.ts).
   */
  readonly desired?: readonly KubeObject[];
  /**
   * Changes of objects of which others are the owners, such as pods and nodes: written first. A `test` that fails is a
   * conflict, after which the reconcile is done again; an object that is gone is left alone.
   */
  readonly patches?: readonly ObjectPatch[];
  /** Objects to delete, if they exist. */
  readonly toDelete?: readonly ObjectRef[];
  /** Another reconcile after so many milliseconds, though nothing changes. */
  readonly requeueAfterMs?: number;
  readonly events?: readonly ObjectEvent[];
}
