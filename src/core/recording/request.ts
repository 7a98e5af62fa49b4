// SPDX-License-Identifier: Apache-2.0
// The annotations by which the recording webhook asks the nodes to record containers of a pod. An annotation is named
// by kind, recorder and container; its value says for which recording. Where several recordings want the same, their
// values stand in one annotation, parted by commas. Anybody may write an annotation: a reader gets what has the form,
// and believes it only where a recording of that name chooses the pod.
import type { ProfileRecordingSpec } from '../../gen/crd/profile-recording.ts';
import { ANNOTATION } from '../names.ts';

/** Kind of the profiles that a recording makes. */
export type RecordedKind = ProfileRecordingSpec['kind'];

/** How a container is watched. */
export type Recorder = ProfileRecordingSpec['recorder'];

/** The value of an annotation: a container that a recording wants. */
export interface RecordingRequest {
  /** Name of the ProfileRecording, in the pod's namespace. */
  readonly recording: string;
  /** Name of the container. */
  readonly container: string;
  /** Five characters that are the same in all requests of a pod. */
  readonly nonce: string;
  /** Seconds since 1970 at which the pod was admitted. */
  readonly since: number;
}

/** A request, and what its annotation's name tells. */
export interface RecordedContainer extends RecordingRequest {
  readonly kind: RecordedKind;
  readonly recorder: Recorder;
}

/** Length of a nonce. */
export const NONCE_LENGTH = 5;

/** The pairs of kind and recorder that there are. */
const PAIRS: readonly (Pick<RecordedContainer, 'kind' | 'recorder'> & { readonly prefix: string })[] = [
  { kind: 'SeccompProfile', recorder: 'logs', prefix: ANNOTATION.recordLogsPrefix },
  { kind: 'SeccompProfile', recorder: 'bpf', prefix: ANNOTATION.recordBpfPrefix },
  { kind: 'SelinuxProfile', recorder: 'logs', prefix: ANNOTATION.recordAvcsPrefix },
  { kind: 'AppArmorProfile', recorder: 'logs', prefix: ANNOTATION.recordLogsAppArmorPrefix },
];

const DNS_LABEL = '[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?';
const REQUEST = new RegExp(`^(${DNS_LABEL})_(${DNS_LABEL})_([a-z0-9]{${String(NONCE_LENGTH)}})_([0-9]{1,12})$`);
const IS_DNS_LABEL = new RegExp(`^${DNS_LABEL}$`);

/**
 * The most requests that are read from one annotation. Recordings are made by people, and a longer list is none of the
 * webhook's.
 */
export const MAX_REQUESTS = 64;

/** Whether a recording of that name can be asked for: a DNS label, as the value of the annotation has no other room. */
export function isRecordable(recording: string): boolean {
  return IS_DNS_LABEL.test(recording);
}

/** Beginning of the annotation's name; undefined for a pair of kind and recorder that cannot be. */
export function recordingPrefix(kind: RecordedKind, recorder: Recorder): string | undefined {
  return PAIRS.find((pair) => pair.kind === kind && pair.recorder === recorder)?.prefix;
}

/** Whether the name of an annotation is that of a request. */
export function isRequestKey(key: string): boolean {
  return PAIRS.some(({ prefix }) => key.startsWith(prefix));
}

/** `<recording>_<container>_<nonce>_<unix seconds>`. */
export function printRequest({ recording, container, nonce, since }: RecordingRequest): string {
  return `${recording}_${container}_${nonce}_${String(since)}`;
}

/** Reads one request; undefined for what has not the form of `printRequest`. */
export function parseRequest(value: string): RecordingRequest | undefined {
  const [, recording, container, nonce, since] = REQUEST.exec(value) ?? [];
  if (recording === undefined || container === undefined || nonce === undefined || since === undefined)
    return undefined;
  return { recording, container, nonce, since: Number(since) };
}

/** The value of an annotation for several recordings, in order of their names; undefined for none. */
export function printRequests(requests: readonly RecordingRequest[]): string | undefined {
  return requests.length === 0 ? undefined : requests.map(printRequest).sort().join(',');
}

/** Reads the value of an annotation for a container; what has another form or is for another one is passed over. */
export function parseRequests(value: string, container: string): readonly RecordingRequest[] {
  const requests = value
    .split(',', MAX_REQUESTS)
    .flatMap((part) => parseRequest(part) ?? [])
    .filter((request) => request.container === container);
  const byRecording = new Map(requests.map((request) => [request.recording, request]));
  return [...byRecording.values()];
}

/** All requests in a pod's annotations: one for each recording, container, kind and recorder. */
export function recordedContainers(
  annotations: Readonly<Record<string, string>> | undefined,
): readonly RecordedContainer[] {
  return Object.entries(annotations ?? {}).flatMap(([key, value]) => {
    const pair = PAIRS.find(({ prefix }) => key.startsWith(prefix));
    if (pair === undefined) return [];
    const { kind, recorder, prefix } = pair;
    return parseRequests(value, key.slice(prefix.length)).map((request) => ({ ...request, kind, recorder }));
  });
}
