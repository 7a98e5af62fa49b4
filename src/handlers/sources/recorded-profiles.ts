// SPDX-License-Identifier: Apache-2.0
// The profiles that recordings have made, with whole annotations: what is counted and told of them is there. Profiles
// in general are kept without (profiles.ts), so these are watched a second time: by their label in the manager, and on
// nodes among all others, whose names must be known there.
import { LABEL } from '../../core/names.ts';
import type { LearntProfile } from '../../core/recording/kinds/learner.ts';
import { LEARNT_KINDS } from '../../core/recording/kinds/learners.ts';
import type { RecordedKind } from '../../core/recording/request.ts';
import { APP_ARMOR_PROFILE, SECCOMP_PROFILE, SELINUX_PROFILE } from '../../gen/kinds.ts';
import type { PolicyRule, Reader, Source } from '../../runtime/handler.ts';
import type { Resource } from '../../runtime/object.ts';
import { identityMetadata } from './identity-metadata.ts';
import { PROFILE_BUDGET } from './profiles.ts';

/** A kind of profile that recordings make, and where such profiles are. Readers must share its sources. */
export interface LearntSource {
  readonly kind: RecordedKind;
  readonly resource: Resource;
  /** Those of recordings, of pods that are recorded now included. */
  readonly recorded: Source<LearntProfile>;
  /** All of the kind: those of recordings, and of the others that they are there. */
  readonly known: Source<LearntProfile>;
}

/** A kind with a reader of its profiles. */
export interface LearntReader {
  readonly resource: Resource;
  readonly source: Source<LearntProfile>;
  readonly reader: Reader<LearntProfile>;
}

/** Objects of a page: each may have 1.5 MB. */
const PAGE_SIZE = 25;

const RESOURCES: Readonly<Record<RecordedKind, Resource>> = {
  SeccompProfile: SECCOMP_PROFILE,
  SelinuxProfile: SELINUX_PROFILE,
  AppArmorProfile: APP_ARMOR_PROFILE,
};

/** All kinds that this version makes profiles of. */
export const LEARNT_SOURCES: readonly LearntSource[] = LEARNT_KINDS.map((kind) => {
  const resource = RESOURCES[kind];
  const shared = { resource, pageSize: PAGE_SIZE, budget: { limits: PROFILE_BUDGET, identity } };
  return {
    kind,
    resource,
    recorded: { ...shared, selector: { labelSelector: LABEL.recordingId }, transform: withoutStatus },
    known: { ...shared, transform: knownProfile },
  };
});

/** The permission to do something with the profiles of these kinds. */
export function learntRules(
  verbs: readonly string[],
  kinds: readonly Pick<LearntSource, 'resource'>[] = LEARNT_SOURCES,
): readonly PolicyRule[] {
  return kinds.map(({ resource: { group, plural } }) => ({ apiGroups: [group], resources: [plural], verbs }));
}

function knownProfile(profile: LearntProfile): LearntProfile {
  return withoutStatus(profile.metadata.labels?.[LABEL.recordingId] === undefined ? identity(profile) : profile);
}

function withoutStatus({ apiVersion, kind, metadata, spec }: LearntProfile): LearntProfile {
  return { apiVersion, kind, metadata, spec, status: {} } as LearntProfile;
}

function identity(profile: LearntProfile): LearntProfile {
  const spec = profile.kind === 'SeccompProfile' ? { defaultAction: profile.spec.defaultAction } : {};
  return { ...profile, metadata: { ...identityMetadata(profile.metadata), annotations: {} }, spec } as LearntProfile;
}
