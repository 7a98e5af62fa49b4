// SPDX-License-Identifier: Apache-2.0
// The head of a SecurityProfileNodeStatus: what `kubectl get spns` shows of a node, counted from its map of profiles.
import type { NodeEntry } from './aggregate.ts';
import type { ProfileState } from './state.ts';
import { worstState } from './state.ts';

/** The numbers of a node, and the worst state of its profiles; `status` is absent on a node without profiles. */
export interface NodeSummary {
  readonly status?: ProfileState;
  readonly installed: number;
  readonly pending: number;
  readonly failed: number;
}

/** Counts the entries of a node's map of profiles. */
export function summarize(entries: Iterable<Pick<NodeEntry, 'state'>>): NodeSummary {
  const states = Array.from(entries, (entry) => entry.state);
  const status = worstState(states);
  const count = (wanted: readonly ProfileState[]): number => states.filter((state) => wanted.includes(state)).length;
  return {
    ...(status === undefined ? {} : { status }),
    installed: count(['Installed']),
    pending: count(['Pending', 'InProgress', 'Terminating']),
    failed: count(['Error']),
  };
}
