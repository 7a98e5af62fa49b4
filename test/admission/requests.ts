// SPDX-License-Identifier: Apache-2.0
// Questions to webhooks about pods of the namespace `shop`, and the state that the webhooks answer from.
import { applyPatch } from '../../src/core/json-patch.ts';
import type { ObstacleFacts } from '../../src/core/binding/obstacle.ts';
import type { BindingState } from '../../src/core/binding/index-cache.ts';
import type { AdmissionAnswer, AdmissionRequest, Webhook } from '../../src/admission/review.ts';
import type { AdmittedPod, Json } from '../../src/core/binding/pod.ts';
import type { ProfileState } from '../../src/core/binding/situation.ts';
import { logProfiles } from '../../src/core/recording/log-profile.ts';
import type { ProfileBinding } from '../../src/gen/crd/profile-binding.ts';

/** The state of SeccompProfiles by name (`other/name` in another namespace); those not named are installed. */
export type States = Readonly<Record<string, ProfileState>>;

/** The profiles that log, of an operator in its usual namespace. */
export const LOG_PROFILES = logProfiles('security-profiles-operator');

/** That for seccomp. */
export const LOG_PROFILE = LOG_PROFILES.SeccompProfile;

/** A cluster in which every pod may have every profile. */
export const NO_OBSTACLES: ObstacleFacts = { labels: {}, nodes: () => [], withoutAppArmor: new Set() };

/** A state with those bindings in `shop` and none elsewhere. */
export function stateOf(bindings: readonly ProfileBinding[], states: States = {}): BindingState {
  return {
    logProfiles: LOG_PROFILES,
    obstacleFacts: () => NO_OBSTACLES,
    bindings: (namespace) => (namespace === 'shop' ? bindings : []),
    profileIdentity: () => undefined,
    profileState: (kind, namespace, name) => {
      if (kind !== 'SeccompProfile') return states[kind] ?? 'unsupported';
      return states[namespace === 'shop' ? name : `${namespace}/${name}`] ?? 'installed';
    },
  };
}

/** The question about a pod that is being created. */
export function creation(object: AdmittedPod, more: Partial<AdmissionRequest> = {}): AdmissionRequest {
  return {
    uid: 'u',
    kind: 'Pod',
    subResource: undefined,
    operation: 'CREATE',
    namespace: 'shop',
    name: object.metadata?.name ?? '',
    dryRun: false,
    object: object as unknown as Json,
    oldObject: undefined,
    userInfo: { username: 'alice' },
    ...more,
  };
}

/** The question about a pod that is being changed. */
export function update(before: AdmittedPod, after: AdmittedPod, subResource?: string): AdmissionRequest {
  return creation(after, { operation: 'UPDATE', subResource, oldObject: before as unknown as Json });
}

/** An answer that lets the pod pass; throws where it does not. */
export function allowed(answer: AdmissionAnswer): AdmissionAnswer & { readonly allowed: true } {
  if (!answer.allowed) throw new Error(`refused: ${answer.message}`);
  return answer;
}

/** The pod as the webhook's answer leaves it. */
export function admitted(webhook: Webhook, request: AdmissionRequest): AdmittedPod & Json {
  return applyPatch(request.object, allowed(webhook.review(request)).patch) as AdmittedPod & Json;
}
