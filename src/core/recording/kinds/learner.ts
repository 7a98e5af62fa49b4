// SPDX-License-Identifier: Apache-2.0
// The part of a recording that is another for each kind of profile: what is taken for seen of a container, the spec
// that is made of it, and the union of such specs. Everything else of recordings is the same for all kinds.
import type { AppArmorProfile } from '../../../gen/crd/app-armor-profile.ts';
import type { SeccompProfile } from '../../../gen/crd/seccomp-profile.ts';
import type { SelinuxProfile } from '../../../gen/crd/selinux-profile.ts';
import type { KnownArchitecture } from '../../seccomp/syscalls.ts';
import type { SeenAccess } from '../accesses.ts';
import type { Capture } from '../capture-entry.ts';
import type { Coverage, CoverageForm } from '../coverage.ts';

/** A profile of a kind that recordings make. */
export type LearntProfile = SeccompProfile | SelinuxProfile | AppArmorProfile;

/** A spec, and the annotations that only its kind has. */
export interface Learnt<P extends LearntProfile = LearntProfile> {
  readonly spec: P['spec'];
  readonly annotations: Readonly<Record<string, string>>;
}

/** When what counts for a kind was seen of a container, in milliseconds since 1970, and how much of it is missing. */
export interface Sighting {
  readonly first: number | undefined;
  /** When something was seen that had not been seen before. */
  readonly lastNew: number | undefined;
  /** How much was lost, by reason, beside what the capture tells of. */
  readonly lost: ReadonlyMap<string, number>;
}

/** A kind of profile as recordings make it. */
export interface Learner<P extends LearntProfile = LearntProfile> {
  readonly kind: P['kind'];
  readonly apiVersion: P['apiVersion'];
  /** Where the coverage of a profile is told, and how. */
  readonly coverage: CoverageForm;
  /** The sighting of a container; undefined for one of which nothing is known that would be told in a profile. */
  sighting(capture: Capture): Sighting | undefined;
  /** The profile of containers that ran, on a machine of that architecture. */
  learn(captures: readonly Capture[], native: KnownArchitecture): Learnt<P>;
  /**
   * The union of profiles, of which `coverage` tells what was seen in them.
   * @throws InvalidProfile or RangeError for profiles that have none
   */
  merge(parts: readonly P[], coverage: Coverage): Learnt<P>;
  /** The names under which the coverage counts what a profile has that its recording has seen. */
  seenIn(part: P): readonly string[];
}

/**
 * Why no profile of SELinux or AppArmor is sure to be whole: of equal accesses the kernel may log only the first one,
 * whichever container it was of. SELinux does so in a permissive type for each pair of contexts and class
 * (security/selinux/avc.c, avc_denied), as long as its cache has them; AppArmor for each capability and profile
 * (security/apparmor/capability.c, audit_caps), and all recorded containers have one. Which others there were, and of
 * earlier recordings too, nobody on the node knows, so it is told of each run.
 */
export const LOGGED_ONCE = ['logged-once', 1] as const;

/** Whether a container has run, or something of it is missing. */
export function hasRun({ began, ended, lost }: Capture): boolean {
  return began !== undefined || ended !== undefined || lost.size > 0;
}

/** When the first and the last of these were seen for the first time. */
export function timesOf(seen: readonly Pick<SeenAccess, 'at'>[]): Pick<Sighting, 'first' | 'lastNew'> {
  const times = seen.map(({ at }) => at);
  if (times.length === 0) return { first: undefined, lastNew: undefined };
  return { first: Math.min(...times), lastNew: Math.max(...times) };
}
