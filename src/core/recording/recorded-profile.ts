// SPDX-License-Identifier: Apache-2.0
// The profile of a container that was recorded in a pod, as an object. Whatever is there under its name already is kept
// in it: earlier runs of the container, those on other nodes, and what a recorder wrote before it was started anew.
import type { SeccompProfile, SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { BASE_SYSCALLS } from '../../gen/base-syscalls.ts';
import { ANNOTATION, FINALIZER, LABEL } from '../names.ts';
import { syscallName } from '../seccomp/syscalls.ts';
import type { KnownArchitecture } from '../seccomp/syscalls.ts';
import { rfc3339 } from '../status/time.ts';
import type { Capture } from './capture-entry.ts';
import { NO_EARLIER_RUNS, printEvidence, runKey, summaryOf, uniteEvidence } from './evidence.ts';
import type { Evidence, Run } from './evidence.ts';
import { gapSentences } from './gaps.ts';
import { EMPTY_LEDGER } from './ledger.ts';
import { evidenceOf, mergeRecordings } from './merge-partials.ts';
import { profileObject, profileOf } from './profile.ts';
import type { Recorder } from './request.ts';

/** The origin of a profile: by its labels it is known as this one's. */
export interface ProfileOrigin {
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
export type RecordedObject = Omit<SeccompProfile, 'status'>;

/** The result of the runs alone, before it is united with what is there. */
export interface RecordedPart {
  readonly spec: SeccompProfileSpec;
  readonly annotations: Readonly<Record<string, string>>;
  readonly evidence: Evidence;
}

/** Whether a profile was made by this recording from this container. */
export function isOf({ metadata }: Pick<SeccompProfile, 'metadata'>, origin: ProfileOrigin): boolean {
  const { labels = {} } = metadata;
  return labels[LABEL.recordingId] === origin.recording && labels[LABEL.containerId] === origin.container;
}

/**
 * The result of the runs; undefined where they have called nothing, and nothing was lost: nothing of them has run yet.
 */
export function recordedPart(
  { recorder }: Pick<ProfileOrigin, 'recorder'>,
  runs: readonly RecordedRun[],
  node: RecordingNode,
): RecordedPart | undefined {
  const seen = runs.filter(({ capture }) => capture.calls.size > 0 || capture.lost.size > 0);
  if (seen.length === 0) return undefined;
  const recorded = profileOf({ ...EMPTY_LEDGER, calls: callsOf(seen) }, node.native, BASE_SYSCALLS);
  const { spec, metadata } = profileObject('', recorded);
  return {
    spec,
    annotations: metadata.annotations ?? {},
    evidence: uniteEvidence(evidenceOfRuns(recorder, seen, node), []),
  };
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
  existing: SeccompProfile | undefined,
): RecordedObject {
  const own = objectOf(name, origin, part);
  if (existing === undefined) return labelled(own, origin, part.evidence, false);
  const { spec: merged, annotations } = mergeRecordings([existing, own]);
  const kept = without(annotations, ANNOTATION.syscallCoverage);
  const isFinished = existing.metadata.labels?.[LABEL.partial] === undefined;
  const spec = isFinished ? disabledAs(existing, merged) : merged;
  const united: SeccompProfile = { ...own, spec, metadata: { ...own.metadata, annotations: kept } };
  return labelled(united, origin, evidenceOf(united) ?? part.evidence, isFinished);
}

/** The spec, disabled as the profile is: that may be its user's will. */
function disabledAs({ spec: { disabled } }: SeccompProfile, spec: SeccompProfileSpec): SeccompProfileSpec {
  const rest = { ...spec };
  delete (rest as { disabled?: boolean }).disabled;
  return disabled === undefined ? rest : { ...rest, disabled };
}

function objectOf(name: string, origin: ProfileOrigin, { spec, annotations, evidence }: RecordedPart): SeccompProfile {
  const { namespace, recording, container, isDisabled } = origin;
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1beta1',
    kind: 'SeccompProfile',
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
    // In the order of merged profiles, so that a profile that is written again is the same.
    spec: { ...spec, architectures: [...(spec.architectures ?? [])].sort(), ...(isDisabled ? { disabled: true } : {}) },
    status: {},
  };
}

/** Until the containers have ended for the first time their profile is a part of one, so that no node installs it. */
function labelled(
  { apiVersion, kind, metadata, spec }: SeccompProfile,
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
      },
      ...(origin.isPart ? { finalizers: [FINALIZER.partialProfile] } : {}),
    },
    spec,
  };
}

function without(texts: Readonly<Record<string, string>>, name: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => key !== name));
}

function callsOf(runs: readonly RecordedRun[]): ReadonlyMap<KnownArchitecture, ReadonlySet<number>> {
  const all = new Map<KnownArchitecture, Set<number>>();
  for (const { capture } of runs) {
    for (const [architecture, numbers] of capture.calls) {
      all.set(architecture, new Set([...(all.get(architecture) ?? []), ...numbers]));
    }
  }
  return all;
}

function evidenceOfRuns(recorder: Recorder, runs: readonly RecordedRun[], node: RecordingNode): Evidence {
  const captures = runs.map(({ capture }) => capture);
  const first = captures.flatMap(({ firstCall }) => firstCall ?? []);
  const last = captures.flatMap(({ lastNewCall }) => lastNewCall ?? []);
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

function instanceOf({ capture, pod, isSettled, since }: RecordedRun, node: string): Run {
  const { began, firstCall, ended } = capture;
  const from = Math.min(began ?? firstCall ?? since, firstCall ?? Infinity);
  const unnamed = unnamedCalls(capture);
  const lost = [...capture.lost, ...(unnamed === 0 ? [] : [['unnamed-call', unnamed] as const])];
  return {
    pod,
    node,
    from: rfc3339(from),
    ...(isSettled && ended !== undefined ? { until: rfc3339(ended) } : {}),
    lost: Object.fromEntries(lost.sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}

function unnamedCalls({ calls }: Capture): number {
  const nameless = Array.from(calls, ([architecture, numbers]) =>
    [...numbers].filter((number) => syscallName(architecture, number) === undefined),
  );
  return nameless.flat().length;
}
