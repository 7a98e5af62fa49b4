// Generated from schemas/defs/local-object-reference.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * Names an object in the same namespace.
 */
export interface LocalObjectReference {
  /**
   * Name of the object.
   */
  readonly name: string;
}
