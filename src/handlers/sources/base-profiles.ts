// SPDX-License-Identifier: Apache-2.0
// Which SeccompProfiles a change of another one concerns: those that stand on it as their base, at any distance, and those
// that have the same file (`a` and `a.json`).
import { localhostProfile } from '../../core/seccomp/files.ts';
import type { SeccompProfile } from '../../gen/crd/seccomp-profile.ts';
import { SECCOMP_PROFILE } from '../../gen/kinds.ts';
import type { Reader, Watch } from '../../runtime/handler.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';

/** How profiles hang together. */
export interface Relatives {
  /** Profiles whose file a localhostProfile names; more than one where names differ only by their ending. */
  ownersOf(localhost: string): readonly SeccompProfile[];
  /** The other profiles that must be looked at again when this one changes, each once. */
  concernedBy(profile: SeccompProfile): readonly ObjectKey[];
}

/** Follows what the profiles of a reader say of each other. */
export function relativesOf(profiles: Reader<SeccompProfile>): Relatives {
  const byBase = profiles.index(({ metadata, spec }) =>
    spec.baseProfileName === undefined ? [] : [keyText({ ...metadata, name: spec.baseProfileName })],
  );
  const ownersOf = profiles.index(({ metadata }) => [localhostProfile(metadata.namespace ?? '', metadata.name)]);
  const collect = (base: ObjectKey, found: Map<string, ObjectKey>): Map<string, ObjectKey> => {
    for (const dependant of byBase(keyText(base))) {
      const key = keyOf(dependant);
      if (!found.has(keyText(key))) collect(key, found.set(keyText(key), key));
    }
    return found;
  };
  return {
    ownersOf,
    concernedBy: (profile) => {
      const found = collect(keyOf(profile), new Map());
      for (const other of ownersOf(localhostProfile(profile.metadata.namespace ?? '', profile.metadata.name))) {
        if (other.metadata.name !== profile.metadata.name) found.set(keyText(keyOf(other)), keyOf(other));
      }
      return [...found.values()];
    },
  };
}

/** A profile that comes, goes, or changes what stands on it; its status and its finalizers concern no other. */
export function relativesWatch(profiles: Reader<SeccompProfile>): Watch<SeccompProfile> {
  const relatives = relativesOf(profiles);
  return {
    resource: SECCOMP_PROFILE,
    predicate: (before, after) =>
      before.metadata.uid !== after.metadata.uid || before.metadata.generation !== after.metadata.generation,
    mapToKeys: (profile) => relatives.concernedBy(profile),
  };
}
