// SPDX-License-Identifier: Apache-2.0
// What has to be done for an object, from its deletion timestamp and its finalizers alone.
//
// Guarantees: `apply` never runs on an object that `cleanup` could miss, because the finalizer is there first; nobody
// else's finalizer is ever touched, because every change names the resourceVersion that it was computed from, and the
// API server refuses it (409) when that is old. A merge patch does this as well as a JSON patch with a `test`, and says
// so with a conflict rather than with "unprocessable".
import { isDeleting } from './object.ts';
import type { KubeObject } from './object.ts';

/** What to do for an object: nothing at all is the fourth case, an object that goes without our finalizer. */
export type Duty = 'hold-and-apply' | 'apply' | 'cleanup-and-release' | 'cleanup' | 'nothing';

/** The duty. Without a finalizer, `cleanup` runs as long as others hold the object; it must be idempotent. */
export function dutyFor(object: KubeObject, finalizer: string | undefined): Duty {
  if (finalizer === undefined) return isDeleting(object) ? 'cleanup' : 'apply';
  const held = object.metadata.finalizers?.includes(finalizer) === true;
  if (isDeleting(object)) return held ? 'cleanup-and-release' : 'nothing';
  return held ? 'apply' : 'hold-and-apply';
}

/** The merge patch that adds or removes a finalizer. */
export function finalizerPatch(
  object: KubeObject,
  finalizer: string,
  change: 'add' | 'remove',
): { readonly metadata: { readonly resourceVersion: string | undefined; readonly finalizers: readonly string[] } } {
  const others = (object.metadata.finalizers ?? []).filter((name) => name !== finalizer);
  const finalizers = change === 'add' ? [...others, finalizer] : others;
  return { metadata: { resourceVersion: object.metadata.resourceVersion, finalizers } };
}
