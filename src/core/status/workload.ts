// SPDX-License-Identifier: Apache-2.0
// Which of our profiles a pod uses. A pod that has ended needs its profiles no more, so it counts for nothing.

/** The security context of a pod or a container, as far as it is read here. */
export interface SecurityContext {
  readonly seccompProfile?: LocalhostChoice;
  readonly appArmorProfile?: LocalhostChoice;
  readonly seLinuxOptions?: { readonly type?: string };
}

/** A profile of the node, as a context names it. */
export interface LocalhostChoice {
  readonly type?: string;
  readonly localhostProfile?: string;
}

/** A container, as far as it is read here. */
export interface ContainerUse {
  readonly securityContext?: SecurityContext;
}

/** A pod, as far as it is read here. */
export interface PodUse {
  readonly metadata: { readonly annotations?: Readonly<Record<string, string>> };
  readonly spec?: {
    readonly securityContext?: SecurityContext;
    readonly containers?: readonly ContainerUse[];
    readonly initContainers?: readonly ContainerUse[];
    readonly ephemeralContainers?: readonly ContainerUse[];
  };
  readonly status?: { readonly phase?: string };
}

/** The security contexts of a pod: its own, and those of its containers of all kinds. */
export function contextsOf({ spec = {} }: PodUse): readonly SecurityContext[] {
  const { containers = [], initContainers = [], ephemeralContainers = [] } = spec;
  return [spec, ...containers, ...initContainers, ...ephemeralContainers].flatMap(
    ({ securityContext }) => securityContext ?? [],
  );
}

/** A profile as pods use it. */
export interface Use {
  /** The kind of the profile: `SeccompProfile`. */
  readonly kind: string;
  /** The name by which pods use it: for seccomp the localhostProfile, for SELinux the type. */
  readonly name: string;
}

/** A kind of profile, as far as it is looked for in pods. */
export interface UsedKind {
  readonly resource: { readonly kind: string };
  namesIn(pod: PodUse): readonly string[];
}

/** Whether all containers of the pod have ended for good. */
export function hasEnded(pod: Pick<PodUse, 'status'>): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/**
 * Profiles of one kind that are read of a pod. Each is looked for on all nodes; a pod has room for ten thousand, and a
 * node never for the containers that would use so many.
 */
const MOST_USES = 256;

/**
 * The profiles of some kinds that the pod uses, each once, by kind and in order of their names; none when it has ended.
 */
export function usesOf(pod: PodUse, kinds: readonly UsedKind[]): readonly Use[] {
  if (hasEnded(pod)) return [];
  return kinds.flatMap((used) => {
    const names = used.namesIn(pod);
    return [...new Set(names)]
      .sort()
      .slice(0, MOST_USES)
      .map((name) => ({ kind: used.resource.kind, name }));
  });
}
