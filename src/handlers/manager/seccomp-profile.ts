// SPDX-License-Identifier: Apache-2.0
// A SeccompProfile in the manager: the fields of its status, the annotation with its effective system calls, and its
// deletion when the cluster's limit forbids it.
import { NotYet, Rejected } from '../../core/errors.ts';
import { ANNOTATION } from '../../core/names.ts';
import { localhostProfile, seccompPath } from '../../core/seccomp/files.ts';
import { isLimited } from '../../core/seccomp/allowed.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { requireLimit, stack, syscallsAnnotation } from '../../core/seccomp/install.ts';
import type { ProfileAggregate } from '../../core/status/aggregate.ts';
import { inactiveStateOf } from '../../core/status/inactive.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import type { SeccompProfile, SeccompProfileStatus } from '../../gen/crd/seccomp-profile.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import { baseFinder, SECCOMP } from '../sources/seccomp-profiles.ts';
import type { ManagerProfileKind } from './profile-status.ts';

/** The cluster as seccomp profiles need it. */
export interface SeccompManagerParts {
  readonly profiles: Reader<SeccompProfile>;
  readonly kubeletDir: string;
  /** A change of the limit. */
  readonly watches: readonly Watch[];
  /** The cluster's limit, as the spod object sets it now. */
  limit(): Limit;
}

/** Longest annotation that we write; all of an object's together may have 256 KiB. */
const ANNOTATION_MAX = 128 * 1024;

/** Seccomp profiles of the cluster. */
export function seccompInManager(parts: SeccompManagerParts): ManagerProfileKind<SeccompProfile> {
  const profiles = new SeccompProfiles(parts);
  return {
    ...SECCOMP,
    reasons: { installed: 'SavedSeccompProfile', failed: 'CannotUpdateSeccompProfile' },
    watches: parts.watches,
    statusFields: (key) => statusFields(key, parts.kubeletDir),
    annotations: (profile) => ({ [ANNOTATION.syscalls]: profiles.syscallsOf(profile) }),
    violation: (profile) => profiles.violationOf(profile),
    isUnsettled: (profile, aggregate) => profiles.isUnsettled(profile, aggregate),
  };
}

function statusFields({ namespace = '', name }: ObjectKey, kubeletDir: string): SeccompProfileStatus {
  const localhost = localhostProfile(namespace, name);
  return {
    path: seccompPath(kubeletDir, namespace, name),
    localhostProfile: localhost,
    'seccompProfile.localhostProfile': localhost,
  };
}

class SeccompProfiles {
  private readonly parts: SeccompManagerParts;

  constructor(parts: SeccompManagerParts) {
    this.parts = parts;
  }

  /** While a base is missing, the annotation stays as it is, and so does the file on the nodes. */
  syscallsOf(profile: SeccompProfile): string | undefined {
    if (profile.spec.baseProfileName === undefined) return undefined;
    try {
      const text = syscallsAnnotation(stack(profile, this.find(profile)).profile);
      return text.length > ANNOTATION_MAX ? undefined : text;
    } catch (error) {
      if (error instanceof Rejected || error instanceof NotYet)
        return profile.metadata.annotations?.[ANNOTATION.syscalls];
      throw error;
    }
  }

  /**
   * The violation of a limit that was set after the profile was installed. A new or changed profile is refused by the
   * nodes instead, and so is one whose base was changed. Nodes are not asked: their refusal may be due to a newer base
   * than ours.
   */
  violationOf(profile: SeccompProfile): string | undefined {
    const limit = this.parts.limit();
    if (!isLimited(limit) || inactiveStateOf(profile) !== undefined || !this.wasInstalled(profile)) return undefined;
    try {
      requireLimit(stack(profile, this.find(profile)).profile, limit);
      return undefined;
    } catch (error) {
      if (error instanceof Rejected && error.reason === 'ProfileNotAllowed') return error.message;
      if (error instanceof Rejected || error instanceof NotYet) return undefined;
      throw error;
    }
  }

  /**
   * Whether the nodes' caches may be ahead of ours: they refuse an installed profile because of a limit or a base that
   * has not arrived here. Which of the two it is decides about the profile's deletion, so wait.
   */
  isUnsettled(profile: SeccompProfile, { failures }: ProfileAggregate): boolean {
    return failures.some(({ reason }) => reason === 'ProfileNotAllowed') && this.wasInstalled(profile);
  }

  /**
   * Whether all nodes had the profile and its bases as they are now. A base that is being deleted counts as installed
   * unless it had failed, because the same limit may have deleted it a moment ago.
   */
  private wasInstalled(profile: SeccompProfile): boolean {
    const { namespace } = profile.metadata;
    const seen = new Set<SeccompProfile>();
    let part: SeccompProfile | undefined = profile;
    while (part !== undefined && !seen.has(part)) {
      const deletedForLimit = part !== profile && isDeleting(part) && part.status?.status !== 'Error';
      if (!deletedForLimit && !isInstalled(part.status, part.metadata.generation ?? 0)) return false;
      seen.add(part);
      const base: string | undefined = part.spec.baseProfileName;
      part = base === undefined ? undefined : this.parts.profiles.get({ namespace, name: base });
    }
    return true;
  }

  private find({ metadata }: SeccompProfile): (name: string) => SeccompProfile | undefined {
    return baseFinder(this.parts.profiles, metadata.namespace);
  }
}
