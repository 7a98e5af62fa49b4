// SPDX-License-Identifier: Apache-2.0
// Which pods of this node are to be recorded. Anybody may annotate a pod, so an annotation counts only where a
// recording of that name says the same.
import { asksFor } from '../../core/recording/choice.ts';
import { requestsOf } from '../../core/recording/later-containers.ts';
import type { PodVerdict } from '../../core/recording/recorder-session.ts';
import { recordingPrefix } from '../../core/recording/request.ts';
import type { RecordedContainer, Recorder } from '../../core/recording/request.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import { PROFILE_RECORDING } from '../../gen/kinds.ts';
import type { Handler, Reader, Source, Watch } from '../../runtime/handler.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Outcome } from '../../runtime/outcome.ts';
import type { RecordablePod } from '../sources/recordable-pods.ts';

/** The surroundings of the choice. */
export interface RecordingChoiceParts {
  readonly recorder: Recorder;
  readonly recordings: { readonly source: Source<ProfileRecording>; readonly reader: Reader<ProfileRecording> };
  readonly pods: { readonly source: Source<RecordablePod>; readonly reader: Reader<RecordablePod> };
  /** Answers may be others now. */
  readonly changed: () => void;
}

/** Answers which pods are to be recorded, and tells when that may have changed. */
export class RecordingChoice implements Handler<ProfileRecording> {
  readonly kind = PROFILE_RECORDING;
  readonly name = 'recording-choice';
  readonly rules = [];
  readonly source: Source<ProfileRecording>;
  readonly watches: readonly Watch[];
  private readonly parts: RecordingChoiceParts;
  private readonly podsOfNode: (uid: string) => readonly RecordablePod[];

  constructor(parts: RecordingChoiceParts) {
    this.parts = parts;
    this.source = parts.recordings.source;
    const watch: Watch<RecordablePod> = {
      ...parts.pods.source,
      mapToKeys: (pod) => this.requestsOf(pod).map((request) => recordingOf(pod, request)),
      predicate: () => false,
    };
    this.watches = [watch];
    this.podsOfNode = parts.pods.reader.index(({ nodeUid }) => [nodeUid]);
  }

  /** Whether any recording may want something of this node. */
  get isWanted(): boolean {
    return this.parts.recordings.reader.list().some(({ spec }) => this.isOurs(spec));
  }

  /** The answer about a pod, by the UID that its control group names. */
  verdict(uid: string): PodVerdict {
    const [pod] = this.podsOfNode(uid);
    if (pod === undefined) return 'unknown';
    const requests = this.requestsOf(pod);
    if (requests.length === 0) return 'ignored';
    // The recording may be on its way to us, as the webhook has seen it.
    return requests.some((request) => this.believes(pod, request)) ? { pod: pod.metadata.uid ?? '' } : 'unknown';
  }

  predicate(before: ProfileRecording, after: ProfileRecording): boolean {
    return before.metadata.generation !== after.metadata.generation;
  }

  async apply(): Promise<Outcome<ProfileRecording>> {
    this.parts.changed();
    return {};
  }

  /** Of a recording beyond its namespace's budget the manager tells. */
  async withheld(): Promise<Outcome<ProfileRecording>> {
    return this.apply();
  }

  async gone(): Promise<Outcome<ProfileRecording>> {
    this.parts.changed();
    return {};
  }

  private requestsOf({ metadata, later = [] }: RecordablePod): readonly RecordedContainer[] {
    return requestsOf(metadata.annotations, later).filter((request) => this.isOurs(request));
  }

  private isOurs({ kind, recorder }: Pick<RecordedContainer, 'kind' | 'recorder'>): boolean {
    return recorder === this.parts.recorder && recordingPrefix(kind, recorder) !== undefined;
  }

  private believes(pod: RecordablePod, request: RecordedContainer): boolean {
    const recording = this.parts.recordings.reader.get(recordingOf(pod, request));
    return recording !== undefined && asksFor(recording, request, pod.metadata.labels);
  }
}

function recordingOf({ metadata }: RecordablePod, { recording }: RecordedContainer): ObjectKey {
  return { namespace: metadata.namespace, name: recording };
}
