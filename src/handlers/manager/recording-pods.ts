// SPDX-License-Identifier: Apache-2.0
// The pods of recordings. An annotation that asks for a recording can be forged, so a pod counts only where the
// recording chooses it.
import { wantsContainer, wantsPod } from '../../core/recording/choice.ts';
import { markClause, parseMarks } from '../../core/recording/marks.ts';
import type { Idleness } from '../../core/recording/recording-status.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { Reader } from '../../runtime/handler.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ManagedPod } from '../sources/managed-pods.ts';

/** Names of the containers of a pod that a recording records. */
export function containersRecordedBy(recording: ProfileRecording, pod: ManagedPod): readonly string[] {
  const { kind, recorder } = recording.spec;
  if (!wantsPod(recording, pod.shape.labels)) return [];
  return (pod.recorded ?? [])
    .filter((part) => part.recording === recording.metadata.name && part.kind === kind && part.recorder === recorder)
    .map(({ container }) => container)
    .filter((container) => wantsContainer(recording, container));
}

/** The pods that are marked for a recording and have not ended, as `namespace/name`, sorted. */
export interface PodsOfRecording {
  /** Those with a container that is recorded and has started. */
  readonly recorded: readonly string[];
  /** Of these, the ones on a node of the given ones. */
  recordedOn(nodes: ReadonlySet<string>): readonly string[];
  /** The others: no node has them yet, or an image cannot be pulled. */
  readonly waiting: readonly string[];
}

/** Follows the pods of a reader. */
export class RecordingPods {
  private readonly inNamespace: (namespace: string) => readonly ManagedPod[];
  private readonly naming: (recording: string) => readonly ManagedPod[];

  constructor(pods: Reader<ManagedPod>) {
    this.inNamespace = pods.index(({ metadata: { namespace = '' }, shape }) =>
      shape.containers.length === 0 ? [] : [namespace],
    );
    this.naming = pods.index(({ metadata: { namespace }, recorded = [] }) => [
      ...new Set(recorded.map(({ recording }) => keyText({ namespace, name: recording }))),
    ]);
  }

  /** The pods that it records, or will. */
  podsOf(recording: ProfileRecording): PodsOfRecording {
    const marked = this.naming(keyText(recording.metadata))
      .map((pod) => ({ pod, containers: containersRecordedBy(recording, pod) }))
      .filter(({ containers }) => containers.length > 0);
    const hasBegun = ({ pod: { started = [] }, containers }: (typeof marked)[number]): boolean =>
      containers.some((name) => started.includes(name));
    const textsOf = (some: typeof marked): readonly string[] => some.map(({ pod }) => keyText(keyOf(pod))).sort();
    const begun = marked.filter(hasBegun);
    return {
      recorded: textsOf(begun),
      recordedOn: (nodes) => textsOf(begun.filter(({ pod: { nodeName = '' } }) => nodes.has(nodeName))),
      waiting: textsOf(marked.filter((one) => !hasBegun(one))),
    };
  }

  /** Why it records none of the pods that it is for, of which some may be `waiting`. */
  idlenessOf(recording: ProfileRecording, waiting: readonly string[]): Idleness {
    if (waiting.length > 0) return { type: 'not started', pods: waiting };
    const { namespace = '', name } = recording.metadata;
    const pods = this.inNamespace(namespace).filter(({ shape }) => wantsPod(recording, shape.labels));
    for (const pod of pods) {
      const mark = parseMarks(pod.marks.unrecorded).find((one) => one.recording === name);
      if (mark === undefined) continue;
      const where = `container ${mark.container} of ${keyText(keyOf(pod))}`;
      return { type: 'skipped', pod: where, why: markClause(mark.remark) };
    }
    if (pods.length === 0) return { type: 'no pods' };
    return { type: 'older pods', pods: pods.map((pod) => keyText(keyOf(pod))).sort() };
  }
}
