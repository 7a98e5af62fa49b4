// Generated from schemas/defs/node-counts.json by npm run gen. Do not edit.
// SPDX-License-Identifier: Apache-2.0

/**
 * On how many nodes the profile stands where. The numbers are folded from the SecurityProfileNodeStatus objects.
 */
export interface NodeCounts {
  /**
   * Number of nodes that should have the profile: those on which the daemon runs.
   */
  readonly desired?: number;
  /**
   * Number of nodes that hold the current content of the profile.
   */
  readonly installed?: number;
  /**
   * Number of nodes that have not answered for the current content yet.
   */
  readonly pending?: number;
  /**
   * Number of nodes that could not install the profile.
   */
  readonly failed?: number;
}
