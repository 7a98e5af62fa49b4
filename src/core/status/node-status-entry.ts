// SPDX-License-Identifier: Apache-2.0
// One entry of a SecurityProfileNodeStatus: the state of one profile on one node.
import type { NodeEntry } from './aggregate.ts';
import type { ProfileDenial } from './denials.ts';

/** An entry as it is written: the state of a profile on this node, the hash of its file, and the start of the state. */
export interface NodeStatusEntry extends NodeEntry {
  readonly hash?: string;
  /** RFC 3339. */
  readonly since?: string;
  /** Calls that it has denied since it has this generation, sorted. */
  readonly denials?: readonly ProfileDenial[];
}
