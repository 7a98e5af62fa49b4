// Generated from schemas/defs/weighted-pod-affinity-term.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { PodAffinityTerm } from './pod-affinity-term.ts';

/**
 * A preference for places, with its weight.
 */
export interface WeightedPodAffinityTerm {
  /**
   * Weight of the preference, from 1 to 100.
   */
  readonly weight: number;
  /**
   * The place that is preferred or avoided.
   */
  readonly podAffinityTerm: PodAffinityTerm;
}
