// SPDX-License-Identifier: Apache-2.0
// ProfileRecordings as the manager keeps them, and which of them a change concerns: of a pod, a recorded profile, a
// namespace, the spod, a pod of the daemon.
import { LABEL } from '../../core/names.ts';
import { wantsPod } from '../../core/recording/choice.ts';
import { parseMarks } from '../../core/recording/marks.ts';
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { SecurityProfilesOperatorDaemon } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { PROFILE_RECORDING } from '../../gen/kinds.ts';
import type { Reader, Source, Watch } from '../../runtime/handler.ts';
import { isDeleting, keyOf } from '../../runtime/object.ts';
import { NAMESPACES } from './bindings.ts';
import { RECORDING_BUDGET } from './choice-budgets.ts';
import type { ManagedPod } from './managed-pods.ts';
import type { DaemonPod } from './nodes.ts';
import { LEARNT_SOURCES } from './recorded-profiles.ts';
import type { LearntSource } from './recorded-profiles.ts';

const NONE: Readonly<Record<string, string>> = {};

/** The recordings of all namespaces, with their status; of their labels and annotations nothing is read. */
export const MANAGED_RECORDINGS: Source<ProfileRecording> = {
  resource: PROFILE_RECORDING,
  transform: (recording) => ({ ...recording, metadata: { ...recording.metadata, labels: NONE, annotations: NONE } }),
  budget: RECORDING_BUDGET,
};

/** The recordings of a namespace. */
export type RecordingsIn = (namespace: string) => readonly ProfileRecording[];

/** The sources whose changes concern recordings. */
export interface RecordingWatchParts {
  readonly pods: Source<ManagedPod>;
  readonly spods: Source<SecurityProfilesOperatorDaemon>;
  readonly daemonPods: Source<DaemonPod>;
  readonly recordings: RecordingsIn;
  readonly all: Pick<Reader<ProfileRecording>, 'list'>;
}

/** All changes that concern recordings. */
export function recordingWatches({ pods, spods, daemonPods, recordings, all }: RecordingWatchParts): readonly Watch[] {
  const spod: Watch<SecurityProfilesOperatorDaemon> = {
    ...spods,
    predicate: (before, after) => textOf(before) !== textOf(after),
    mapToKeys: () => all.list().map(keyOf),
  };
  const namespace: Watch = {
    ...NAMESPACES,
    predicate: (before, after) =>
      JSON.stringify(before.metadata.labels) !== JSON.stringify(after.metadata.labels) ||
      isDeleting(before) !== isDeleting(after),
    mapToKeys: ({ metadata }) => recordings(metadata.name).map(keyOf),
  };
  const recorder: Watch<DaemonPod> = {
    ...daemonPods,
    predicate: (before, after) => servingText(before) !== servingText(after),
    mapToKeys: () => all.list().map(keyOf),
  };
  return [recordedPodWatch(pods, recordings), ...LEARNT_SOURCES.map(profileWatch), namespace, spod, recorder];
}

/** The recorders of a node that run. */
function servingText({ spec, serving }: DaemonPod): string {
  return JSON.stringify([spec?.nodeName, serving]);
}

/** The part of the spod that decides whether anything is recorded. */
function textOf({ spec, status, metadata }: SecurityProfilesOperatorDaemon): string {
  const isObserved = status?.observedGeneration === metadata.generation;
  return JSON.stringify([
    spec?.webhookOptions,
    spec?.enableLogEnricher,
    spec?.enableBpfRecorder,
    spec?.enableSelinux,
    spec?.enableAppArmor,
    status?.state,
    isObserved,
  ]);
}

/** The recordings that a pod names, and those that it is for. */
function recordedPodWatch(source: Source<ManagedPod>, recordings: RecordingsIn): Watch<ManagedPod> {
  return {
    ...source,
    predicate: (before, after) =>
      before.shape !== after.shape ||
      before.marks.unrecorded !== after.marks.unrecorded ||
      before.recorded !== after.recorded ||
      before.started !== after.started ||
      before.metadata.uid !== after.metadata.uid,
    mapToKeys: ({ metadata: { namespace = '' }, marks, recorded = [], shape }) => {
      const there = recordings(namespace);
      if (there.length === 0) return [];
      const naming = [...recorded, ...parseMarks(marks.unrecorded)].map(({ recording }) => recording);
      const choosing = there.filter((one) => wantsPod(one, shape.labels)).map(({ metadata }) => metadata.name);
      return [...new Set([...naming, ...choosing])].map((name) => ({ namespace, name }));
    },
  };
}

/** The recording that made a profile. */
function profileWatch({ recorded }: LearntSource): Watch {
  return {
    ...(recorded as Source),
    mapToKeys: ({ metadata: { namespace, labels } }) => {
      const name = labels?.[LABEL.recordingId] ?? '';
      return name === '' ? [] : [{ namespace, name }];
    },
  };
}
