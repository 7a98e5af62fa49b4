// SPDX-License-Identifier: Apache-2.0
// Where a pod names seccomp profiles: at pod level, in any kind of container, or by the annotations of Kubernetes
// before
// 1.19.
import { ANNOTATION } from '../names.ts';
import { ourLocalhostProfile } from './files.ts';
import type { PodUse } from '../status/workload.ts';

const LOCALHOST_PREFIX = 'localhost/';

/** The localhostProfile values of ours that the pod names. */
export function localhostProfilesIn(pod: PodUse): readonly string[] {
  return [...fromContexts(pod), ...fromAnnotations(pod)].flatMap((path) => ourLocalhostProfile(path) ?? []);
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
