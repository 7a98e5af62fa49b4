// SPDX-License-Identifier: Apache-2.0
// The annotations of a recorded pod as they are to be: those that ask for its recordings, and none of that form
// besides.
import type { AnnotationChanges } from '../binding/pod-patch.ts';
import type { AdmittedPod } from '../binding/pod.ts';
import { isRequestKey, printRequests, recordingPrefix } from './request.ts';
import type { RecordedContainer } from './request.ts';

/** The changes that leave the pod with these requests only. */
export function requestAnnotations(pod: AdmittedPod, requests: readonly RecordedContainer[]): AnnotationChanges {
  const there = Object.keys(pod.metadata?.annotations ?? {}).filter(isRequestKey);
  const byKey = Map.groupBy(
    requests,
    ({ kind, recorder, container }) => `${recordingPrefix(kind, recorder) ?? ''}${container}`,
  );
  return Object.fromEntries([
    ...there.map((key) => [key, undefined] as const),
    ...[...byKey].map(([key, group]) => [key, printRequests(group)] as const),
  ]);
}
