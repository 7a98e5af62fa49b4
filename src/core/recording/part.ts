// SPDX-License-Identifier: Apache-2.0
// The parts of a recording, by their metadata. A recorder writes a part with a mark and without a finalizer, and the
// manager adds that: a recorder may be there for longer than the manager, when the operator is uninstalled, and nobody
// would take off what it writes then.
import { ANNOTATION, FINALIZER, LABEL } from '../names.ts';
import type { RecordedKind } from './request.ts';

/** The kinds that recordings make: what else has such marks is never merged. */
const RECORDED: Readonly<Record<RecordedKind, true>> = {
  SeccompProfile: true,
  SelinuxProfile: true,
  AppArmorProfile: true,
};

/** The metadata that say it. */
interface MarkedProfile {
  readonly metadata: {
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly finalizers?: readonly string[];
  };
}

/** Whether a profile is a part that is to be merged, by its finalizer or the mark alone. */
export function isPart(profile: MarkedProfile): boolean {
  return profile.metadata.labels?.[LABEL.partial] === 'true' && (isHeldAsPart(profile) || isMarked(profile));
}

/** Whether it has the finalizer of a part. */
export function isHeldAsPart({ metadata: { finalizers } }: MarkedProfile): boolean {
  return finalizers?.includes(FINALIZER.partialProfile) === true;
}

/**
 * Whether the finalizer of a part should be on a profile that is not being deleted, by its name; nothing where it may
 * stay as it is. A marked profile of no recording is not held: there would be no merge to let it go.
 */
export function partFinalizer(profile: MarkedProfile & { readonly kind: string }): Readonly<Record<string, boolean>> {
  const { labels = {} } = profile.metadata;
  const isOfRecording =
    Object.hasOwn(RECORDED, profile.kind) &&
    [LABEL.recordingId, LABEL.containerId].every((name) => (labels[name] ?? '') !== '');
  if (labels[LABEL.partial] === 'true' && isMarked(profile) && isOfRecording)
    return { [FINALIZER.partialProfile]: true };
  // Finished by a merge, whose server-side apply takes off no finalizer that another writer has added.
  return labels[LABEL.partial] === undefined && isHeldAsPart(profile) ? { [FINALIZER.partialProfile]: false } : {};
}

function isMarked({ metadata: { annotations } }: MarkedProfile): boolean {
  return annotations?.[ANNOTATION.unmergedPart] !== undefined;
}
