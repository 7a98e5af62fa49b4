// SPDX-License-Identifier: Apache-2.0
// The users of base profiles from registries: which reference a ConfigMap's name stands for, as long as a profile
// stands on it. A registry may chain artifacts without an end, so one that no profile reaches within the levels of a
// stack has no user.
import { artifactNameOf, baseReference, readBaseArtifact } from '../../core/base-artifacts/content.ts';
import { isArtifactName } from '../../core/oci/reference.ts';
import { MAX_BASE_LEVELS } from '../../core/seccomp/base.ts';
import type { Reader } from '../../runtime/handler.ts';
import { basesOfArtifact } from '../sources/base-artifacts.ts';
import type { BaseArtifactObject } from '../sources/base-artifacts.ts';
import type { Profile, ProfileKind } from '../sources/profiles.ts';

/** Lookups between profiles and artifacts; to be made before the operator starts. */
export class BaseArtifactUsers {
  private readonly kind: ProfileKind;
  private readonly namespace: string;
  private readonly objects: Reader<BaseArtifactObject>;
  private readonly profilesOn: (name: string) => readonly Profile[];
  private readonly artifactsOn: (name: string) => readonly BaseArtifactObject[];

  constructor(namespace: string, kind: ProfileKind, profiles: Reader<Profile>, objects: Reader<BaseArtifactObject>) {
    this.kind = kind;
    this.namespace = namespace;
    this.objects = objects;
    this.profilesOn = profiles.index((profile) => this.directNames(profile));
    this.artifactsOn = objects.index(basesOfArtifact);
  }

  /** Names of the ConfigMaps for the artifacts that a profile names. */
  directNames(profile: Profile): readonly string[] {
    return this.kind
      .basesOf(profile)
      .filter(isArtifactName)
      .flatMap((base) => artifactNameOf(base) ?? []);
  }

  /** The same with those below them, as far as they are known and within the levels of a stack. */
  namesBelow(profile: Profile): readonly string[] {
    const { namespace } = this;
    return levelsFrom(this.directNames(profile), (name) => {
      const object = this.objects.get({ namespace, name });
      return object === undefined ? [] : basesOfArtifact(object);
    }).flat();
  }

  /** The namespaces whose profiles stand on an artifact, directly or by others. */
  namespacesOf(name: string): ReadonlySet<string> {
    const profiles = this.levelsAbove(name).flatMap((each) => this.profilesOn(each));
    return new Set(profiles.map(({ metadata }) => metadata.namespace ?? ''));
  }

  /** The reference that a ConfigMap's name stands for; undefined where no profile stands on it. */
  referenceOf(name: string): string | undefined {
    if (!this.levelsAbove(name).some((each) => this.profilesOn(each).length > 0)) return undefined;
    const bases = [
      ...this.profilesOn(name).flatMap((profile) => this.kind.basesOf(profile)),
      ...this.artifactsOn(name).flatMap((object) =>
        (readBaseArtifact(object.data).pulled?.profiles ?? []).map(({ spec }) => spec.baseProfileName ?? ''),
      ),
    ];
    const base = bases.find((each) => artifactNameOf(each) === name);
    return base === undefined ? undefined : baseReference(base);
  }

  /** Its name and those of the artifacts that stand on it. */
  private levelsAbove(name: string): readonly string[] {
    return levelsFrom([name], (each) => this.artifactsOn(each).map(({ metadata }) => metadata.name)).flat();
  }
}

/** Names by their level, each once: the first ones, those that follow from them, and so on. */
function levelsFrom(
  first: readonly string[],
  next: (name: string) => readonly string[],
): readonly (readonly string[])[] {
  const seen = new Set(first);
  const levels: (readonly string[])[] = [[...seen]];
  while (levels.length < MAX_BASE_LEVELS) {
    const found = (levels.at(-1) ?? []).flatMap(next).filter((name) => !seen.has(name));
    if (found.length === 0) break;
    for (const name of found) seen.add(name);
    levels.push([...new Set(found)]);
  }
  return levels;
}
