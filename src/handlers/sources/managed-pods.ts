// SPDX-License-Identifier: Apache-2.0
// Pods as the manager keeps them: beside the profiles that they use, all that bindings, gates and waiting containers
// take. Equal parts of pods are one object, because there may be ten thousand pods. Tenants write them, and each may
// have more than a megabyte: of a pod with far more than any use takes, only its gate and its profiles are kept.
import { placementOf } from '../../core/binding/placement.ts';
import type { Placement } from '../../core/binding/placement.ts';
import { parseBound } from '../../core/binding/marks.ts';
import { ANNOTATION, PROFILE_GATE } from '../../core/names.ts';
import { laterContainers, requestsOf } from '../../core/recording/later-containers.ts';
import type { EphemeralContainer } from '../../core/recording/later-containers.ts';
import type { RecordedContainer } from '../../core/recording/request.ts';
import { hasEnded, usesOf } from '../../core/status/workload.ts';
import type { ContainerUse, PodUse } from '../../core/status/workload.ts';
import type { Affinity } from '../../gen/crd/defs/affinity.ts';
import type { Source } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import type { ObjectMeta } from '../../runtime/object.ts';
import { Interner } from './interned.ts';
import type { WorkloadPod } from './pods.ts';
import type { ProfileKind } from './profiles.ts';

/** The part of a pod that it has in common with others of its template. */
export interface PodShape {
  /** Containers of all kinds. */
  readonly containers: readonly { readonly name: string; readonly image: string }[];
  readonly labels: Readonly<Record<string, string>>;
  readonly placement: Placement;
}

/** Our annotations on a pod, as they were written. */
export interface PodMarks {
  readonly bound?: string;
  readonly skipped?: string;
  readonly waitSeconds?: string;
  readonly installed?: string;
  /** Which containers are not recorded, and why. */
  readonly unrecorded?: string;
}

/** A container that a recording wants, without what is another for each pod. */
export type RecordedPart = Pick<RecordedContainer, 'kind' | 'recorder' | 'recording' | 'container'>;

/** A pod as the manager keeps it. One that has ended has no part of it left. */
export interface ManagedPod extends WorkloadPod {
  readonly shape: PodShape;
  readonly marks: PodMarks;
  /** Its containers that are recorded, as its annotations say; left out for none. */
  readonly recorded?: readonly RecordedPart[];
  /** How many requests of recordings a pod has that has too many, or too much else, for them to be kept. */
  readonly unkept?: number;
  /** Names of all containers that have started, be it that they have ended; left out where `recorded` is. */
  readonly started?: readonly string[];
  /** When all containers that are bound had begun to run (RFC 3339); left out before, and where none is bound. */
  readonly ranSince?: string;
  /** The place of our gate among the pod's scheduling gates; undefined where it has none. */
  readonly gateAt?: number;
  readonly nodeName?: string;
  /** A container cannot be created, because the file of its seccomp profile is not on the node. */
  readonly lacksFile?: true;
  /** It has annotations, ours or others. */
  readonly annotated?: true;
}

type ContainerState = {
  readonly name?: string;
  readonly state?: {
    readonly waiting?: { readonly reason?: string; readonly message?: string };
    readonly running?: { readonly startedAt?: string };
    readonly terminated?: { readonly startedAt?: string };
  };
  readonly lastState?: { readonly terminated?: { readonly startedAt?: string } };
  readonly restartCount?: number;
};

type PodContainer = ContainerUse & { readonly name?: string; readonly image?: string };

/** A pod as the API server shows it, as far as it is read here. */
interface PodObject extends WorkloadPod {
  readonly spec?: NonNullable<PodUse['spec']> & {
    readonly containers?: readonly PodContainer[];
    readonly initContainers?: readonly PodContainer[];
    readonly ephemeralContainers?: readonly (PodContainer & EphemeralContainer)[];
    readonly nodeName?: string;
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly affinity?: Affinity;
    readonly schedulingGates?: readonly { readonly name: string }[];
  };
  readonly status?: NonNullable<PodUse['status']> & {
    readonly containerStatuses?: readonly ContainerState[];
    readonly initContainerStatuses?: readonly ContainerState[];
    readonly ephemeralContainerStatuses?: readonly ContainerState[];
  };
}

/** The manager's pods. Readers must share one such source. */
export function managedPodSource(kinds: readonly ProfileKind[]): Source<ManagedPod> {
  const interner = new Interner();
  return { resource: POD, transform: (pod) => transformPod(pod, kinds, interner) };
}

const NO_MARKS: PodMarks = {};
const NO_SHAPE: PodShape = { containers: [], labels: {}, placement: {} };
const NO_USES: NonNullable<WorkloadPod['uses']> = [];

/** Without containers, so that neither bindings nor recordings count the pod. */
const UNREAD_SHAPE: PodShape = { containers: [], labels: {}, placement: { isUnread: true } };

/**
 * Characters of a pod's images, labels, demands, marks and recordings, as JSON. Usual ones have some hundred; a
 * thousand pods with so many take 30 MiB of the manager's 128.
 */
export const MOST_CHARACTERS = 16 * 1024;

/** Eight remarks of the longest names. */
const MOST_REMARKS = 1280;

function transformPod(pod: PodObject, kinds: readonly ProfileKind[], interner: Interner): ManagedPod {
  const { apiVersion, kind } = POD_TYPE;
  const identity = { apiVersion, kind, metadata: identityOf(pod.metadata, interner) };
  if (hasEnded(pod)) return { ...identity, uses: NO_USES, shape: NO_SHAPE, marks: NO_MARKS };
  const nodeName = pod.spec?.nodeName;
  const gateAt = pod.spec?.schedulingGates?.findIndex(({ name }) => name === PROFILE_GATE) ?? -1;
  const uses = usesOf(pod, kinds);
  return {
    ...identity,
    uses: uses.length === 0 ? NO_USES : interner.value(`uses ${JSON.stringify(uses)}`, () => uses),
    ...partsOf(pod, interner),
    ...(gateAt < 0 ? {} : { gateAt }),
    ...(nodeName === undefined ? {} : { nodeName: interner.text(nodeName) }),
    ...(lacksFile(pod) ? { lacksFile: true } : {}),
    ...(pod.metadata.annotations === undefined ? {} : { annotated: true }),
  };
}

type Parts = Pick<ManagedPod, 'shape' | 'marks' | 'recorded' | 'unkept' | 'started' | 'ranSince'>;

/** The parts that may be of any length; where they are too long together, no more than is to be said of that. */
function partsOf(pod: PodObject, interner: Interner): Parts {
  const shape = shapeOf(pod);
  const marks = marksOf(pod.metadata.annotations);
  const recorded = recordedOf(pod);
  const started = recorded.length === 0 ? [] : startedOf(pod);
  const texts = [shape, marks, recorded, started].map((part) => JSON.stringify(part));
  if (texts.reduce((sum, text) => sum + text.length, 0) > MOST_CHARACTERS) {
    const unkept = recorded.length === 0 ? {} : { unkept: recorded.length };
    return { shape: UNREAD_SHAPE, marks: firstRemarks(marks), ...unkept };
  }
  const [shapeText = '', marksText = '', recordedText = '', startedText = ''] = texts;
  const ranSince = ranSinceOf(pod, marks);
  return {
    shape: interner.value(`shape ${shapeText}`, () => shape),
    marks: marks === NO_MARKS ? marks : interner.value(`marks ${marksText}`, () => marks),
    ...(ranSince === undefined ? {} : { ranSince }),
    ...(recorded.length === 0
      ? {}
      : {
          recorded: interner.value(`recorded ${recordedText}`, () => recorded),
          started: interner.value(`started ${startedText}`, () => started),
        }),
  };
}

/** The beginning of the remarks about recordings: as many as are told of. One that is cut off has no form. */
function firstRemarks({ unrecorded }: PodMarks): PodMarks {
  return unrecorded === undefined ? NO_MARKS : { unrecorded: unrecorded.slice(0, MOST_REMARKS) };
}

const POD_TYPE = { apiVersion: 'v1', kind: 'Pod' } as const;

function identityOf(metadata: ObjectMeta, interner: Interner): ObjectMeta {
  const { name, namespace = '', uid, resourceVersion, creationTimestamp, deletionTimestamp } = metadata;
  return {
    name,
    namespace: interner.text(namespace),
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(typeof creationTimestamp === 'string' ? { creationTimestamp } : {}),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
}

function shapeOf({ spec = {}, metadata: { labels = {} } }: PodObject): PodShape {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  const all = [...initContainers, ...containers, ...ephemeralContainers];
  return {
    containers: all.map(({ name = '', image = '' }) => ({ name, image })),
    labels,
    placement: placementOf(spec),
  };
}

function marksOf(annotations: ObjectMeta['annotations']): PodMarks {
  const marks = {
    bound: annotations?.[ANNOTATION.profileBindings],
    skipped: annotations?.[ANNOTATION.skippedBindings],
    waitSeconds: annotations?.[ANNOTATION.profileWaitSeconds],
    installed: annotations?.[ANNOTATION.profileInstalled],
    unrecorded: annotations?.[ANNOTATION.recordingMarks],
  };
  const known = Object.entries(marks).filter(([, text]) => text !== undefined);
  return known.length === 0 ? NO_MARKS : Object.fromEntries(known);
}

function recordedOf({ metadata, spec }: PodObject): readonly RecordedPart[] {
  const requests = requestsOf(metadata.annotations, laterContainers(spec?.ephemeralContainers));
  return requests.map(({ kind, recorder, recording, container }) => ({ kind, recorder, recording, container }));
}

/** The words of the kubelet (1.30 to 1.37 with containerd and CRI-O) where the file is missing or cannot be read. */
const NO_FILE = /seccomp/;

function lacksFile(pod: PodObject): boolean {
  return containerStates(pod).some(({ state }) => {
    const { reason, message = '' } = state?.waiting ?? {};
    return reason === 'CreateContainerError' && NO_FILE.test(message);
  });
}

/** One that waits to be started again has started before. */
function startedOf(pod: PodObject): readonly string[] {
  return containerStates(pod)
    .filter(({ state, lastState }) => state?.running ?? state?.terminated ?? lastState?.terminated)
    .map(({ name = '' }) => name);
}

/** One whose image cannot be pulled has shown nothing of what it calls. Ephemeral containers come later, if ever. */
function ranSinceOf({ metadata, spec = {}, status = {} }: PodObject, { bound }: PodMarks): string | undefined {
  if (bound === undefined) return undefined;
  const names = new Set(parseBound(bound).map(({ container }) => container));
  const own = [...(spec.initContainers ?? []), ...(spec.containers ?? [])].filter(({ name = '' }) => names.has(name));
  const states = [...(status.initContainerStatuses ?? []), ...(status.containerStatuses ?? [])];
  const begun = own.map(({ name }) =>
    begunAt(
      states.find((one) => one.name === name),
      metadata.creationTimestamp,
    ),
  );
  return begun.includes(undefined) ? undefined : begun.sort().at(-1);
}

/** Of one that was often started again, the first time is not known any more. */
function begunAt(state: ContainerState | undefined, created: unknown): string | undefined {
  const { running, terminated } = state?.state ?? {};
  const last = state?.lastState?.terminated;
  if ((state?.restartCount ?? 0) > 1 && typeof created === 'string') return created;
  return (last ?? running ?? terminated)?.startedAt;
}

function containerStates({ status = {} }: PodObject): readonly ContainerState[] {
  const { containerStatuses = [], initContainerStatuses = [], ephemeralContainerStatuses = [] } = status;
  return [...containerStatuses, ...initContainerStatuses, ...ephemeralContainerStatuses];
}
