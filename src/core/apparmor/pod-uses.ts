// SPDX-License-Identifier: Apache-2.0
// Where a pod names AppArmor profiles: in the field of Kubernetes 1.30, at pod level or of any container, and in the
// annotation that came before it. The API server writes the field where only the annotation is given, after webhooks,
// and no annotation where only the field is.
import { contextsOf } from '../status/workload.ts';
import type { PodUse } from '../status/workload.ts';

/** The rest of the annotation's name is the container's. */
export const APPARMOR_ANNOTATION_PREFIX = 'container.apparmor.security.beta.kubernetes.io/';

const LOCALHOST_PREFIX = 'localhost/';

/** The profile of the node that the value of such an annotation names; undefined for those of the runtime and none. */
export function profileOfAnnotation(value: string): string | undefined {
  return value.startsWith(LOCALHOST_PREFIX) ? value.slice(LOCALHOST_PREFIX.length) : undefined;
}

/** The names of the profiles of the node that a pod uses, of whoever made them. */
export function appArmorProfilesIn(pod: PodUse): readonly string[] {
  const fields = contextsOf(pod).flatMap(({ appArmorProfile }) =>
    appArmorProfile?.type === 'Localhost' ? (appArmorProfile.localhostProfile ?? []) : [],
  );
  const annotations = Object.entries(pod.metadata.annotations ?? {}).flatMap(([key, value]) =>
    key.startsWith(APPARMOR_ANNOTATION_PREFIX) ? (profileOfAnnotation(value) ?? []) : [],
  );
  return [...fields, ...annotations];
}
