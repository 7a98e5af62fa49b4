// Generated from schemas/defs/quantity.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * An amount such as 250m, 512Mi or 1.
 */
export type Quantity = number | string;
