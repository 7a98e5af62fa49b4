// SPDX-License-Identifier: Apache-2.0
// The pods of this node that ask to be recorded, by the keys of their handler. One key can have several: a StatefulSet
// makes a pod anew under its name before the profiles of the one before are written.
import type { Recorder } from '../../core/recording/request.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyFromText, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { RecordablePod } from '../sources/recordable-pods.ts';
import { FollowedPod, requestsTo } from './followed-pod.ts';

/** Keeps them. */
export class FollowedPods {
  private readonly recorder: Recorder;
  private readonly recordings: Pick<Reader<ProfileRecording>, 'get'>;
  private readonly byKey = new Map<string, Map<string, FollowedPod>>();
  /** Text of the key, by UID. */
  private readonly keys = new Map<string, string>();

  constructor(recorder: Recorder, recordings: Pick<Reader<ProfileRecording>, 'get'>) {
    this.recorder = recorder;
    this.recordings = recordings;
  }

  /** The pod as it is in the cluster. @param now - milliseconds since 1970 */
  see(pod: RecordablePod, now: number): void {
    const key = keyText(pod.metadata);
    const uid = pod.metadata.uid ?? '';
    const pods = this.byKey.get(key) ?? new Map<string, FollowedPod>();
    for (const other of pods.values()) if (other.uid !== uid) other.leave(now);
    if (requestsTo(this.recorder, pod).length === 0 && !pods.has(uid)) return;
    const followed = pods.get(uid) ?? new FollowedPod(this.recorder, pod);
    followed.see(pod);
    this.byKey.set(key, pods.set(uid, followed));
    this.keys.set(uid, key);
  }

  /** There is no pod of that key any more. */
  leave(key: ObjectKey, now: number): void {
    for (const followed of this.byKey.get(keyText(key))?.values() ?? []) followed.leave(now);
  }

  /** Those of a key, with the recordings that there are. */
  of(key: ObjectKey): readonly FollowedPod[] {
    const pods = [...(this.byKey.get(keyText(key))?.values() ?? [])];
    for (const followed of pods) followed.learn((name) => this.recordings.get({ namespace: key.namespace, name }));
    return pods;
  }

  /** The keys of all that are followed. */
  all(): readonly ObjectKey[] {
    return [...this.byKey.keys()].map(keyFromText);
  }

  /** The key of a pod that is followed. */
  keyOf(uid: string): ObjectKey | undefined {
    const key = this.keys.get(uid);
    return key === undefined ? undefined : keyFromText(key);
  }

  /** The keys of those that name a recording. */
  naming({ metadata }: ProfileRecording): readonly ObjectKey[] {
    const all = [...this.byKey.values()].flatMap((pods) => [...pods.values()]);
    const naming = all.filter(
      ({ pod }) =>
        pod.metadata.namespace === metadata.namespace &&
        requestsTo(this.recorder, pod).some(({ recording }) => recording === metadata.name),
    );
    return naming.map(({ pod }) => ({ namespace: pod.metadata.namespace, name: pod.metadata.name }));
  }

  /** Nothing of the pod is left to do; whether another one of its key is followed. */
  forget({ uid, pod }: FollowedPod): boolean {
    const key = keyText(pod.metadata);
    this.keys.delete(uid);
    const pods = this.byKey.get(key);
    pods?.delete(uid);
    if (pods !== undefined && pods.size > 0) return true;
    this.byKey.delete(key);
    return false;
  }
}
