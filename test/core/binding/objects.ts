// SPDX-License-Identifier: Apache-2.0
// Bindings and pods for tests of what binds what.
import type { ProfileBinding } from '../../../src/gen/crd/profile-binding.ts';
import type { AdmittedPod, Json, PodContainer } from '../../../src/core/binding/pod.ts';

/** The parts of a binding that tests choose. */
export interface BindingParts {
  readonly name?: string;
  readonly image?: string;
  readonly profile?: string;
  readonly kind?: ProfileBinding['spec']['profileRef']['kind'];
  readonly created?: string;
  readonly spec?: Partial<ProfileBinding['spec']>;
}

/** A binding; `spec` goes beside image and profile. */
export function binding(parts: BindingParts = {}): ProfileBinding {
  const { name = 'web', image = 'nginx:1.27', profile = 'strict', kind = 'SeccompProfile' } = parts;
  const created = parts.created ?? '2026-01-01T00:00:00Z';
  return {
    apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1',
    kind: 'ProfileBinding',
    metadata: { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: '1', creationTimestamp: created },
    spec: { profileRef: { kind, name: profile }, image, ...parts.spec },
  };
}

/** The binding while it is being deleted. */
export function ending(of: ProfileBinding): ProfileBinding {
  return { ...of, metadata: { ...of.metadata, deletionTimestamp: '2026-02-01T00:00:00Z' } };
}

/** A container with an image, and a security context where it has one. */
export function container(name: string, image: string, securityContext?: Json): PodContainer {
  return { name, image, ...(securityContext === undefined ? {} : { securityContext }) };
}

/** A pod as the API server sends it at its creation; `spec` goes beside the containers. */
export function pod(containers: readonly PodContainer[], spec: Json = {}, metadata: Json = {}): AdmittedPod & Json {
  const all = { name: 'p', namespace: 'shop', ...metadata };
  const full: Json = { restartPolicy: 'Always', containers, ...spec };
  return { apiVersion: 'v1', kind: 'Pod', metadata: all, spec: full };
}

/** The value of a seccomp field for a profile of the namespace `shop`. */
export function localhost(profile: string): Json {
  return { type: 'Localhost', localhostProfile: `operator/shop/${profile}.json` };
}
