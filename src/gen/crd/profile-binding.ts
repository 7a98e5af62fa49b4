// Generated from schemas/crd/profile-binding.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Condition } from './defs/condition.ts';
import type { LabelSelector } from './defs/label-selector.ts';
import type { ObjectMeta } from './defs/object-meta.ts';

/**
 * Wait binds the pod and holds it back by a scheduling gate until the profile is on all nodes that it may run on. RunUnbound creates it without the profile; an event on the pod says so. A profile that is being deleted is put on no new pod, with either policy.
 */
export type ProfileNotReadyPolicy = 'Wait' | 'RunUnbound';
/**
 * What the binding does: InUse when pods run under the profile because of it, else the reason why none does.
 */
export type BindingState =
  | 'InUse'
  | 'NoMatch'
  | 'ProfileNotFound'
  | 'ProfileNotReady'
  | 'NamespaceNotLabelled'
  | 'KindNotSupported'
  | 'Outranked'
  | 'TrialImpossible';
/**
 * With the modes Audit and Enforce: whether new pods run under the twin that only logs (Auditing), under the profile itself (Enforcing), or under neither, because there can be no twin (Impossible).
 */
export type TrialPhase = 'Auditing' | 'Enforcing' | 'Impossible';

/**
 * Binds a profile to a container image: new pods of the namespace whose containers use the image get the profile in their security context. The namespace must carry the label spo.x-k8s.io/enable-binding.
 */
export interface ProfileBinding {
  /**
   * Group and version of the kind.
   */
  readonly apiVersion: 'security-profiles-operator.x-k8s.io/v1alpha1';
  /**
   * Name of the kind.
   */
  readonly kind: 'ProfileBinding';
  /**
   * Name and other metadata of the object.
   */
  readonly metadata: ObjectMeta;
  readonly spec: ProfileBindingSpec;
  readonly status?: ProfileBindingStatus;
}
/**
 * Which profile is bound to which containers.
 */
export interface ProfileBindingSpec {
  readonly profileRef: ProfileReference;
  /**
   * Image of the containers that get the profile. It is compared as the pod writes it, and then as the reference that it stands for: nginx:1.19.1 is also docker.io/library/nginx:1.19.1. A reference with a digest matches that digest whatever the tag. The image "*" (in quotes) stands for all containers of a pod to which no other binding applies.
   */
  readonly image: string;
  /**
   * Restricts the binding to pods with matching labels. Without a selector it applies to all pods of the namespace.
   */
  readonly podSelector?: LabelSelector;
  readonly profileNotReady?: ProfileNotReady;
  readonly enforcement?: Enforcement;
}
/**
 * The profile to bind, an object in the same namespace.
 */
export interface ProfileReference {
  /**
   * Kind of the profile. A RawSelinuxProfile cannot be bound.
   */
  readonly kind: 'SeccompProfile' | 'SelinuxProfile' | 'AppArmorProfile';
  /**
   * Name of the profile.
   */
  readonly name: string;
}
/**
 * What becomes of new pods while the profile does not exist or is not on the nodes yet.
 */
export interface ProfileNotReady {
  readonly policy?: ProfileNotReadyPolicy;
  /**
   * The longest time that the scheduling gate stays. After it the pod is scheduled, and its containers start as soon as the profile is on the node. 0 sets no gate.
   */
  readonly timeoutSeconds?: number;
}
/**
 * Tries a profile before it is enforced: says when it may be, in the condition Promotable and an event, and does it where the mode says so; and when it denies something. Needs the log enricher.
 */
export interface Enforcement {
  /**
   * Audit puts new pods under a twin of the profile that only logs, which the operator makes and keeps; the profile itself is never changed. Enforce does so until the demands of promote are met, then puts new pods under the profile itself, and under the twin again when that denies something. Propose makes no twin: it watches a profile that only logs (defaultAction SCMP_ACT_LOG, complainMode, permissive) and names the change to make, for its author, such as a repository from which it is deployed.
   */
  readonly mode?: 'Audit' | 'Enforce' | 'Propose';
  readonly promote?: PromotionBar;
}
/**
 * When the profile may be enforced: nothing was logged for so long, in so many pods, and its recordings say that little is missing.
 */
export interface PromotionBar {
  /**
   * How long each of the pods must have run under the profile as it is.
   */
  readonly afterSeconds?: number;
  /**
   * How many pods of the binding must have run that long, and run still.
   */
  readonly replicas?: number;
  /**
   * The greatest chance, from 0 to 1, that the next recording of the profile would show something new, by the upper end of the 95 % interval. It is known of profiles that recordings have made; one of which it is unknown is not promoted. Left out: no demand.
   */
  readonly maxNewCallChance?: number;
}
/**
 * Where the binding is in use, as the operator sees it.
 */
export interface ProfileBindingStatus {
  /**
   * The metadata.generation that this status is about. A number below the object's own generation means that the last change has not been answered yet.
   */
  readonly observedGeneration?: number;
  /**
   * Current observations about the object, at most one of each type. The condition Ready is True once the object is in effect everywhere it should be.
   *
   * Items: One observation about the object, in the form that kubectl wait and kubectl describe read.
   */
  readonly conditions?: readonly Condition[];
  /**
   * Pods that make use of this object now, each written as namespace/name, in order. At most 1000 are listed; activeWorkloadCount tells how many there are.
   */
  readonly activeWorkloads?: readonly string[];
  /**
   * How many pods make use of this object now, also beyond those that activeWorkloads lists.
   */
  readonly activeWorkloadCount?: number;
  /**
   * When the youngest pod was created that the binding is in use by, or was.
   */
  readonly lastMatchTime?: string;
  readonly state?: BindingState;
  /**
   * The state as a sentence, with the nearest images that were seen where none matched.
   */
  readonly message?: string;
  readonly trial?: ProfileTrial;
}
/**
 * The profile that enforcement watches, as it was first seen.
 */
export interface ProfileTrial {
  /**
   * The metadata.uid of the profile.
   */
  readonly profileUID: string;
  /**
   * The metadata.generation of the profile.
   */
  readonly profileGeneration: number;
  /**
   * When it was first seen installed at this generation; with the modes Audit and Enforce when the phase began. Older pods count for nothing.
   */
  readonly since: string;
  readonly phase?: TrialPhase;
  /**
   * The phase began because the enforced profile denied something.
   */
  readonly rolledBack?: boolean;
  /**
   * When the last denial was seen that the phase has taken into account, be it that it was only logged.
   */
  readonly lastDenial?: string;
  /**
   * Name of the twin that only logs, a profile of the same kind and namespace.
   */
  readonly twinName?: string;
  /**
   * The metadata.uid of the twin, once it is on all nodes.
   */
  readonly twinUID?: string;
  /**
   * The metadata.generation of the twin that the trial stands on.
   */
  readonly twinGeneration?: number;
  /**
   * Pods older than since count from then on: the twin has had no other form before, so they run under this one.
   */
  readonly countsOlder?: boolean;
  /**
   * Identifies what the profile says, with its base profiles.
   */
  readonly twinHash?: string;
  /**
   * Pods that run under the twin, also after a promotion: a pod keeps the profile with which it was created.
   */
  readonly auditedPods?: number;
  /**
   * Pods that run under the profile itself, also after it was rolled back.
   */
  readonly enforcedPods?: number;
}
