// SPDX-License-Identifier: Apache-2.0
// A pod whose containers are recorded, from the first look at it until its profiles are written: longer than it is in
// the cluster.
import { asksFor } from '../../core/recording/choice.ts';
import type { Capture, Captures } from '../../core/recording/captures.ts';
import { requestsOf } from '../../core/recording/later-containers.ts';
import { partialProfileName, recordedProfileName } from '../../core/recording/profile-name.ts';
import type { ProfileOrigin, RecordedRun } from '../../core/recording/recorded-profile.ts';
import type { RecordedContainer, Recorder } from '../../core/recording/request.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import { isDeleting, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { ContainerRun, RecordablePod } from '../sources/recordable-pods.ts';

/** The runs of a container that make one profile. */
export interface RecordedGroup {
  /** The profile. */
  readonly key: ObjectKey;
  /** Its name had to be cut. */
  readonly isShortened: boolean;
  readonly origin: ProfileOrigin;
  readonly runs: readonly RecordedRun[];
}

/** The requests of a pod to a recorder, believed or not. */
export function requestsTo(recorder: Recorder, { metadata, later = [] }: RecordablePod): readonly RecordedContainer[] {
  return requestsOf(metadata.annotations, later).filter((request) => request.recorder === recorder);
}

/** A request of a pod, as a recording has confirmed it. */
interface Confirmed {
  readonly request: RecordedContainer;
  /** Of the recording, as it was when it asked for that last before a profile was written. */
  readonly spec: ProfileRecording['spec'];
  readonly isWritten: boolean;
}

/** A pod and what is known of it. */
export class FollowedPod {
  private latest: RecordablePod;
  private readonly recorder: Recorder;
  /** By recording and container. */
  private readonly confirmed = new Map<string, Confirmed>();
  /** Milliseconds since 1970. */
  private gone: number | undefined;
  /** Ids of containers whose profiles are written for good. */
  private readonly done = new Set<string>();
  /** Since when it is known that a container has ended though its recorder has not said so, by id. */
  private readonly overdue = new Map<string, number>();

  constructor(recorder: Recorder, pod: RecordablePod) {
    this.recorder = recorder;
    this.latest = pod;
  }

  get pod(): RecordablePod {
    return this.latest;
  }

  get uid(): string {
    return this.latest.metadata.uid ?? '';
  }

  /** When it had left the cluster, in milliseconds since 1970. */
  get goneAt(): number | undefined {
    return this.gone;
  }

  /** The pod as it is now. */
  see(pod: RecordablePod): void {
    this.latest = pod;
  }

  /**
   * The recordings that it may name, as far as they are there. A request that one has confirmed counts for the life of
   * the pod: its container is recorded, and its profile is to be finished, whatever becomes of labels and recording.
   */
  learn(recordingOf: (name: string) => ProfileRecording | undefined): void {
    const { labels } = this.latest.metadata;
    for (const request of requestsTo(this.recorder, this.latest)) {
      const recording = recordingOf(request.recording);
      const key = confirmedKey(request);
      if (recording === undefined || this.confirmed.get(key)?.isWritten === true) continue;
      if (asksFor(recording, request, labels)) {
        this.confirmed.set(key, { request, spec: recording.spec, isWritten: false });
      }
    }
  }

  /** A profile of this origin is written: from now on it is the one that the container gets. */
  writes(origin: Pick<ProfileOrigin, 'recording' | 'container'>): void {
    const known = this.confirmed.get(confirmedKey(origin));
    if (known !== undefined) this.confirmed.set(confirmedKey(origin), { ...known, isWritten: true });
  }

  leave(now: number): void {
    this.gone ??= now;
  }

  /** The requests that a recording has confirmed. */
  believed(): readonly RecordedContainer[] {
    return [...this.confirmed.values()].map(({ request }) => request);
  }

  isDone(id: string): boolean {
    return this.done.has(id);
  }

  finish(id: string): void {
    this.done.add(id);
    this.overdue.delete(id);
  }

  /** Whether the container has ended, as far as others than the recorder say. */
  hasEnded(id: string): boolean {
    const { containers = {}, hasEnded } = this.latest;
    return this.gone !== undefined || hasEnded === true || containers[id]?.ended !== undefined;
  }

  /** Milliseconds for which the recorder's word on the end of a container is overdue. */
  overdueMs(id: string, now: number): number {
    const since = this.overdue.get(id) ?? now;
    this.overdue.set(id, since);
    return now - since;
  }

  /**
   * How many of the containers that are wanted are among these, which nothing was written of. The pod's sandbox is
   * recorded like a container and never gets a name, so those without one count only as far as the pod's status has not
   * named a container that is wanted.
   */
  lostAmong(unwritten: readonly Capture[]): number {
    const named = unwritten.filter(({ container }) => container !== undefined).length;
    const told = new Set(Object.values(this.latest.containers ?? {}).map(({ name }) => name));
    const untold = new Set(this.believed().flatMap(({ container }) => (told.has(container) ? [] : [container])));
    return named + Math.min(unwritten.length - named, untold.size);
  }

  /** The runs that have ended of containers that are wanted, by id, without those that are written for good. */
  endedRuns(): readonly (readonly [string, ContainerRun])[] {
    const wanted = new Set(this.believed().map(({ container }) => container));
    const runs = Object.entries(this.latest.containers ?? {});
    return runs.filter(([id, { name, ended }]) => ended !== undefined && wanted.has(name) && !this.done.has(id));
  }

  /** The profiles of a container, whatever is known of its runs. */
  profilesOf(container: string): readonly RecordedGroup[] {
    const wanting = [...this.confirmed.values()].filter(({ request }) => request.container === container);
    return wanting.map((confirmed) => this.groupOf(confirmed, []));
  }

  /** The profiles of its containers, each with the runs that are not written for good. */
  groups(captures: Captures): readonly RecordedGroup[] {
    const all = captures.of(this.uid).filter(({ id }) => !this.done.has(id));
    return [...this.confirmed.values()].flatMap((confirmed) => {
      const runs = all.filter(({ container }) => container === confirmed.request.container);
      return runs.length === 0 ? [] : [this.groupOf(confirmed, runs)];
    });
  }

  private groupOf({ request, spec }: Confirmed, captures: readonly Capture[]): RecordedGroup {
    const { namespace = '', name: pod } = this.latest.metadata;
    const { generateName } = this.latest;
    const names = { name: pod, ...(generateName === undefined ? {} : { generateName }) };
    const { mergeStrategy, disableProfileAfterRecording } = spec;
    const isPart = mergeStrategy === 'containers';
    const { kind, recording, container, recorder } = request;
    const { name, isShortened } = (isPart ? partialProfileName : recordedProfileName)(recording, container, names);
    return {
      key: { namespace, name },
      isShortened,
      origin: {
        kind,
        recording,
        namespace,
        container,
        recorder,
        isPart,
        isDisabled: disableProfileAfterRecording === true,
      },
      runs: captures.map((capture, at) => ({
        capture,
        pod: this.uid,
        isSettled: capture.ended !== undefined && (at < captures.length - 1 || this.isLast(capture.id)),
        since: request.since * 1000,
      })),
    };
  }

  /** Whether no other run follows one that has ended. */
  private isLast(id: string): boolean {
    const { restartPolicy, hasEnded, containers = {} } = this.latest;
    const podEnds = this.gone !== undefined || hasEnded === true || isDeleting(this.latest);
    return podEnds || restartPolicy === 'Never' || containers[id]?.isSettled === true;
  }
}

function confirmedKey({ recording, container }: Pick<RecordedContainer, 'recording' | 'container'>): string {
  return `${recording} ${container}`;
}

/** Groups of several pods, those of one profile put together. */
export function unitedGroups(groups: readonly RecordedGroup[]): readonly RecordedGroup[] {
  const byProfile = Map.groupBy(groups, ({ key, origin }) =>
    [origin.kind, keyText(key), origin.recording, origin.container].join(' '),
  );
  return [...byProfile.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, runs: same.flatMap(({ runs }) => runs) }];
  });
}
