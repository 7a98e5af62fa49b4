// Generated from schemas/defs/resource-requirements.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

import type { Quantity } from './quantity.ts';

/**
 * How much CPU, memory and other resources a container asks for, and how much it may use.
 */
export interface ResourceRequirements {
  /**
   * What the scheduler sets aside for the container, by resource name.
   */
  readonly requests?: {
    /**
     * An amount such as 250m, 512Mi or 1.
     */
    readonly [k: string]: Quantity;
  };
  /**
   * What the container may use at most, by resource name.
   */
  readonly limits?: {
    /**
     * An amount such as 250m, 512Mi or 1.
     */
    readonly [k: string]: Quantity;
  };
}
