// Generated from schemas/defs/node-failure.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * Why one node could not install the profile.
 */
export interface NodeFailure {
  /**
   * Name of the node.
   */
  readonly nodeName: string;
  /**
   * Why, as one CamelCase word for programs.
   */
  readonly reason?: string;
  /**
   * Why, as a sentence for people, in the words of the node's own error.
   */
  readonly message: string;
}
