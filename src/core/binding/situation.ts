// SPDX-License-Identifier: Apache-2.0
// All that is known when bindings are put on a pod.
import type { BindingIndex, BoundKind } from './choose.ts';
import type { LogProfiles } from '../recording/log-profile.ts';
import type { Obstacle } from './obstacle.ts';
import type { AdmittedPod, ContainerPlace } from './pod.ts';
import type { ProfileIdentities } from './twin.ts';

/**
 * How far a profile is: on the nodes as it is now written; not yet; not there; being deleted; of a kind that is not
 * installed.
 */
export type ProfileState = 'installed' | 'pending' | 'missing' | 'ending' | 'unsupported';

/** Tells how far a profile is. */
export type ProfileStates = (kind: BoundKind, namespace: string, name: string) => ProfileState;

/** All that a decision depends on. */
export interface Situation {
  readonly pod: AdmittedPod;
  readonly namespace: string;
  readonly index: BindingIndex;
  readonly profileState: ProfileStates;
  readonly profileIdentity: ProfileIdentities;
  /** The profiles under which containers are recorded from the audit log. */
  readonly logProfiles: LogProfiles;
  /** Why the pod cannot have profiles of a kind; undefined where it can. */
  obstacle(kind: BoundKind): Obstacle | undefined;
  /** The containers that may still be changed. */
  isOpen(place: ContainerPlace): boolean;
}
