// Generated from schemas/defs/node-selector-requirement.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * A requirement on one label or field of a node.
 */
export interface NodeSelectorRequirement {
  /**
   * The label or field that the requirement is about.
   */
  readonly key: string;
  /**
   * How the label relates to the values.
   */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist' | 'Gt' | 'Lt';
  /**
   * The values to compare with: at least one for In and NotIn, none for Exists and DoesNotExist, exactly one whole number for Gt and Lt.
   */
  readonly values?: readonly string[];
}
