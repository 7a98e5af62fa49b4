// SPDX-License-Identifier: Apache-2.0
// The profiles that recordings have made, with whole annotations: what is counted and told of them is there. Profiles
// in general are kept without (profiles.ts), so these are watched a second time: by their label in the manager, and on
// nodes among all others, whose names must be known there.
import { LABEL } from '../../core/names.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Source } from '../../runtime/handler.ts';
import { PROFILE_BUDGET } from './profiles.ts';

/** Objects of a page: each may have 1.5 MB. */
const PAGE_SIZE = 25;

/** SeccompProfiles of recordings, those of pods that are recorded now included. */
export const RECORDED_PROFILES: Source<SeccompProfile> = {
  resource: SECCOMP_PROFILE,
  selector: { labelSelector: LABEL.recordingId },
  transform: withoutStatus,
  pageSize: PAGE_SIZE,
  budget: { limits: PROFILE_BUDGET, identity },
};

/** All SeccompProfiles: those of recordings, and of the others that they are there. */
export const KNOWN_PROFILES: Source<SeccompProfile> = {
  resource: SECCOMP_PROFILE,
  transform: (profile) =>
    withoutStatus(profile.metadata.labels?.[LABEL.recordingId] === undefined ? identity(profile) : profile),
  pageSize: PAGE_SIZE,
  budget: { limits: PROFILE_BUDGET, identity },
};

function withoutStatus({ apiVersion, kind, metadata, spec }: SeccompProfile): SeccompProfile {
  return { apiVersion, kind, metadata, spec, status: {} };
}

function identity(profile: SeccompProfile): SeccompProfile {
  return {
    ...profile,
    metadata: { ...profile.metadata, annotations: {} },
    spec: { defaultAction: profile.spec.defaultAction },
  };
}
