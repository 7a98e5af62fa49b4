// SPDX-License-Identifier: Apache-2.0
// Where programs come from that are looked into.
import type { Tree } from './tree.ts';

/** Files, and the programs among them that are meant. */
export interface ProgramSource {
  readonly tree: Tree;
  /** Undefined where all are. */
  readonly programs: readonly string[] | undefined;
}
