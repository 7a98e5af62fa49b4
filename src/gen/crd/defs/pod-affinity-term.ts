// Generated from schemas/defs/pod-affinity-term.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { LabelSelector } from './label-selector.ts';

/**
 * Selects pods, and the kind of place that counts as together with them.
 */
export interface PodAffinityTerm {
  /**
   * Selects the pods by their labels. Without a selector no pod matches.
   */
  readonly labelSelector?: LabelSelector;
  /**
   * Selects the namespaces of the pods, in addition to those that are named in namespaces. An empty selector matches all namespaces.
   */
  readonly namespaceSelector?: LabelSelector;
  /**
   * Names of the namespaces of the pods. Without names and without a selector it is the pod's own namespace.
   */
  readonly namespaces?: readonly string[];
  /**
   * Label of nodes: nodes with the same value count as one place.
   */
  readonly topologyKey: string;
  /**
   * Keys of the incoming pod's labels whose values the selected pods must share.
   */
  readonly matchLabelKeys?: readonly string[];
  /**
   * Keys of the incoming pod's labels whose values the selected pods must not share.
   */
  readonly mismatchLabelKeys?: readonly string[];
}
