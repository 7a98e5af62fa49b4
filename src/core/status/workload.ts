// SPDX-License-Identifier: Apache-2.0
// Which of our seccomp profiles a pod runs under: at pod level, in any kind of container, or by the annotations of
// Kubernetes before 1.19. A pod that has ended needs its profile no more, so it counts for nothing.
import { ANNOTATION } from '../names.ts';
import { ourLocalhostProfile } from '../seccomp/files.ts';

/** The security context of a pod or a container, as far as it is read here. */
export interface SecurityContext {
  readonly seccompProfile?: { readonly type?: string; readonly localhostProfile?: string };
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

const LOCALHOST_PREFIX = 'localhost/';

/** Whether all containers of the pod have ended for good. */
export function hasEnded(pod: Pick<PodUse, 'status'>): boolean {
  return pod.status?.phase === 'Succeeded' || pod.status?.phase === 'Failed';
}

/** The localhostProfile values of ours that the pod names, each once, in order; none when it has ended. */
export function profilesOf(pod: PodUse): readonly string[] {
  if (hasEnded(pod)) return [];
  const named = [...fromContexts(pod), ...fromAnnotations(pod)].flatMap((path) => ourLocalhostProfile(path) ?? []);
  return named.length < 2 ? named : [...new Set(named)].sort();
}

function fromContexts(pod: PodUse): readonly string[] {
  const spec = pod.spec ?? {};
  const users = [
    { ...(spec.securityContext === undefined ? {} : { securityContext: spec.securityContext }) },
    ...(spec.containers ?? []),
    ...(spec.initContainers ?? []),
    ...(spec.ephemeralContainers ?? []),
  ];
  return users.flatMap(({ securityContext }) => {
    const profile = securityContext?.seccompProfile;
    return profile?.localhostProfile === undefined ? [] : [profile.localhostProfile];
  });
}

function fromAnnotations(pod: PodUse): readonly string[] {
  return Object.entries(pod.metadata.annotations ?? {}).flatMap(([key, value]) => {
    const ours = key === ANNOTATION.podSeccomp || key.startsWith(ANNOTATION.containerSeccompPrefix);
    return ours && value.startsWith(LOCALHOST_PREFIX) ? [value.slice(LOCALHOST_PREFIX.length)] : [];
  });
}
