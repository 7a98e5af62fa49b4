// SPDX-License-Identifier: Apache-2.0
// A SeccompProfile in the manager: the fields of its status, the annotation with its effective system calls, and its
// deletion when the cluster's limit forbids it.
import { NotYet, Rejected } from '../../core/errors.ts';
import { ANNOTATION } from '../../core/names.ts';
import { isArtifactName } from '../../core/oci/reference.ts';
import { MAX_BASE_LEVELS } from '../../core/seccomp/base.ts';
import { localhostProfile, seccompPath } from '../../core/seccomp/files.ts';
import { isLimited } from '../../core/seccomp/allowed.ts';
import type { Limit } from '../../core/seccomp/allowed.ts';
import { requireLimit, stack, syscallsAnnotation } from '../../core/seccomp/install.ts';
import type { FindProfile } from '../../core/seccomp/install.ts';
import type { ProfileAggregate } from '../../core/status/aggregate.ts';
import { inactiveStateOf } from '../../core/status/inactive.ts';
import { isInstalled } from '../../core/status/profile-status.ts';
import type { BaseArtifactStatus, SeccompProfile, SeccompProfileStatus } from '../../gen/crd/seccomp-profile.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import { isDeleting } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { BaseArtifacts } from '../sources/base-artifacts.ts';
import { baseFinder, SECCOMP } from '../sources/seccomp-profiles.ts';
import type { ManagerProfileKind } from './profile-status.ts';

/** The cluster as seccomp profiles need it. */
export interface SeccompManagerParts {
  readonly profiles: Reader<SeccompProfile>;
  readonly artifacts: BaseArtifacts;
  readonly kubeletDir: string;
  /** Changes of the limit and of artifacts. */
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
    statusFields: (key) => ({ ...statusFields(key, parts.kubeletDir), ...profiles.artifactsOf(key) }),
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

  /** The artifacts that a profile stands on, as far as they can be followed. */
  artifactsOf(key: ObjectKey): Pick<SeccompProfileStatus, 'baseArtifacts'> {
    const profile = this.parts.profiles.get(key);
    if (profile === undefined) return {};
    const found = new Map<string, BaseArtifactStatus>();
    let base = profile.spec.baseProfileName;
    for (let level = 0; base !== undefined && level < MAX_BASE_LEVELS && !found.has(base); level++) {
      if (isArtifactName(base)) found.set(base, artifactStatus(base, this.parts.artifacts));
      base = this.specOf(profile, base)?.baseProfileName;
    }
    return found.size === 0 ? {} : { baseArtifacts: [...found.values()] };
  }

  private specOf(profile: SeccompProfile, base: string): SeccompProfile['spec'] | undefined {
    try {
      return this.find(profile)(base)?.spec;
    } catch (error) {
      if (error instanceof Rejected || error instanceof NotYet) return undefined;
      throw error;
    }
  }

  private find({ metadata }: SeccompProfile): FindProfile {
    return baseFinder(this.parts.profiles, this.parts.artifacts, metadata.namespace);
  }
}

/** The fields in the order in which the API server gives them back: equal statuses are equal texts. */
function artifactStatus(name: string, artifacts: BaseArtifacts): BaseArtifactStatus {
  const { pulled, failure } = artifacts.get(name) ?? {};
  return {
    ...(pulled === undefined ? {} : { digest: pulled.digest }),
    ...(failure === undefined ? {} : { message: failure.message }),
    name,
    ...(pulled?.signer === undefined ? {} : { signer: pulled.signer }),
  };
}
