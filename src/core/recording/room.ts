// SPDX-License-Identifier: Apache-2.0
// The room that a pod has for requests of recordings. Nodes and the manager keep those of all pods, which tenants
// write, so they read no more of one pod than this. The webhook notes what is read and nothing beyond, and says so.
import type { Labels } from '../label-selector.ts';
import { MAX_REQUESTS, printRequest, recordingPrefix } from './request.ts';
import type { RecordedContainer } from './request.ts';

/**
 * Requests of a pod that are read. Annotations have room for some thousand, and each of their recordings wants each of
 * the containers that came later.
 */
export const MOST_REQUESTS = 1024;

/**
 * Characters of the requests and labels of a pod that can be recorded; usual ones have some hundred. A node has room
 * for a hundred pods, and its recorder has 128 MiB.
 */
export const MOST_CHARACTERS = 64 * 1024;

/** Characters around the name and the value of an annotation, as `lengthOf` counts them. */
const AROUND = '["",""],'.length;

/** The length of the annotations of requests of a pod together with its labels. */
export function lengthOf(annotations: readonly (readonly [string, string])[], labels: Labels | undefined): number {
  return JSON.stringify([annotations, labels ?? {}]).length;
}

/** Of the requests that are to be noted on a pod with those labels, the ones that no reader would look at. */
export function unreadable(
  requests: readonly RecordedContainer[],
  labels: Labels | undefined,
): ReadonlySet<RecordedContainer> {
  const beyond = new Set<RecordedContainer>();
  let left = MOST_REQUESTS;
  let room = MOST_CHARACTERS - lengthOf([], labels);
  for (const [name, group] of Map.groupBy(requests, annotationOf)) {
    let inAnnotation = 0;
    for (const { request, text } of inOrder(group)) {
      const more = text.length + (inAnnotation === 0 ? name.length + AROUND : ','.length);
      if (inAnnotation === MAX_REQUESTS || left === 0 || more > room) {
        beyond.add(request);
        continue;
      }
      inAnnotation += 1;
      left -= 1;
      room -= more;
    }
  }
  return beyond;
}

function annotationOf({ kind, recorder, container }: RecordedContainer): string {
  return `${recordingPrefix(kind, recorder) ?? ''}${container}`;
}

/** As `printRequests` has them. */
function inOrder(group: readonly RecordedContainer[]): readonly { request: RecordedContainer; text: string }[] {
  return group.map((request) => ({ request, text: printRequest(request) })).sort((a, b) => (a.text < b.text ? -1 : 1));
}
