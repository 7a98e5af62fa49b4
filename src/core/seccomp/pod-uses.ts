// SPDX-License-Identifier: Apache-2.0
// Where a pod names seccomp profiles: at pod level, in any kind of container, or by the annotations of Kubernetes
// before 1.19.
import { ANNOTATION } from '../names.ts';
import { ourLocalhostProfile } from './files.ts';
import { contextsOf } from '../status/workload.ts';
import type { ContainerUse, PodUse } from '../status/workload.ts';

const LOCALHOST_PREFIX = 'localhost/';

/** The localhostProfile values of ours that the pod names. */
export function localhostProfilesIn(pod: PodUse): readonly string[] {
  return [...fromContexts(pod), ...fromAnnotations(pod)].flatMap((path) => ourLocalhostProfile(path) ?? []);
}

/** The localhostProfile of one container of a pod, where it is one of ours: its own, else that of the pod. */
export function localhostProfileOf(pod: PodUse, name: string, container: ContainerUse): string | undefined {
  const { seccompProfile } = container.securityContext ?? {};
  const marked = pod.metadata.annotations?.[`${ANNOTATION.containerSeccompPrefix}${name}`];
  const own = seccompProfile === undefined ? marked : `${LOCALHOST_PREFIX}${seccompProfile.localhostProfile ?? ''}`;
  const { localhostProfile } = pod.spec?.securityContext?.seccompProfile ?? {};
  const ofPod = localhostProfile ?? pod.metadata.annotations?.[ANNOTATION.podSeccomp]?.slice(LOCALHOST_PREFIX.length);
  const path = own === undefined ? ofPod : own.slice(LOCALHOST_PREFIX.length);
  return path === undefined ? undefined : ourLocalhostProfile(path);
}

function fromContexts(pod: PodUse): readonly string[] {
  return contextsOf(pod).flatMap(({ seccompProfile }) => seccompProfile?.localhostProfile ?? []);
}

function fromAnnotations(pod: PodUse): readonly string[] {
  return Object.entries(pod.metadata.annotations ?? {}).flatMap(([key, value]) => {
    const ours = key === ANNOTATION.podSeccomp || key.startsWith(ANNOTATION.containerSeccompPrefix);
    return ours && value.startsWith(LOCALHOST_PREFIX) ? [value.slice(LOCALHOST_PREFIX.length)] : [];
  });
}
