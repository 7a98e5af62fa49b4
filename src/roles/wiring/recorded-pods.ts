// SPDX-License-Identifier: Apache-2.0
// The pods that a recorder of a node follows, on its operator: their captures become profiles.
import type { Captures } from '../../core/recording/captures.ts';
import type { Recorder } from '../../core/recording/request.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import { RecordedPods } from '../../handlers/node/recorded-pods.ts';
import type { RecordingMeter } from '../../handlers/node/recorded-pods.ts';
import { UnfinishedRecordings } from '../../handlers/node/unfinished-recordings.ts';
import { RECORDINGS } from '../../handlers/sources/admission-state.ts';
import { ownNodeSource } from '../../handlers/sources/nodes.ts';
import { recordablePodSource } from '../../handlers/sources/recordable-pods.ts';
import type { RecordablePod } from '../../handlers/sources/recordable-pods.ts';
import { KNOWN_PROFILES } from '../../handlers/sources/recorded-profiles.ts';
import { LABEL } from '../../core/names.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Source } from '../../runtime/handler.ts';
import type { SpoOperator } from '../../runtime/spo-operator.ts';

/** A recorder of a node. */
export interface NodeRecorder {
  readonly node: string;
  readonly recorder: Recorder;
  readonly native: KnownArchitecture;
  readonly captures: Captures;
  /** The pods of the node (`nodePods`). */
  readonly pods: Source<RecordablePod>;
  readonly meter?: RecordingMeter;
}

/** The pods of a node that may be recorded: all, or with memory optimization those that have the label. */
export function nodePods(node: string, memoryOptimization: boolean): Source<RecordablePod> {
  return recordablePodSource({
    fieldSelector: `spec.nodeName=${node}`,
    ...(memoryOptimization ? { labelSelector: LABEL.enableRecording } : {}),
  });
}

/** Registers the handlers. Returns what a change of a pod's captures is to be told to, with the pod's UID. */
export function wireRecordedPods(
  operator: SpoOperator,
  clock: Pick<Clock, 'now'>,
  recorder: NodeRecorder,
): (uid: string) => void {
  const profiles = { source: KNOWN_PROFILES, reader: operator.reader(KNOWN_PROFILES) };
  const pods = { source: recorder.pods, reader: operator.reader(recorder.pods) };
  operator.register(new UnfinishedRecordings({ ...recorder, pods, profiles }));
  const handler = new RecordedPods({
    ...recorder,
    recordings: { source: RECORDINGS, reader: operator.reader(RECORDINGS) },
    profiles,
    nodes: operator.reader(ownNodeSource(recorder.node)),
    now: () => clock.now(),
  });
  const enqueue = operator.register(handler);
  return (uid) => {
    const key = handler.keyOf(uid);
    if (key !== undefined) enqueue(key);
  };
}
