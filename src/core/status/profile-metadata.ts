// SPDX-License-Identifier: Apache-2.0
// The part of a profile's metadata that is ours: label, annotation and finalizers.
import { FINALIZER, LABEL, profileId } from '../names.ts';
import { partFinalizer } from '../recording/part.ts';

/** The reasons that keep a profile from being deleted. */
export interface Holders {
  /** Nodes hold its file, or may do so soon. */
  readonly nodes: boolean;
  /** Pods run under it. */
  readonly pods: boolean;
}

/** Label, annotation and finalizers by name. */
export interface ProfileMetadata {
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string | undefined>>;
  readonly finalizers: Readonly<Record<string, boolean>>;
}

/**
 * The metadata that a profile should have.
 * @param annotations - by name; undefined for one that should not be there
 */
export function profileMetadata(
  profile: {
    readonly kind: string;
    readonly metadata: {
      readonly name: string;
      readonly labels?: Readonly<Record<string, string>>;
      readonly annotations?: Readonly<Record<string, string>>;
      readonly finalizers?: readonly string[];
    };
  },
  holders: Holders,
  annotations: Readonly<Record<string, string | undefined>>,
): ProfileMetadata {
  return {
    labels: { [LABEL.profileId]: profileId(profile.kind, profile.metadata.name) },
    annotations,
    finalizers: { ...finalizersFor(holders, profile.metadata.finalizers), ...partFinalizer(profile) },
  };
}

/**
 * Finalizers of the original, one for each node, which its daemons would remove. With them a profile that it has left
 * could never be deleted. Source: the names that its releases 0.8 to 1.0 give, `<node>-deleted`.
 */
const OF_THE_ORIGINAL = /^[^/]+-deleted$/;

/** Whether a finalizer is one of the original. */
export function isOfTheOriginal(finalizer: string): boolean {
  return OF_THE_ORIGINAL.test(finalizer);
}

/**
 * Our finalizers, and whether each should hold a profile that is not being deleted; those of the original should not.
 */
export function finalizersFor(
  { nodes, pods }: Holders,
  live: readonly string[] = [],
): Readonly<Record<string, boolean>> {
  const old = live.filter(isOfTheOriginal).map((name) => [name, false] as const);
  return { [FINALIZER.installed]: nodes, [FINALIZER.inUse]: pods, ...Object.fromEntries(old) };
}

/** The same for one that is: a finalizer that is not there any more cannot be added. */
export function finalizersLeft(
  live: readonly string[] | undefined,
  holders: Holders,
): Readonly<Record<string, boolean>> {
  const wanted = Object.entries(finalizersFor(holders, live));
  return Object.fromEntries(wanted.map(([name, holds]) => [name, holds && live?.includes(name) === true]));
}
