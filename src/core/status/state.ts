// SPDX-License-Identifier: Apache-2.0
// The states of a profile, from worst to best, and the condition Ready that each of them means. A profile is as good as
// its worst node, so folding many nodes into one word is taking the first of this list.

/** Every state, from worst to best. */
export const PROFILE_STATES = [
  'Error',
  'Terminating',
  'Partial',
  'Disabled',
  'Pending',
  'InProgress',
  'Installed',
] as const;

/** Where a profile stands, on one node or on all. */
export type ProfileState = (typeof PROFILE_STATES)[number];

/** The value of a condition's status. */
export type Truth = 'True' | 'False' | 'Unknown';

/** A condition before it has a time: what is observed, and why. */
export interface Observation {
  readonly type: string;
  readonly status: Truth;
  readonly reason: string;
  readonly message: string;
  readonly observedGeneration?: number;
}

/** Name of the condition that `kubectl wait --for=condition=ready` waits for. */
export const READY = 'Ready';

/** The worst of some states; undefined when there is none. */
export function worstState(states: Iterable<ProfileState>): ProfileState | undefined {
  let worst = Number.POSITIVE_INFINITY;
  for (const state of states) worst = Math.min(worst, PROFILE_STATES.indexOf(state));
  return PROFILE_STATES[worst];
}

/** Status and reason of the condition Ready for a state, in the words of the original. */
export function readyOf(state: ProfileState): { readonly status: Truth; readonly reason: string } {
  switch (state) {
    case 'Installed':
      return { status: 'True', reason: 'Available' };
    case 'Pending':
    case 'InProgress':
      return { status: 'False', reason: 'Creating' };
    case 'Terminating':
      return { status: 'False', reason: 'Deleting' };
    case 'Error':
    case 'Partial':
    case 'Disabled':
      return { status: 'False', reason: 'Unavailable' };
    default: {
      const never: never = state;
      return never;
    }
  }
}
