// SPDX-License-Identifier: Apache-2.0
// The pods that a recorder of a node follows, on its operator: their captures become profiles.
import type { Captures } from '../../core/recording/captures.ts';
import { recordingPrefix } from '../../core/recording/request.ts';
import type { Recorder } from '../../core/recording/request.ts';
import type { KnownArchitecture } from '../../core/seccomp/syscalls.ts';
import { RecordedPods } from '../../handlers/node/recorded-pods.ts';
import type { RecordingMeter } from '../../handlers/node/recorded-pods.ts';
import { UnfinishedRecordings } from '../../handlers/node/unfinished-recordings.ts';
import { RECORDINGS } from '../../handlers/sources/admission-state.ts';
import { ownNodeSource } from '../../handlers/sources/nodes.ts';
import { recordablePodSource } from '../../handlers/sources/recordable-pods.ts';
import type { RecordablePod } from '../../handlers/sources/recordable-pods.ts';
import { LEARNT_SOURCES } from '../../handlers/sources/recorded-profiles.ts';
import { LABEL } from '../../core/names.ts';
import { sleep } from '../../runtime/clock.ts';
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

/** The profiles of recorded pods, as a recorder drives them. */
export interface RecordedProfiles {
  /** The captures of a pod have changed, by its UID. */
  changed(uid: string): void;
  /** Nothing more will be seen: writes what was. Resolves when that is done, or could not be done for a while. */
  flush(): Promise<void>;
}

/** A stop takes no longer: the pod has ten seconds for all that it does at its end. */
const FLUSH_MS = 4000;

/** Registers the handlers. */
export function wireRecordedPods(operator: SpoOperator, clock: Clock, recorder: NodeRecorder): RecordedProfiles {
  const kinds = LEARNT_SOURCES.filter(({ kind }) => recordingPrefix(kind, recorder.recorder) !== undefined);
  const profiles = new Map(
    kinds.map(({ kind, resource, known }) => [kind, { resource, source: known, reader: operator.reader(known) }]),
  );
  const pods = { source: recorder.pods, reader: operator.reader(recorder.pods) };
  for (const known of profiles.values()) {
    operator.register(new UnfinishedRecordings({ ...recorder, pods, profiles: known }));
  }
  const handler = new RecordedPods({
    ...recorder,
    recordings: { source: RECORDINGS, reader: operator.reader(RECORDINGS) },
    profiles,
    nodes: operator.reader(ownNodeSource(recorder.node)),
    now: () => clock.now(),
  });
  const enqueue = operator.register(handler);
  return {
    changed: (uid) => {
      const key = handler.keyOf(uid);
      if (key !== undefined) enqueue(key);
    },
    flush: async () => {
      const over = new AbortController();
      await Promise.race([handler.flush(enqueue), sleep(clock, FLUSH_MS, over.signal)]);
      over.abort();
    },
  };
}
