// SPDX-License-Identifier: Apache-2.0
// The facts about a kind of profile that the daemon and the manager must agree on: where its objects are, under which name
// pods use one, and on which others it stands. Everything that only one of the two processes does with a kind is in that
// process's folder.
import type { ProfileStatus } from '../../core/status/profile-status.ts';
import type { PodUse } from '../../core/status/workload.ts';
import type { KubeObject, ObjectKey, Resource } from '../../runtime/object.ts';

/** A profile of any kind, as far as the handlers of all kinds read it. */
export interface Profile extends KubeObject {
  readonly spec: { readonly disabled?: boolean };
  readonly status?: ProfileStatus;
}

/** A kind of profile. */
export interface ProfileKind<P extends Profile = Profile> {
  readonly resource: Resource;
  /** The name under which pods use a profile of this kind. Two profiles of one name share what is on the node. */
  useName(key: ObjectKey): string;
  /** Names of this form that a pod mentions, in any order; one that is mentioned twice counts once. */
  namesIn(pod: PodUse): readonly string[];
  /** Names of the profiles in the same namespace that this one stands on. */
  basesOf(profile: P): readonly string[];
}

/** Prefix of handler names, as metrics, logs and field managers have it: `seccompprofile`. */
export function kindName({ resource }: Pick<ProfileKind, 'resource'>): string {
  return resource.kind.toLowerCase();
}
