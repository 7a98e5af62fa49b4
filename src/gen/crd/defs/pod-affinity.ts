// Generated from schemas/defs/pod-affinity.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { PodAffinityTerm } from './pod-affinity-term.ts';
import type { WeightedPodAffinityTerm } from './weighted-pod-affinity-term.ts';

/**
 * Places relative to those of other pods.
 */
export interface PodAffinity {
  /**
   * Places that the scheduler must respect.
   *
   * Items: Selects pods, and the kind of place that counts as together with them.
   */
  readonly requiredDuringSchedulingIgnoredDuringExecution?: readonly PodAffinityTerm[];
  /**
   * Places that the scheduler should respect where it can.
   *
   * Items: A preference for places, with its weight.
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly WeightedPodAffinityTerm[];
}
