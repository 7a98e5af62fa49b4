// SPDX-License-Identifier: Apache-2.0
// Server-side apply on a condition: only where the object is still as it was seen, or still is not there.
import { isDeleting } from './object.ts';
import type { KubeObject } from './object.ts';

/**
 * The version of no object: the API server applies it where there is no object, whatever version is given, and answers
 * with a conflict where there is one. Its store begins to count at 1, before any object is written.
 */
export const ABSENT_VERSION = '1';

/**
 * The object, to be applied only if nobody has changed meanwhile what it was made of, and made only if nobody has made
 * it meanwhile. Otherwise there is a conflict, after which the reconcile is done again. The UID is there because one
 * that was deleted meanwhile would be made anew, whatever its version.
 *
 * @param existing - the object as it was seen; undefined where there was none
 */
export function asSeen<T extends Pick<KubeObject, 'metadata'>>(wanted: T, existing: KubeObject | undefined): T {
  if (existing === undefined) return { ...wanted, metadata: { ...wanted.metadata, resourceVersion: ABSENT_VERSION } };
  const { resourceVersion, uid } = existing.metadata;
  const { finalizers, ...metadata } = wanted.metadata;
  // One that is being deleted takes no finalizers any more.
  const kept = finalizers === undefined || isDeleting(existing) ? {} : { finalizers };
  return {
    ...wanted,
    metadata: {
      ...metadata,
      ...kept,
      ...(uid === undefined ? {} : { uid }),
      ...(resourceVersion === undefined ? {} : { resourceVersion }),
    },
  };
}
