// SPDX-License-Identifier: Apache-2.0
// A SeccompProfile in the manager: the fields of its status, and the annotation with its effective system calls. Nodes
// take away the files that the cluster's limit forbids; the object stays, since it may be its author's only copy.
import { NotYet, Rejected } from '../../core/errors.ts';
import { ANNOTATION } from '../../core/names.ts';
import { isArtifactName } from '../../core/oci/reference.ts';
import { MAX_BASE_LEVELS } from '../../core/seccomp/base.ts';
import { localhostProfile, seccompPath } from '../../core/seccomp/files.ts';
import { stack, syscallsAnnotation } from '../../core/seccomp/install.ts';
import type { FindProfile } from '../../core/seccomp/install.ts';
import { unloggedDenials } from '../../core/seccomp/unlogged.ts';
import type { BaseArtifactStatus, SeccompProfile, SeccompProfileStatus } from '../../gen/crd/seccomp-profile.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { BaseArtifacts } from '../sources/base-artifacts.ts';
import { baseFinder, SECCOMP } from '../sources/seccomp-profiles.ts';
import type { ManagerProfileKind } from './profile-status.ts';

/** The cluster as seccomp profiles need it. */
export interface SeccompManagerParts {
  readonly profiles: Reader<SeccompProfile>;
  readonly artifacts: BaseArtifacts;
  readonly kubeletDir: string;
  /** Changes of artifacts. */
  readonly watches: readonly Watch[];
}

/** Longest annotation that we write; all of an object's together may have 256 KiB. */
const ANNOTATION_MAX = 128 * 1024;

/** Seccomp profiles of the cluster. */
export function seccompInManager(parts: SeccompManagerParts): ManagerProfileKind<SeccompProfile> {
  const profiles = new SeccompProfiles(parts);
  return {
    ...SECCOMP,
    reasons: {
      installed: 'SavedSeccompProfile',
      failed: 'CannotUpdateSeccompProfile',
      deed: 'saved profile to disk',
    },
    watches: parts.watches,
    statusFields: (key) => ({ ...statusFields(key, parts.kubeletDir), ...profiles.artifactsOf(key) }),
    annotations: (profile) => ({ [ANNOTATION.syscalls]: profiles.syscallsOf(profile) }),
    unlogged: (profile) => profiles.unloggedOf(profile),
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

  /** Whether denials leave no record; nothing is said of a profile that has no filter. */
  unloggedOf(profile: SeccompProfile): string | undefined {
    try {
      return unloggedDenials(stack(profile, this.find(profile)).profile);
    } catch (error) {
      if (error instanceof Rejected || error instanceof NotYet) return undefined;
      throw error;
    }
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
