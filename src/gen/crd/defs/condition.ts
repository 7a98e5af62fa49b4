// Generated from schemas/defs/condition.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * One observation about the object, in the form that kubectl wait and kubectl describe read.
 */
export interface Condition {
  /**
   * What is observed, in CamelCase. Ready is the condition that every kind reports.
   */
  readonly type: string;
  /**
   * Whether the condition holds.
   */
  readonly status: 'True' | 'False' | 'Unknown';
  /**
   * The metadata.generation that this observation is about. A number below the object's own generation means that the last change has not been answered yet.
   */
  readonly observedGeneration?: number;
  /**
   * When the status of this condition last changed from one value to another.
   */
  readonly lastTransitionTime: string;
  /**
   * Why the condition has its status, as one CamelCase word for programs.
   */
  readonly reason: string;
  /**
   * Why the condition has its status, as a sentence for people. It may be absent when the reason says all.
   */
  readonly message?: string;
}
