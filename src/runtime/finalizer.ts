// SPDX-License-Identifier: Apache-2.0
// What has to be done for an object, from its deletion timestamp and its finalizers alone.
//
// Guarantee: `apply` never runs on an object that `cleanup` could miss, because the finalizer is there first.
import { isDeleting } from './object.ts';
import type { KubeObject } from './object.ts';

/** What to do for an object: nothing at all is the fourth case, an object that goes without our finalizer. */
export type FinalizerAction = 'hold-and-apply' | 'apply' | 'cleanup-and-release' | 'cleanup' | 'nothing';

/** The duty. Without a finalizer, `cleanup` runs as long as others hold the object; it must be idempotent. */
export function finalizerActionFor(object: KubeObject, finalizer: string | undefined): FinalizerAction {
  if (finalizer === undefined) return isDeleting(object) ? 'cleanup' : 'apply';
  const held = object.metadata.finalizers?.includes(finalizer) === true;
  if (isDeleting(object)) return held ? 'cleanup-and-release' : 'nothing';
  return held ? 'apply' : 'hold-and-apply';
}
