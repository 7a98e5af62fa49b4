// SPDX-License-Identifier: Apache-2.0
// The profile of a container that was recorded in a pod, as an object. Whatever is there under its name already is kept
// in it: earlier runs of the container, those on other nodes, and what a recorder wrote before it was started anew.
import { ANNOTATION, LABEL } from '../names.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { rfc3339 } from '../status/time.ts';
import type { Capture } from './capture-entry.ts';
import { printEvidence, runKey, summaryOf, uniteEvidence } from './evidence.ts';
import type { Evidence } from './evidence.ts';
import { gapSentences } from './gaps.ts';
import type { Learner, Learnt, LearntProfile, Sighting } from './kinds/learner.ts';
import { learnerOf } from './kinds/learners.ts';
import { lastNews } from './last-news.ts';
import { evidenceOf, mergeRecordings, timedNames } from './merge-partials.ts';
import type { RecordedKind, Recorder } from './request.ts';
import { NO_EARLIER_RUNS } from './runs.ts';
import type { Run } from './runs.ts';

/** The origin of a profile: by its labels it is known as this one's. */
export interface ProfileOrigin {
  readonly kind: RecordedKind;
  /** Name of the ProfileRecording. */
  readonly recording: string;
  readonly namespace: string;
  readonly container: string;
  readonly recorder: Recorder;
  /** It will be merged with those of other pods. */
  readonly isPart: boolean;
  /** It is not to be installed. */
  readonly isDisabled: boolean;
}

/** The node where it was recorded. */
export interface RecordingNode {
  readonly name: string;
  readonly native: KnownArchitecture;
  /** Release of the kernel. */
  readonly kernel?: string;
  /** The container runtime with its version. */
  readonly runtime?: string;
}

/** One run of the container. */
export interface RecordedRun {
  readonly capture: Capture;
  /** UID of the pod. */
  readonly pod: string;
  /** It has ended, and no other one that belongs to it is to come. */
  readonly isSettled: boolean;
  /** The time for one whose beginning nobody saw, in milliseconds since 1970. */
  readonly since: number;
}

/** A profile as it is written. */
export type RecordedObject = Omit<LearntProfile, 'status'>;

/** The result of the runs alone, before it is united with what is there. */
export interface RecordedPart extends Learnt {
  readonly evidence: Evidence;
}

/** Whether a profile was made by this recording from this container. */
export function isOf({ metadata }: Pick<LearntProfile, 'metadata'>, origin: ProfileOrigin): boolean {
  const { labels = {} } = metadata;
  return labels[LABEL.recordingId] === origin.recording && labels[LABEL.containerId] === origin.container;
}

/** A run, and what of it counts for the kind of profile. */
interface SeenRun extends RecordedRun {
  readonly sighting: Sighting;
}

/** The result of the runs; undefined where nothing of them has run yet. */
export function recordedPart(
  { kind, recorder }: Pick<ProfileOrigin, 'kind' | 'recorder'>,
  runs: readonly RecordedRun[],
  node: RecordingNode,
): RecordedPart | undefined {
  const learner = learnerOf(kind);
  const seen = runs.flatMap((run) => seenRun(learner, run));
  if (seen.length === 0) return undefined;
  const captures = seen.map(({ capture }) => capture);
  return { ...learner.learn(captures, node.native), evidence: uniteEvidence(evidenceOfRuns(recorder, seen, node), []) };
}

function seenRun(learner: Learner, run: RecordedRun): readonly SeenRun[] {
  const sighting = learner.sighting(run.capture);
  return sighting === undefined ? [] : [{ ...run, sighting }];
}

/**
 * The profile with what the runs show. One that is finished stays so: nodes have installed it and pods use it, so a
 * later run takes it away from none of them. Only its evidence tells that such a run goes on.
 *
 * @param existing - the one of that name, of the same origin; undefined where there is none
 * @throws InvalidProfile or RangeError where somebody has made of the existing one what nothing can be added to
 */
export function recordedProfile(
  name: string,
  origin: ProfileOrigin,
  part: RecordedPart,
  existing: LearntProfile | undefined,
): RecordedObject {
  const own = objectOf(name, origin, part);
  if (existing === undefined) return labelled(own, origin, part.evidence, false);
  const { spec: merged, annotations } = mergeRecordings([existing, own]);
  const kept = without(annotations, learnerOf(origin.kind).coverage.annotation);
  const isFinished = existing.metadata.labels?.[LABEL.partial] === undefined;
  const spec = isFinished ? disabledAs(existing, merged) : merged;
  const united = { ...own, spec, metadata: { ...own.metadata, annotations: kept } } as LearntProfile;
  const evidence = withLastNews(evidenceOf(united) ?? part.evidence, existing, own);
  return labelled(told(united, evidence), origin, evidence, isFinished);
}

/** A run is new to itself: where it adds nothing to what others have shown, the last news are older. */
function withLastNews(evidence: Evidence, existing: LearntProfile, own: LearntProfile): Evidence {
  const last = lastNews([existing, own].map(timedNames));
  return last === undefined ? evidence : { ...evidence, lastNewCall: last };
}

function told(profile: LearntProfile, evidence: Evidence): LearntProfile {
  const { metadata } = profile;
  const annotations = { ...metadata.annotations, [ANNOTATION.recordingEvidence]: printEvidence(evidence) };
  return { ...profile, metadata: { ...metadata, annotations } };
}

/** The spec, disabled as the profile is: that may be its user's will. */
function disabledAs({ spec: { disabled } }: LearntProfile, spec: Learnt['spec']): Learnt['spec'] {
  const rest = { ...spec };
  delete (rest as { disabled?: boolean }).disabled;
  return disabled === undefined ? rest : { ...rest, disabled };
}

function objectOf(name: string, origin: ProfileOrigin, { spec, annotations, evidence }: RecordedPart): LearntProfile {
  const { apiVersion, kind } = learnerOf(origin.kind);
  const { namespace, recording, container, isDisabled } = origin;
  return {
    apiVersion,
    kind,
    metadata: {
      name,
      namespace,
      labels: {
        [LABEL.recordingId]: recording,
        [LABEL.recordingNamespace]: namespace,
        [LABEL.containerId]: container,
      },
      annotations: { ...annotations, [ANNOTATION.recordingEvidence]: printEvidence(evidence) },
    },
    spec: { ...spec, ...(isDisabled ? { disabled: true } : {}) },
    status: {},
    // The learner is that of the kind, and so is what it has made.
  } as LearntProfile;
}

/**
 * Until the containers have ended for the first time their profile is a part of one, so that no node installs it. One
 * that is to be merged has a mark besides (part.ts).
 */
function labelled(
  { apiVersion, kind, metadata, spec }: LearntProfile,
  origin: ProfileOrigin,
  evidence: Evidence,
  isFinished: boolean,
): RecordedObject {
  const { state, lost } = summaryOf(evidence);
  const annotations = without(metadata.annotations ?? {}, ANNOTATION.recordingIncomplete);
  const gaps = gapSentences(lost);
  return {
    apiVersion,
    kind,
    metadata: {
      ...metadata,
      labels: {
        ...metadata.labels,
        ...(origin.isPart || (state === 'in-progress' && !isFinished) ? { [LABEL.partial]: 'true' } : {}),
      },
      annotations: {
        ...annotations,
        ...(gaps.length === 0 ? {} : { [ANNOTATION.recordingIncomplete]: gaps.join('; ') }),
        ...(origin.isPart ? { [ANNOTATION.unmergedPart]: 'true' } : {}),
      },
    },
    spec,
  };
}

function without(texts: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name));
}

function evidenceOfRuns(recorder: Recorder, runs: readonly SeenRun[], node: RecordingNode): Evidence {
  const captures = runs.map(({ capture }) => capture);
  const first = runs.flatMap(({ sighting }) => sighting.first ?? []);
  const last = runs.flatMap(({ sighting }) => sighting.lastNew ?? []);
  return {
    version: 'v1',
    recorder,
    instances: Object.fromEntries(runs.map((run) => [runKey(run.capture.id), instanceOf(run, node.name)])),
    earlier: NO_EARLIER_RUNS,
    nodes: [node.name],
    images: [...new Set(captures.flatMap(({ image }) => image ?? []))].sort(),
    kernels: node.kernel === undefined ? [] : [node.kernel],
    runtimes: node.runtime === undefined ? [] : [node.runtime],
    ...(first.length === 0 ? {} : { firstCall: rfc3339(Math.min(...first)) }),
    ...(last.length === 0 ? {} : { lastNewCall: rfc3339(Math.max(...last)) }),
  };
}

function instanceOf({ capture, sighting, pod, isSettled, since }: SeenRun, node: string): Run {
  const { began, ended } = capture;
  const { first } = sighting;
  const from = Math.min(began ?? first ?? since, first ?? Infinity);
  const lost = [...capture.lost, ...sighting.lost];
  return {
    pod,
    node,
    from: rfc3339(from),
    ...(isSettled && ended !== undefined ? { until: rfc3339(ended) } : {}),
    lost: Object.fromEntries(lost.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
