// SPDX-License-Identifier: Apache-2.0
// The status of a pod and the captures of its containers: the one tells names, images and, where calls come from
// records, the beginning and the end; the other tells the end first where a recorder watches.
import type { Captures } from '../../core/recording/captures.ts';
import type { Recorder } from '../../core/recording/request.ts';
import type { FollowedPod } from './followed-pod.ts';

/** So long the recorder's word is waited for when a container has ended, in milliseconds. */
const END_WAIT_MS = 10_000;

/** And when its pod is gone, which its containers may outlive by the time that they have to end. */
const GONE_WAIT_MS = 60_000;

/** Tells the captures what the pod's status says. Records of a container come without its beginning and its end. */
export function place(followed: FollowedPod, recorder: Recorder, captures: Captures): void {
  const wanted = new Set(followed.believed().map(({ container }) => container));
  for (const [id, run] of Object.entries(followed.pod.containers ?? {})) {
    const isOurs = recorder === 'logs' ? wanted.has(run.name) : captures.get(id) !== undefined;
    if (!isOurs || followed.isDone(id)) continue;
    const { name: container, image, started, ended } = run;
    captures.placed(id, { pod: followed.uid, container, ...(image === undefined ? {} : { image }) });
    if (recorder !== 'logs') continue;
    if (started !== undefined) captures.began(id, Date.parse(started));
    if (ended !== undefined) captures.ended(id, Date.parse(ended));
  }
}

/**
 * Of a container that has ended its recorder says so, with all its calls; not for ever, if it cannot. Milliseconds
 * until the next look at each one that is waited for.
 */
export function awaitEnds(followed: FollowedPod, captures: Captures, now: number): readonly number[] {
  const open = captures.of(followed.uid).filter(({ id, ended }) => ended === undefined && followed.hasEnded(id));
  return open.flatMap(({ id }) => {
    const end = followed.pod.containers?.[id]?.ended;
    const leftMs = (end === undefined ? GONE_WAIT_MS : END_WAIT_MS) - followed.overdueMs(id, now);
    if (leftMs > 0) return [leftMs];
    captures.lost(id, 'end-not-seen', 1);
    captures.ended(id, end === undefined ? now : Date.parse(end));
    return [];
  });
}
