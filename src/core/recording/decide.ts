// SPDX-License-Identifier: Apache-2.0
// The effect of a namespace's recordings on one new pod: which containers are recorded by which recording, and which
// get the profile that logs. A pod that comes a second time in the same admission is judged as if it came for
// the first: requests that are as young as an admission lasts keep their nonce and time, all others are forged or old.
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { FieldChange } from '../binding/decide.ts';
import { parseBound } from '../binding/marks.ts';
import { annotationOf, containersOf, isMirror, isWindows } from '../binding/pod.ts';
import type { AdmittedPod, ContainerPlace } from '../binding/pod.ts';
import { mergedValue, PROFILE_FIELDS } from '../binding/security-context.ts';
import { ANNOTATION, LABEL } from '../names.ts';
import { wantsContainer, wantsPod } from './choice.ts';
import type { LogProfiles } from './log-profile.ts';
import { parseMarks } from './marks.ts';
import type { LogObstacle, RecordingMark, RecordingRemark } from './marks.ts';
import { isRecordable, recordedContainers, recordingPrefix } from './request.ts';
import type { RecordedContainer, RecordedKind, RecordingRequest } from './request.ts';
import { unreadable } from './room.ts';

/** All that a decision depends on. */
export interface RecordingSituation {
  readonly pod: AdmittedPod;
  /** Those of the pod's namespace. */
  readonly recordings: readonly ProfileRecording[];
  /** The profiles under which containers are recorded from the log. */
  readonly logProfiles: LogProfiles;
  /** Why the pod cannot run under that of a kind; undefined where it can. */
  readonly obstacle: (kind: RecordedKind) => LogObstacle | undefined;
  /** Whether the nodes look only at pods with the label. */
  readonly onlyLabelled: boolean;
  /** Nonce and time of requests that are made now. */
  readonly stamp: Pick<RecordingRequest, 'nonce' | 'since'>;
  /** Of a pod that runs, the containers that come to it now; left out for a pod that is new as a whole. */
  readonly added?: (place: ContainerPlace) => boolean;
}

/** The decision on a pod. */
export interface RecordingDecision {
  readonly requests: readonly RecordedContainer[];
  readonly changes: readonly FieldChange[];
  readonly marks: readonly RecordingMark[];
}

/**
 * Containers times recordings that are for the pod. Each pair is an annotation or a part of one, of which a pod has
 * room for thirteen thousand at most; without a bound, one pod took a gigabyte of the process that answers for all.
 */
const MOST_PAIRS = 16_384;

/** So many seconds the calls of one admission may lie apart: the API server's limit for all of them together. */
const ADMISSION_SECONDS = 60;

/** Why no container of the pod can be recorded by it. */
function podRemark(
  situation: RecordingSituation,
  earlier: Earlier,
  { metadata, spec }: ProfileRecording,
): RecordingRemark | undefined {
  const { pod, onlyLabelled } = situation;
  if (!isRecordable(metadata.name)) return 'NameNotDNSLabel';
  if (recordingPrefix(spec.kind, spec.recorder) === undefined) return 'RecorderNotSupported';
  if (isMirror(pod)) return 'StaticPod';
  if (isWindows(pod)) return 'WindowsPod';
  const obstacle = spec.recorder === 'logs' ? situation.obstacle(spec.kind) : undefined;
  if (obstacle !== undefined) return obstacle;
  const isLabelled = Object.hasOwn(pod.metadata?.labels ?? {}, LABEL.enableRecording);
  if (onlyLabelled && !isLabelled) return 'PodNotLabelled';
  return situation.added !== undefined && !earlier.recordings.has(metadata.name) ? 'PodNotMarked' : undefined;
}

/** The requests of an earlier call of this admission, and what else its annotations tell; read once for a pod. */
interface Earlier {
  /** Nonce and time of the pod's requests. */
  readonly stamp: RecordingSituation['stamp'];
  /** Names of the recordings that it asks for. */
  readonly recordings: ReadonlySet<string>;
  /** Containers whose profile a binding set. */
  readonly bound: ReadonlySet<string>;
  /** Containers, each with a recording, whose author's profile has been replaced. */
  readonly replaced: ReadonlySet<string>;
}

function replacedText({ container, recording }: Pick<RecordingMark, 'container' | 'recording'>): string {
  return `${container} ${recording}`;
}

function earlierOf({ pod, stamp }: RecordingSituation): Earlier {
  const requests = recordedContainers(pod.metadata?.annotations);
  const young = requests.find(({ since }) => Math.abs(stamp.since - since) <= ADMISSION_SECONDS);
  const marks = parseMarks(annotationOf(pod, ANNOTATION.recordingMarks));
  return {
    stamp: young === undefined ? stamp : { nonce: young.nonce, since: young.since },
    recordings: new Set(requests.map(({ recording }) => recording)),
    bound: new Set(parseBound(annotationOf(pod, ANNOTATION.profileBindings)).map(({ container }) => container)),
    replaced: new Set(marks.filter(({ remark }) => remark === 'SecurityContextAlreadySet').map(replacedText)),
  };
}

/** A recording that is for the pod. */
interface Candidate {
  readonly recording: ProfileRecording;
  /** Why it records no container of the pod. */
  readonly remark: RecordingRemark | undefined;
}

function candidatesOf(situation: RecordingSituation, earlier: Earlier): readonly Candidate[] {
  const { labels } = situation.pod.metadata ?? {};
  return situation.recordings
    .filter((one) => one.metadata.deletionTimestamp === undefined && wantsPod(one, labels))
    .map((recording) => ({ recording, remark: podRemark(situation, earlier, recording) }));
}

/** Whether the container runs under a profile of its author, or did before an earlier call. */
function isAuthors(
  { pod, logProfiles }: RecordingSituation,
  earlier: Earlier,
  place: ContainerPlace,
  { metadata, spec }: ProfileRecording,
): boolean {
  const field = PROFILE_FIELDS[spec.kind];
  const { name: container, securityContext } = place.container;
  const found = field.inContext(securityContext) ?? field.inContext(pod.spec?.securityContext);
  if (found === undefined) return false;
  return field.isSame(found, logProfiles[spec.kind])
    ? earlier.replaced.has(replacedText({ container, recording: metadata.name }))
    : !earlier.bound.has(container);
}

function containerRemark(
  situation: RecordingSituation,
  earlier: Earlier,
  place: ContainerPlace,
  recording: ProfileRecording,
): RecordingRemark | undefined {
  const { kind, recorder } = recording.spec;
  if (recorder !== 'logs') return undefined;
  if (place.container.securityContext?.privileged === true) return 'PrivilegedContainer';
  // The API server demands that it says the same as the field.
  if (PROFILE_FIELDS[kind].inAnnotation(situation.pod, place.container) !== undefined) return 'ProfileInAnnotation';
  return isAuthors(situation, earlier, place, recording) ? 'SecurityContextAlreadySet' : undefined;
}

function decideContainer(
  situation: RecordingSituation,
  earlier: Earlier,
  place: ContainerPlace,
  candidate: Candidate,
): RecordingDecision {
  const { recording } = candidate;
  const { kind, recorder } = recording.spec;
  const [container, name] = [place.container.name, recording.metadata.name];
  const remark = candidate.remark ?? containerRemark(situation, earlier, place, recording);
  const marks = remark === undefined ? [] : [{ container, recording: name, remark }];
  if (remark !== undefined && remark !== 'SecurityContextAlreadySet') return { requests: [], changes: [], marks };
  const requests = [{ kind, recorder, recording: name, container, ...earlier.stamp }];
  return { requests, changes: recorder === 'logs' ? fieldChange(situation, place, kind) : [], marks };
}

/** The change of a container that does not run under the profile yet. */
function fieldChange(
  { pod, logProfiles }: RecordingSituation,
  place: ContainerPlace,
  kind: RecordedKind,
): readonly FieldChange[] {
  const field = PROFILE_FIELDS[kind];
  const { securityContext } = place.container;
  const own = field.inContext(securityContext);
  if (own !== undefined && field.isSame(own, logProfiles[kind])) return [];
  const value = mergedValue(field, [securityContext, pod.spec?.securityContext], logProfiles[kind]);
  return [{ place, member: field.member, value }];
}

/** One change for each field of a container: several recordings may want the same. */
function eachOnce(changes: readonly FieldChange[]): readonly FieldChange[] {
  const byField = changes.map((change) => [`${change.place?.container.name ?? ''} ${change.member}`, change] as const);
  return [...new Map(byField).values()];
}

/** Decides on one pod; undefined where it has too many containers for so many recordings. */
export function decideRecordings(situation: RecordingSituation): RecordingDecision | undefined {
  const { pod, added = () => true } = situation;
  const earlier = earlierOf(situation);
  const candidates = candidatesOf(situation, earlier);
  const places = containersOf(pod).filter(added);
  if (candidates.length * places.length > MOST_PAIRS) return undefined;
  const parts = places.flatMap((place) =>
    candidates
      .filter(({ recording }) => wantsContainer(recording, place.container.name))
      .map((candidate) => decideContainer(situation, earlier, place, candidate)),
  );
  const beyond = unreadable(
    parts.flatMap(({ requests }) => requests),
    pod.metadata?.labels,
  );
  // A container that nothing records keeps its profile.
  const kept = parts.filter(({ requests }) => requests.every((request) => !beyond.has(request)));
  return {
    requests: kept.flatMap(({ requests }) => requests),
    changes: eachOnce(kept.flatMap(({ changes }) => changes)),
    marks: [...kept.flatMap(({ marks }) => marks), ...tooMany([...beyond])],
  };
}

/** Marks of requests beyond the room are not more than are told of; ten thousand would be too long for a pod. */
const MOST_TOO_MANY = 8;

/** The marks of requests that are not noted. */
export function tooMany(beyond: readonly RecordedContainer[]): readonly RecordingMark[] {
  const remark = 'TooManyRecordings' as const;
  return beyond.slice(0, MOST_TOO_MANY).map(({ container, recording }) => ({ container, recording, remark }));
}
