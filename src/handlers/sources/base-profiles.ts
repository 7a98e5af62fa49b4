// SPDX-License-Identifier: Apache-2.0
// Which profiles of a kind a change of another one concerns: those that stand on it as their base, as far as profiles
// may be stacked, and those that pods use by the same name (seccomp: `a` and `a.json`).
import type { Reader, Watch } from '../../runtime/handler.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { ObjectKey } from '../../runtime/object.ts';
import type { Profile, ProfileKind } from './profiles.ts';

/** How the profiles of a kind hang together. */
export interface Relatives {
  /** Profiles that pods use by a name; more than one where two share it. */
  ownersOf(useName: string): readonly Profile[];
  /** The other profiles that must be reconciled when this one changes, each once. */
  concernedBy(profile: Profile): readonly ObjectKey[];
}

/** By reader, since each lookup is brought up to date at every change of a profile, however many ask the same. */
const KNOWN = new WeakMap<Reader<Profile>, Relatives>();

/** Follows what the profiles of a reader, which are of one kind, say of each other. */
export function relativesOf(kind: ProfileKind, profiles: Reader<Profile>): Relatives {
  const relatives = KNOWN.get(profiles) ?? follow(kind, profiles);
  KNOWN.set(profiles, relatives);
  return relatives;
}

function follow(kind: ProfileKind, profiles: Reader<Profile>): Relatives {
  const byBase = profiles.index((profile) =>
    kind.basesOf(profile).map((name) => keyText({ namespace: profile.metadata.namespace, name })),
  );
  const ownersOf = profiles.index((profile) => [kind.useName(keyOf(profile))]);
  /** Level by level, and no further than profiles may be stacked: a tenant's chain may have thousands. */
  const dependantsOf = (base: ObjectKey): Map<string, ObjectKey> => {
    const found = new Map<string, ObjectKey>();
    let level: readonly ObjectKey[] = [base];
    for (let levels = 0; levels < kind.baseLevels && level.length > 0; levels++) {
      const next = level.flatMap((key) => byBase(keyText(key))).map(keyOf);
      level = next.filter((key) => !found.has(keyText(key)));
      for (const key of level) found.set(keyText(key), key);
    }
    return found;
  };
  return {
    ownersOf,
    concernedBy: (profile) => {
      const own = keyOf(profile);
      const found = dependantsOf(own);
      for (const other of ownersOf(kind.useName(own)).map(keyOf)) {
        if (keyText(other) !== keyText(own)) found.set(keyText(other), other);
      }
      return [...found.values()];
    },
  };
}

/**
 * Of the profiles that pods use by one name, the one that they get: the one with the shorter name of its own (seccomp:
 * `a` before `a.json`), then the older one, so that nobody can take a name that is in use. One that is disabled keeps
 * its name: enabling it would take the name from a younger one in use.
 */
export function firstOwner<P extends Profile>(
  { ownName }: Pick<ProfileKind, 'ownName'>,
  owners: readonly P[],
  operatorNamespace: string,
): P | undefined {
  const place = ({ metadata: { name, creationTimestamp, namespace = '' } }: P): string =>
    `${String(name.length).padStart(3, '0')} ${creationTimestamp ?? ''} ${namespace}`;
  const able = owners.filter(({ metadata }) => metadata.name !== ownName || metadata.namespace === operatorNamespace);
  return able.toSorted((a, b) => (place(a) < place(b) ? -1 : 1))[0];
}

/**
 * A profile that comes, goes, or changes the profiles that stand on it; its status and its finalizers concern no other.
 */
export function relativesWatch(kind: ProfileKind, relatives: Relatives): Watch<Profile> {
  return {
    ...kind.source,
    predicate: (before, after) =>
      before.metadata.uid !== after.metadata.uid || before.metadata.generation !== after.metadata.generation,
    mapToKeys: (profile) => relatives.concernedBy(profile),
  };
}
