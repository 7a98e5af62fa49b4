// SPDX-License-Identifier: Apache-2.0
// Base profiles from registries as every process sees them: the ConfigMaps that the manager keeps, what is in them for
// a platform, and the profiles that a change of one concerns.
import {
  artifactNameOf,
  baseReference,
  FEW_BASE_ARTIFACTS,
  MOST_BASE_ARTIFACTS,
  platformsOf,
  profileFor,
  readBaseArtifact,
} from '../../core/base-artifacts/content.ts';
import type { BaseArtifact, PullFailure } from '../../core/base-artifacts/content.ts';
import { NotYet, Rejected } from '../../core/errors.ts';
import { LABEL } from '../../core/names.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { platformText } from '../../core/oci/platform.ts';
import type { Platform } from '../../core/oci/platform.ts';
import type { SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import type { Reader, Source, Watch } from '../../runtime/handler.ts';
import { CONFIG_MAP } from '../../runtime/kinds.ts';
import { keyOf, keyText } from '../../runtime/object.ts';
import type { KubeObject, ObjectKey } from '../../runtime/object.ts';
import type { Relatives } from './base-profiles.ts';
import type { Profile, ProfileKind } from './profiles.ts';

/** A ConfigMap, as far as it is read. */
export interface BaseArtifactObject extends KubeObject {
  readonly data?: Readonly<Record<string, string>>;
}

/** Objects of a page: one may have 1 MiB. */
const PAGE_SIZE = 25;

/** The ConfigMaps with base profiles in the operator's namespace. */
export function baseArtifactSource(namespace: string): Source<BaseArtifactObject> {
  return {
    resource: CONFIG_MAP,
    selector: { namespace, labelSelector: `${LABEL.baseArtifact}=true` },
    pageSize: PAGE_SIZE,
  };
}

/** The base profiles from registries, as they are now. */
export interface BaseArtifacts {
  /**
   * The profile behind `oci://…` for this platform.
   * @throws Rejected, NotYet
   */
  find(name: string): SeccompProfileSpec;
  /** The whole artifact; undefined where there is none yet. */
  get(name: string): BaseArtifact | undefined;
}

/** Reads them for a platform. */
export function baseArtifacts(
  objects: Reader<BaseArtifactObject>,
  namespace: string,
  platform: Platform,
): BaseArtifacts {
  const read = remembering(readObject);
  const get = (name: string): BaseArtifact | undefined => {
    const object = objects.get({ namespace, name: artifactNameOf(name) ?? '' });
    return object === undefined ? undefined : read(object);
  };
  const find = (name: string): SeccompProfileSpec => {
    requireReference(name);
    const artifact = get(name);
    if (artifact !== undefined) return specIn(name, artifact, platform);
    throw new NotYet(`waits for the base profile ${name} to be pulled${room(objects)}`, {
      reason: 'BaseProfileNotFound',
    });
  };
  return { find, get };
}

/** The manager keeps no more than so many, and beyond half of them few of a namespace. */
function room(objects: Reader<BaseArtifactObject>): string {
  const found = objects.list().length;
  if (2 * found < MOST_BASE_ARTIFACTS) return '';
  const whose = found < MOST_BASE_ARTIFACTS ? ` of a namespace that has ${String(FEW_BASE_ARTIFACTS)}` : '';
  return `; the cluster has ${String(found)} such references and takes no more${whose}`;
}

function readObject({ data }: BaseArtifactObject): BaseArtifact {
  return readBaseArtifact(data);
}

/** A text of a megabyte is read once for all the profiles that stand on it. */
function remembering<K extends object, V>(make: (key: K) => V): (key: K) => V {
  const made = new WeakMap<K, V>();
  return (key) => {
    const known = made.get(key);
    if (known !== undefined) return known;
    const value = make(key);
    made.set(key, value);
    return value;
  };
}

/** @throws Rejected for a name that is no reference */
function requireReference(name: string): void {
  try {
    baseReference(name);
  } catch (error) {
    if (!(error instanceof ArtifactError)) throw error;
    throw new Rejected('InvalidSeccompProfile', `baseProfileName: ${error.message}`, { cause: error });
  }
}

function specIn(name: string, { pulled, failure }: BaseArtifact, platform: Platform): SeccompProfileSpec {
  if (pulled === undefined) throw failed(name, failure);
  const spec = profileFor(pulled.profiles, platform);
  if (spec !== undefined) return spec;
  const offered = `it has ${platformsOf(pulled.profiles)}`;
  const message = `baseProfileName: ${name} has no profile for ${platformText(platform)}: ${offered}`;
  throw new Rejected('CannotPullSeccompProfile', message);
}

function failed(name: string, failure: PullFailure | undefined): Rejected | NotYet {
  const reason = 'CannotPullSeccompProfile';
  if (failure === undefined) return new NotYet(`waits for the base profile ${name} to be pulled`, { reason });
  const message = `baseProfileName: ${failure.message}`;
  const { isTemporary } = new ArtifactError(failure.reason, '');
  return isTemporary && failure.reason !== 'SignatureValidationFailed'
    ? new NotYet(message, { reason })
    : new Rejected(reason, message);
}

/** The profiles that stand on an artifact, directly, by another artifact, or by profiles of their namespace. */
export function baseArtifactWatch(
  kind: ProfileKind,
  source: Source<BaseArtifactObject>,
  profiles: Reader<Profile>,
  objects: Reader<BaseArtifactObject>,
  relatives: Relatives,
): Watch<BaseArtifactObject> {
  const byArtifact = profiles.index((profile) => kind.basesOf(profile).flatMap((base) => artifactNameOf(base) ?? []));
  const artifactsOn = objects.index(basesOfArtifact);
  return {
    ...source,
    predicate: (before, after) => JSON.stringify(before.data) !== JSON.stringify(after.data),
    mapToKeys: ({ metadata }) => {
      const found = new Map<string, ObjectKey>();
      for (const name of standingOn(metadata.name, artifactsOn)) {
        for (const profile of byArtifact(name)) {
          for (const key of [keyOf(profile), ...relatives.concernedBy(profile)]) found.set(keyText(key), key);
        }
      }
      return [...found.values()];
    },
  };
}

/** Names of the ConfigMaps that the profiles of an artifact name as their bases. */
export const basesOfArtifact: (object: BaseArtifactObject) => readonly string[] = remembering(({ data }) => {
  const profiles = readBaseArtifact(data).pulled?.profiles ?? [];
  return profiles.flatMap(({ spec }) => artifactNameOf(spec.baseProfileName ?? '') ?? []);
});

/** An artifact and those that stand on it, each once. */
function standingOn(name: string, artifactsOn: (name: string) => readonly BaseArtifactObject[]): ReadonlySet<string> {
  const found = new Set([name]);
  for (const each of found) for (const { metadata } of artifactsOn(each)) found.add(metadata.name);
  return found;
}
