// SPDX-License-Identifier: Apache-2.0
// Pods of a node as a recorder keeps them: which of their containers recordings want, and what has become of those. Of
// a pod that no recording wants, next to nothing is kept.
import { laterContainers } from '../../core/recording/later-containers.ts';
import type { EphemeralContainer, LaterContainer } from '../../core/recording/later-containers.ts';
import { isRequestKey } from '../../core/recording/request.ts';
import { lengthOf, MOST_CHARACTERS } from '../../core/recording/room.ts';
import { hasEnded } from '../../core/status/workload.ts';
import type { Selector, Source } from '../../runtime/handler.ts';
import { POD } from '../../runtime/kinds.ts';
import type { KubeObject, ObjectMeta } from '../../runtime/object.ts';

/** One run of a container, as the status of its pod tells it. */
export interface ContainerRun {
  readonly name: string;
  /** The image by its digest. */
  readonly image?: string;
  /** When it began (RFC 3339), as far as the kubelet has said so. */
  readonly started?: string;
  /** When it ended (RFC 3339), as far as the kubelet has said so. */
  readonly ended?: string;
  /** It has ended, and will not be started anew: by its pod's policy, or because it has been already. */
  readonly isSettled?: true;
}

/** A pod as it is kept. The further fields are those of a pod that a recording wants. */
export interface RecordablePod extends KubeObject {
  /** The UID by which the node's control groups name it. */
  readonly nodeUid: string;
  /** The beginning of its name that its author gave. */
  readonly generateName?: string;
  readonly restartPolicy?: string;
  /** All its containers have ended for good. */
  readonly hasEnded?: boolean;
  /** By the container's id, without the runtime's prefix. */
  readonly containers?: Readonly<Record<string, ContainerRun>>;
  /** Its ephemeral containers; left out for none. */
  readonly later?: readonly LaterContainer[];
}

interface Termination {
  readonly containerID?: string;
  readonly startedAt?: string | null;
  readonly finishedAt?: string | null;
  readonly exitCode?: number;
}

interface ContainerStatus {
  readonly name: string;
  readonly containerID?: string;
  readonly imageID?: string;
  readonly state?: { readonly terminated?: Termination; readonly running?: { readonly startedAt?: string | null } };
  readonly lastState?: { readonly terminated?: Termination };
}

interface Restartable {
  readonly name: string;
  readonly restartPolicy?: string;
}

/** A pod as the API server shows it, as far as it is read here. */
interface PodObject extends KubeObject {
  readonly metadata: ObjectMeta & { readonly generateName?: string };
  readonly spec?: {
    readonly restartPolicy?: string;
    readonly containers?: readonly Restartable[];
    readonly initContainers?: readonly Restartable[];
    readonly ephemeralContainers?: readonly EphemeralContainer[];
  };
  readonly status?: { readonly phase?: string } & Partial<
    Record<(typeof STATUSES)[number], readonly ContainerStatus[]>
  >;
}

type PodSpec = NonNullable<PodObject['spec']>;
type PodStatus = NonNullable<PodObject['status']>;

const STATUSES = ['initContainerStatuses', 'containerStatuses', 'ephemeralContainerStatuses'] as const;

/** On the object by which the API shows a static pod: the UID that its kubelet knows it by. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** The pods of a selector. Readers must share one such source. */
export function recordablePodSource(selector: Selector): Source<RecordablePod> {
  return { resource: POD, selector, transform: transformPod };
}

function transformPod({ apiVersion, kind, metadata, spec, status }: PodObject): RecordablePod {
  const { uid = '', annotations = {}, generateName } = metadata;
  const requests = Object.entries(annotations).filter(([key]) => isRequestKey(key));
  const pod = { apiVersion, kind, nodeUid: annotations[MIRROR_ANNOTATION] ?? uid };
  const isKept = requests.length > 0 && lengthOf(requests, metadata.labels) <= MOST_CHARACTERS;
  if (!isKept) return { ...pod, metadata: identityOf(metadata) };
  const later = laterContainers(spec?.ephemeralContainers);
  return {
    ...pod,
    metadata: { ...identityOf(metadata), labels: metadata.labels ?? {}, annotations: Object.fromEntries(requests) },
    ...(generateName === undefined ? {} : { generateName }),
    ...(spec?.restartPolicy === undefined ? {} : { restartPolicy: spec.restartPolicy }),
    hasEnded: hasEnded({ status: status ?? {} }),
    containers: runsOf(status ?? {}, spec ?? {}),
    ...(later.length === 0 ? {} : { later }),
  };
}

function identityOf({ name, namespace, uid, resourceVersion, deletionTimestamp }: ObjectMeta): ObjectMeta {
  return {
    name,
    namespace,
    ...(uid === undefined ? {} : { uid }),
    ...(resourceVersion === undefined ? {} : { resourceVersion }),
    ...(deletionTimestamp === undefined ? {} : { deletionTimestamp }),
  };
}

/** The runs that the status names: of a container that was restarted, the one before, too. */
function runsOf(status: PodStatus, spec: PodSpec): Readonly<Record<string, ContainerRun>> {
  const runs = STATUSES.flatMap((list) => status[list] ?? []).flatMap((container) => [
    runBefore(container),
    runNow(container, policyOf(spec, container.name)),
  ]);
  return Object.fromEntries(
    runs.flatMap(([id, run]) => (id === '' ? [] : [[id.slice(id.lastIndexOf('/') + 1), run] as const])),
  );
}

function runBefore(status: ContainerStatus): readonly [string, ContainerRun] {
  const { startedAt, finishedAt, containerID = '' } = status.lastState?.terminated ?? {};
  return [containerID, { ...namesOf(status), ...timesOf(startedAt, finishedAt), isSettled: true }];
}

function runNow(status: ContainerStatus, policy: string): readonly [string, ContainerRun] {
  const { running, terminated } = status.state ?? {};
  const isSettled =
    terminated !== undefined && (policy === 'Never' || (policy === 'OnFailure' && terminated.exitCode === 0));
  const times = timesOf(terminated?.startedAt ?? running?.startedAt, terminated?.finishedAt);
  return [status.containerID ?? '', { ...namesOf(status), ...times, ...(isSettled ? { isSettled } : {}) }];
}

function namesOf({ name, imageID = '' }: ContainerStatus): Pick<ContainerRun, 'name' | 'image'> {
  return { name, ...(imageID === '' ? {} : { image: imageID }) };
}

type Time = string | null | undefined;

function timesOf(started: Time, ended: Time): Pick<ContainerRun, 'started' | 'ended'> {
  return {
    ...(typeof started === 'string' && isReal(started) ? { started } : {}),
    ...(typeof ended === 'string' ? { ended } : {}),
  };
}

/** A container that could not be started has begun in 1970, as kubelets have it. */
function isReal(time: string): boolean {
  return !time.startsWith('1970-');
}

/** Init containers run until they succeed, unless they are sidecars; ephemeral ones are never started anew. */
function policyOf({ restartPolicy = 'Always', containers = [], initContainers = [] }: PodSpec, name: string): string {
  const init = initContainers.find((one) => one.name === name);
  if (init !== undefined) return init.restartPolicy ?? (restartPolicy === 'Never' ? 'Never' : 'OnFailure');
  const container = containers.find((one) => one.name === name);
  return container === undefined ? 'Never' : (container.restartPolicy ?? restartPolicy);
}
