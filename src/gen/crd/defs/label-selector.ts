// Generated from schemas/defs/label-selector.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * A query over labels. All of its requirements must hold; an empty selector matches everything.
 */
export interface LabelSelector {
  /**
   * Labels that must be present with exactly these values.
   */
  readonly matchLabels?: {
    readonly [k: string]: string;
  };
  /**
   * Further requirements on labels.
   */
  readonly matchExpressions?: readonly LabelSelectorRequirement[];
}
/**
 * A requirement on one label.
 */
export interface LabelSelectorRequirement {
  /**
   * The label that the requirement is about.
   */
  readonly key: string;
  /**
   * How the label relates to the values. Exists and DoesNotExist take no values, In and NotIn at least one.
   */
  readonly operator: 'In' | 'NotIn' | 'Exists' | 'DoesNotExist';
  /**
   * The values that In and NotIn compare with.
   */
  readonly values?: readonly string[];
}
