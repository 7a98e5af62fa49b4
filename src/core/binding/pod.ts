// SPDX-License-Identifier: Apache-2.0
// A pod as the API server shows it to admission, as far as bindings read it, and the places in it that they change.
import type { Affinity } from '../../gen/crd/defs/affinity.ts';
import type { PodUse } from '../status/workload.ts';

/** A JSON object. */
export type Json = Readonly<Record<string, unknown>>;

/** Security context of a pod or a container; the members with profiles are read by `ProfileField`. */
export interface Context extends Json {
  readonly privileged?: boolean;
}

/** A container of any kind. */
export interface PodContainer {
  readonly name: string;
  readonly image?: string;
  readonly securityContext?: Context;
}

/** The pod. Its name is missing where the API server makes it later. */
export interface AdmittedPod {
  readonly metadata?: {
    readonly name?: string;
    readonly generateName?: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly ownerReferences?: readonly { readonly kind: string; readonly name: string }[];
  };
  readonly spec?: {
    readonly nodeName?: string;
    readonly os?: { readonly name?: string };
    readonly nodeSelector?: Readonly<Record<string, string>>;
    readonly affinity?: Affinity;
    readonly securityContext?: Context;
    readonly schedulingGates?: readonly { readonly name: string }[];
    readonly initContainers?: readonly PodContainer[];
    readonly containers?: readonly PodContainer[];
    readonly ephemeralContainers?: readonly PodContainer[];
  };
}

/** The lists of containers in a pod's spec. Sidecars are init containers. */
export const CONTAINER_LISTS = ['initContainers', 'containers', 'ephemeralContainers'] as const;

/** A container and where it stands in the pod. */
export interface ContainerPlace {
  readonly list: (typeof CONTAINER_LISTS)[number];
  readonly index: number;
  readonly container: PodContainer;
}

/** All containers of a pod, in order of the lists. */
export function containersOf(pod: AdmittedPod): readonly ContainerPlace[] {
  return CONTAINER_LISTS.flatMap((list) =>
    (pod.spec?.[list] ?? []).map((container, index) => ({ list, index, container })),
  );
}

/** Whether a container is an ephemeral one that has come to a pod; those that were there cannot be changed any more. */
export function addedTo(before: AdmittedPod): (place: ContainerPlace) => boolean {
  const known = new Set(containersOf(before).map(({ container }) => container.name));
  return ({ list, container }) => list === 'ephemeralContainers' && !known.has(container.name);
}

/** Own annotation of a pod; undefined where it has none. */
export function annotationOf(pod: AdmittedPod | PodUse, key: string): string | undefined {
  const annotations = pod.metadata?.annotations ?? {};
  return Object.hasOwn(annotations, key) ? annotations[key] : undefined;
}

/** The mirror of a static pod: the kubelet runs the file on its node, whatever the API server stores. */
const MIRROR_ANNOTATION = 'kubernetes.io/config.mirror';

/** Whether the pod only shows a static pod of a node. */
export function isMirror(pod: AdmittedPod): boolean {
  return annotationOf(pod, MIRROR_ANNOTATION) !== undefined;
}

/** Label of nodes with their operating system. */
const OS_LABEL = 'kubernetes.io/os';

/**
 * Whether the pod says that it is for Windows: there the API server refuses the fields of profiles, or, where only the
 * nodes are selected, no node ever has one.
 */
export function isWindows(pod: AdmittedPod): boolean {
  return pod.spec?.os?.name === 'windows' || pod.spec?.nodeSelector?.[OS_LABEL] === 'windows';
}

/**
 * The pod in a message. A pod that has no name yet is named by its owner, or by the beginning of the name that it gets.
 */
export function podTitle(pod: AdmittedPod): string {
  const { name, generateName, ownerReferences } = pod.metadata ?? {};
  if (name !== undefined && name !== '') return `pod ${name}`;
  const [owner] = ownerReferences ?? [];
  if (owner !== undefined) return `a pod of ${owner.kind} ${owner.name}`;
  return generateName === undefined || generateName === '' ? 'the pod' : `pod ${generateName}…`;
}
