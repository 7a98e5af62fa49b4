// Generated from schemas/defs/toleration.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * Lets the pod run on nodes whose taint it matches.
 */
export interface Toleration {
  /**
   * Key of the taint. Without a key, operator Exists matches every taint.
   */
  readonly key?: string;
  /**
   * How the value of the taint is compared: Equal (the default) wants the same value, Exists any value, Lt and Gt compare numbers on servers that know them.
   */
  readonly operator?: 'Exists' | 'Equal' | 'Lt' | 'Gt';
  /**
   * Value of the taint; empty with operator Exists.
   */
  readonly value?: string;
  /**
   * Effect of the taint. Without one, every effect is tolerated.
   */
  readonly effect?: '' | 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
  /**
   * For effect NoExecute: how many seconds the pod stays after the taint appeared. Without a number it stays.
   */
  readonly tolerationSeconds?: number;
}
