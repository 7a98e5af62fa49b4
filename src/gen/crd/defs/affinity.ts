// Generated from schemas/defs/affinity.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { NodeSelectorTerm } from './node-selector-term.ts';
import type { PodAffinity } from './pod-affinity.ts';

/**
 * On which nodes a pod may or should run.
 */
export interface Affinity {
  readonly nodeAffinity?: NodeAffinity;
  /**
   * Places where the pod should run together with other pods.
   */
  readonly podAffinity?: PodAffinity;
  /**
   * Places where the pod should stay apart from other pods.
   */
  readonly podAntiAffinity?: PodAffinity;
}
/**
 * Which nodes the pod may or should run on, by their labels.
 */
export interface NodeAffinity {
  readonly requiredDuringSchedulingIgnoredDuringExecution?: NodeSelector;
  /**
   * Nodes that are preferred among those on which the pod may run.
   */
  readonly preferredDuringSchedulingIgnoredDuringExecution?: readonly PreferredSchedulingTerm[];
}
/**
 * Nodes on which the pod may run: those that match at least one of the terms.
 */
export interface NodeSelector {
  /**
   * Terms of which one must match.
   *
   * Items: A set of requirements on a node, all of which must hold. A term without any matches no node.
   */
  readonly nodeSelectorTerms: readonly NodeSelectorTerm[];
}
/**
 * A preference for nodes, with its weight.
 */
export interface PreferredSchedulingTerm {
  /**
   * Weight of the preference, from 1 to 100.
   */
  readonly weight: number;
  /**
   * The nodes that are preferred.
   */
  readonly preference: NodeSelectorTerm;
}
