// SPDX-License-Identifier: Apache-2.0
// Where the roll-out of the DaemonSet stands, in the words of the spod object. Read from the DaemonSet's own status,
// whose changes are events: the state moves when the roll-out does, not at the next resync.
import type { Observation, Truth } from './state.ts';
import { READY } from './state.ts';

/** The states of a SecurityProfilesOperatorDaemon. */
export type DaemonState = 'PENDING' | 'CREATING' | 'UPDATING' | 'RUNNING' | 'ERROR';

/** A DaemonSet, as far as it is read here. */
export interface RollOut {
  readonly metadata: { readonly generation?: number };
  readonly status?: {
    readonly observedGeneration?: number;
    readonly desiredNumberScheduled?: number;
    readonly updatedNumberScheduled?: number;
    readonly numberReady?: number;
  };
}

/**
 * The state of the roll-out.
 * @param daemonSet - absent while it has not been made
 * @param before - the state so far; a roll-out that has run once is UPDATING, never CREATING again
 * @param missing - what the webhooks lack, in words; undefined for nothing. RUNNING is what users wait for before they
 *   create pods, and pods that no webhook sees are not bound, in silence
 */
export function rollOutState(
  daemonSet: RollOut | undefined,
  before: DaemonState | undefined,
  missing?: string,
): DaemonState {
  if (daemonSet === undefined) return 'PENDING';
  if (isRolledOut(daemonSet) && missing === undefined) return 'RUNNING';
  return before === 'RUNNING' || before === 'UPDATING' ? 'UPDATING' : 'CREATING';
}

function isRolledOut({ metadata, status }: RollOut): boolean {
  const desired = status?.desiredNumberScheduled;
  return (
    desired !== undefined &&
    (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) &&
    (status?.updatedNumberScheduled ?? 0) >= desired &&
    (status?.numberReady ?? 0) >= desired
  );
}

/** The condition Ready of a spod in a state; `missing` as in `rollOutState`. */
export function readyOfDaemon(
  state: DaemonState,
  daemonSet: RollOut | undefined,
  generation: number,
  missing?: string,
): Observation {
  const [status, reason] = READY_OF[state];
  const ready = daemonSet?.status?.numberReady ?? 0;
  const desired = daemonSet?.status?.desiredNumberScheduled ?? 0;
  const nodes =
    state === 'PENDING' ? 'the DaemonSet has not been made yet' : `the daemon is ready on ${ready} of ${desired} nodes`;
  const message = missing === undefined ? nodes : `${nodes}; ${missing}`;
  return { type: READY, status, reason, message, observedGeneration: generation };
}

const READY_OF: Readonly<Record<DaemonState, readonly [Truth, string]>> = {
  PENDING: ['False', 'Pending'],
  CREATING: ['False', 'Creating'],
  UPDATING: ['False', 'Updating'],
  RUNNING: ['True', 'Available'],
  ERROR: ['False', 'Unavailable'],
};
