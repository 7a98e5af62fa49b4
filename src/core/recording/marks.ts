// SPDX-License-Identifier: Apache-2.0
// The annotation by which the recording webhook tells, on a pod, of containers that a recording is for and that are
// not recorded, or recorded at the cost of a profile of their author. Comma-separated, as the annotations of bindings.
import { MAX_REQUESTS } from './request.ts';
import { MOST_REQUESTS } from './room.ts';

/** Why a recording that is for a container does not record it, or what it took from it. */
export const RECORDING_REMARKS = [
  'SecurityContextAlreadySet',
  'PrivilegedContainer',
  'NameNotDNSLabel',
  'RecorderNotSupported',
  'RecorderNotEnabled',
  'PodSecurity',
  'NodesWithoutAppArmor',
  'ProfileInAnnotation',
  'PodNotLabelled',
  'WindowsPod',
  'StaticPod',
  'PodNotMarked',
  'TooManyRecordings',
] as const;

/** One of `RECORDING_REMARKS`; with the first of them the container is recorded. */
export type RecordingRemark = (typeof RECORDING_REMARKS)[number];

/** Why a pod cannot run under the profile by which containers are recorded from the log. */
export type LogObstacle = Extract<RecordingRemark, 'RecorderNotEnabled' | 'PodSecurity' | 'NodesWithoutAppArmor'>;

/** A remark about a container. */
export interface RecordingMark {
  readonly container: string;
  readonly recording: string;
  readonly remark: RecordingRemark;
}

const MARK = /^([^=,:]+)=([^=,:]+):([A-Za-z]+)$/;

/** `nginx=my-recording:PrivilegedContainer`, in order of the containers' names; undefined for none. */
export function printMarks(marks: readonly RecordingMark[]): string | undefined {
  if (marks.length === 0) return undefined;
  return marks
    .map(({ container, recording, remark }) => `${container}=${recording}:${remark}`)
    .sort()
    .join(',');
}

/** Reads `printMarks`'s form. Anybody may write an annotation: what has not the form is passed over. */
export function parseMarks(text: string | undefined): readonly RecordingMark[] {
  return (text ?? '').split(',').flatMap((part) => {
    const [, container, recording, word] = MARK.exec(part) ?? [];
    const remark = RECORDING_REMARKS.find((known) => known === word);
    return container === undefined || recording === undefined || remark === undefined
      ? []
      : [{ container, recording, remark }];
  });
}

const SENTENCES: Readonly<Record<RecordingRemark, string>> = {
  SecurityContextAlreadySet:
    'it is recorded under the profile that logs all calls, in place of the profile that the pod sets',
  PrivilegedContainer: 'it is privileged, so no profile that logs its calls has an effect',
  NameNotDNSLabel: 'the name of the recording is no DNS label (63 of a-z, 0-9 and -), so no pod can be marked with it',
  RecorderNotSupported: 'this recorder cannot record profiles of the kind',
  RecorderNotEnabled:
    'recorder logs needs enableLogEnricher of the spod, and enableSelinux or enableAppArmor for profiles of these kinds',
  PodSecurity: 'the Pod Security level of the namespace refuses SELinux types other than those of containers',
  NodesWithoutAppArmor:
    'it may come to nodes without AppArmor, which would refuse it: have the pod select nodes that have it',
  ProfileInAnnotation: 'an annotation of the pod names its profile, which a field must not contradict',
  PodNotLabelled:
    'with enableMemoryOptimization of the spod only pods with the label spo.x-k8s.io/enable-recording are recorded',
  WindowsPod: 'the pod is for Windows',
  StaticPod: 'the pod is a static one, which its node runs from a file',
  PodNotMarked: 'the recording recorded nothing of the pod when it was created, so nothing that comes later',
  TooManyRecordings:
    `${String(MAX_REQUESTS)} other recordings record it in the same way, or ${String(MOST_REQUESTS)} its pod, or the pod ` +
    'has no room for so many beside its labels: more are not noted on a pod',
};

/** A mark as a clause about the container. */
export function markClause(remark: RecordingRemark): string {
  return SENTENCES[remark];
}

/** Warnings of one answer; more would not be read. */
const MAX_WARNINGS = 8;

/** The longest name in a warning, so that the reason always fits. */
const MAX_NAME = 60;

/** A sentence for each of the first marks, for those who create the pod. */
export function markWarnings(marks: readonly RecordingMark[]): readonly string[] {
  return marks.slice(0, MAX_WARNINGS).map(({ container, recording, remark }) => {
    const name = recording.length <= MAX_NAME ? recording : `${recording.slice(0, MAX_NAME - 1)}…`;
    const verb = remark === 'SecurityContextAlreadySet' ? 'changes' : 'does not record';
    return `ProfileRecording ${name} ${verb} container ${container}: ${SENTENCES[remark]}`;
  });
}
