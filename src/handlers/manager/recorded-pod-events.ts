// SPDX-License-Identifier: Apache-2.0
// Events about pods that recordings are for: which containers are recorded, and which are not and why. The webhook
// itself writes nothing, so the manager reads its marks on the pod. Each event is written once for a pod, soon after
// its creation.
import type { Reason } from '../../core/errors.ts';
import { markClause, parseMarks } from '../../core/recording/marks.ts';
import type { RecordingMark, RecordingRemark } from '../../core/recording/marks.ts';
import type { Handler, PolicyRule, Source } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import type { ObjectEvent, Outcome } from '../../runtime/outcome.ts';
import { MOST_CHARACTERS } from '../sources/managed-pods.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';
import type { RecordingsIn } from '../sources/recording-watches.ts';
import { containersRecordedBy } from './recording-pods.ts';

/** The dependencies of the handler. */
export interface RecordedPodEventsParts {
  readonly source: Source<ManagedPod>;
  readonly recordings: RecordingsIn;
  /** Milliseconds since 1970, by a clock that does not jump while the process runs. */
  now(): number;
}

/** So old a pod may be for events about its creation. The API server keeps events for an hour. */
const TOLD_MS = 3_600_000;

/** Recordings and remarks of one pod that are told of; more would not be read. */
const MOST = 8;

/** Makes the events. */
export class RecordedPodEventsHandler implements Handler<ManagedPod> {
  readonly kind = POD;
  readonly name = 'pod-recordings';
  readonly rules: readonly PolicyRule[] = [];
  readonly source: Source<ManagedPod>;
  private readonly parts: RecordedPodEventsParts;

  constructor(parts: RecordedPodEventsParts) {
    this.source = parts.source;
    this.parts = parts;
  }

  predicate(before: ManagedPod, after: ManagedPod): boolean {
    return (
      before.metadata.uid !== after.metadata.uid ||
      before.recorded !== after.recorded ||
      before.unkept !== after.unkept ||
      before.marks.unrecorded !== after.marks.unrecorded
    );
  }

  async apply(pod: ManagedPod): Promise<Outcome<ManagedPod>> {
    if (pod.recorded === undefined && pod.unkept === undefined && pod.marks.unrecorded === undefined) return {};
    const ageMs = this.parts.now() - Date.parse(pod.metadata.creationTimestamp ?? '');
    return ageMs < TOLD_MS ? { events: [...this.begun(pod), ...uncounted(pod), ...this.remarks(pod)] } : {};
  }

  private begun(pod: ManagedPod): readonly ObjectEvent[] {
    return this.parts
      .recordings(pod.metadata.namespace ?? '')
      .map((recording) => ({ recording, containers: containersRecordedBy(recording, pod) }))
      .filter(({ containers }) => containers.length > 0)
      .slice(0, MOST)
      .map(({ recording: { metadata, spec }, containers }) => ({
        type: 'Normal',
        reason: 'ProfileRecording' satisfies Reason,
        message: `The ProfileRecording ${metadata.name} records ${[...containers].sort().join(', ')} by ${spec.recorder}`,
        once: true,
      }));
  }

  /** Anybody can write a mark; one that names a recording which is not there is none of ours. */
  private remarks({ metadata: { namespace = '' }, marks }: ManagedPod): readonly ObjectEvent[] {
    const names = new Set(this.parts.recordings(namespace).map(({ metadata }) => metadata.name));
    return parseMarks(marks.unrecorded)
      .filter(({ recording }) => names.has(recording))
      .slice(0, MOST)
      .map(remarkEvent);
  }
}

function uncounted({ unkept }: ManagedPod): readonly ObjectEvent[] {
  if (unkept === undefined) return [];
  const message =
    `The pod is recorded, but no ProfileRecording counts it or tells of it: with its labels, images and demands its ` +
    `${String(unkept)} requests of recordings have more than ${String(MOST_CHARACTERS)} characters`;
  return [{ type: 'Warning', reason: 'TooManyRecordings' satisfies RecordingRemark, message, once: true }];
}

function remarkEvent({ container, recording, remark }: RecordingMark): ObjectEvent {
  const verb = remark === 'SecurityContextAlreadySet' ? 'changes' : 'does not record';
  const message = `The ProfileRecording ${recording} ${verb} the container ${container}: ${markClause(remark)}`;
  return { type: 'Warning', reason: remark, message, once: true };
}
