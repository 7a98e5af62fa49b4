// SPDX-License-Identifier: Apache-2.0
// The effect of a namespace's recordings on one new pod: which containers are recorded by which recording, and which
// get the profile that logs all calls. A pod that comes a second time in the same admission is judged as if it came for
// the first: requests that are as young as an admission lasts keep their nonce and time, all others are forged or old.
import type { ProfileRecording } from '../../gen/crd/profile-recording.ts';
import type { FieldChange } from '../binding/decide.ts';
import { parseBound } from '../binding/marks.ts';
import { annotationOf, containersOf, isMirror, isWindows } from '../binding/pod.ts';
import type { AdmittedPod, ContainerPlace, Json } from '../binding/pod.ts';
import { mergedValue, PROFILE_FIELDS } from '../binding/security-context.ts';
import { ANNOTATION, LABEL } from '../names.ts';
import { isRecordedKind, wantsContainer, wantsPod } from './choice.ts';
import { parseMarks } from './marks.ts';
import type { RecordingMark, RecordingRemark } from './marks.ts';
import { isRecordable, recordedContainers, recordingPrefix } from './request.ts';
import type { RecordedContainer, RecordingRequest } from './request.ts';

/** All that a decision depends on. */
export interface RecordingSituation {
  readonly pod: AdmittedPod;
  /** Those of the pod's namespace. */
  readonly recordings: readonly ProfileRecording[];
  /** The value of a security context that selects the profile which logs all calls. */
  readonly logProfile: Json;
  /** Whether there is such a profile; it is there while the log enricher is enabled. */
  readonly canLog: boolean;
  /** Whether the nodes look only at pods with the label. */
  readonly onlyLabelled: boolean;
  /** Nonce and time of requests that are made now. */
  readonly stamp: Pick<RecordingRequest, 'nonce' | 'since'>;
}

/** The decision on a pod. */
export interface RecordingDecision {
  readonly requests: readonly RecordedContainer[];
  readonly changes: readonly FieldChange[];
  readonly marks: readonly RecordingMark[];
}

/** So many seconds the calls of one admission may lie apart: the API server's limit for all of them together. */
const ADMISSION_SECONDS = 60;

const { SeccompProfile: FIELD } = PROFILE_FIELDS;

/** Why no container of the pod can be recorded by it. */
function podRemark(situation: RecordingSituation, { metadata, spec }: ProfileRecording): RecordingRemark | undefined {
  const { pod, canLog, onlyLabelled } = situation;
  if (!isRecordable(metadata.name)) return 'NameNotDNSLabel';
  if (recordingPrefix(spec.kind, spec.recorder) === undefined) return 'RecorderNotSupported';
  if (!isRecordedKind(spec.kind)) return 'KindNotSupported';
  if (isMirror(pod)) return 'StaticPod';
  if (isWindows(pod)) return 'WindowsPod';
  if (spec.recorder === 'logs' && !canLog) return 'RecorderNotEnabled';
  const isLabelled = Object.hasOwn(pod.metadata?.labels ?? {}, LABEL.enableRecording);
  return onlyLabelled && !isLabelled ? 'PodNotLabelled' : undefined;
}

/** The requests of an earlier call of this admission, and what else its annotations tell; read once for a pod. */
interface Earlier {
  /** Nonce and time of the pod's requests. */
  readonly stamp: RecordingSituation['stamp'];
  /** Containers whose profile a binding set. */
  readonly bound: ReadonlySet<string>;
  /** Containers, each with a recording, whose author's profile has been replaced. */
  readonly replaced: ReadonlySet<string>;
}

function replacedText({ container, recording }: Pick<RecordingMark, 'container' | 'recording'>): string {
  return `${container} ${recording}`;
}

function earlierOf({ pod, stamp }: RecordingSituation): Earlier {
  const young = recordedContainers(pod.metadata?.annotations).find(
    ({ since }) => Math.abs(stamp.since - since) <= ADMISSION_SECONDS,
  );
  const marks = parseMarks(annotationOf(pod, ANNOTATION.recordingMarks));
  return {
    stamp: young === undefined ? stamp : { nonce: young.nonce, since: young.since },
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

function candidatesOf(situation: RecordingSituation): readonly Candidate[] {
  const { labels } = situation.pod.metadata ?? {};
  return situation.recordings
    .filter((one) => one.metadata.deletionTimestamp === undefined && wantsPod(one, labels))
    .map((recording) => ({ recording, remark: podRemark(situation, recording) }));
}

/** Whether the container runs under a profile of its author, or did before an earlier call. */
function isAuthors(situation: RecordingSituation, earlier: Earlier, place: ContainerPlace, recording: string): boolean {
  const { pod, logProfile } = situation;
  const { name: container, securityContext } = place.container;
  const found = FIELD.inContext(securityContext) ?? FIELD.inContext(pod.spec?.securityContext);
  if (found === undefined) return false;
  return FIELD.isSame(found, logProfile)
    ? earlier.replaced.has(replacedText({ container, recording }))
    : !earlier.bound.has(container);
}

function containerRemark(
  situation: RecordingSituation,
  earlier: Earlier,
  place: ContainerPlace,
  { metadata, spec }: ProfileRecording,
): RecordingRemark | undefined {
  if (spec.recorder !== 'logs') return undefined;
  if (place.container.securityContext?.privileged === true) return 'PrivilegedContainer';
  return isAuthors(situation, earlier, place, metadata.name) ? 'SecurityContextAlreadySet' : undefined;
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
  return { requests, changes: recorder === 'logs' ? [fieldChange(situation, place)] : [], marks };
}

function fieldChange({ logProfile }: RecordingSituation, place: ContainerPlace): FieldChange {
  return { place, member: FIELD.member, value: mergedValue(FIELD, [place.container.securityContext], logProfile) };
}

/** Changes that change something, one for each container: several recordings may want the same. */
function newChanges({ logProfile }: RecordingSituation, changes: readonly FieldChange[]): readonly FieldChange[] {
  const open = changes.filter(({ place }) => {
    const own = FIELD.inContext(place?.container.securityContext);
    return own === undefined || !FIELD.isSame(own, logProfile);
  });
  return [...new Map(open.map((change) => [change.place?.container.name, change])).values()];
}

/** Decides on one pod. */
export function decideRecordings(situation: RecordingSituation): RecordingDecision {
  const candidates = candidatesOf(situation);
  const earlier = earlierOf(situation);
  const parts = containersOf(situation.pod).flatMap((place) =>
    candidates
      .filter(({ recording }) => wantsContainer(recording, place.container.name))
      .map((candidate) => decideContainer(situation, earlier, place, candidate)),
  );
  const changes = parts.flatMap((part) => part.changes);
  return {
    requests: parts.flatMap(({ requests }) => requests),
    changes: newChanges(situation, changes),
    marks: parts.flatMap(({ marks }) => marks),
  };
}
