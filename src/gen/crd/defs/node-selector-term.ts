// Generated from schemas/defs/node-selector-term.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { NodeSelectorRequirement } from './node-selector-requirement.ts';

/**
 * A set of requirements on a node, all of which must hold. A term without any matches no node.
 */
export interface NodeSelectorTerm {
  /**
   * Requirements on the node's labels.
   *
   * Items: A requirement on one label or field of a node.
   */
  readonly matchExpressions?: readonly NodeSelectorRequirement[];
  /**
   * Requirements on the node's fields, such as metadata.name.
   *
   * Items: A requirement on one label or field of a node.
   */
  readonly matchFields?: readonly NodeSelectorRequirement[];
}
