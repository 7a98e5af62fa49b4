// SPDX-License-Identifier: Apache-2.0
// A base profile from a registry as the manager hands it to the nodes: a ConfigMap of the operator's namespace for each
// reference, with the profiles of all platforms. Nodes need neither the registry nor its credentials, and all of them
// have the same bytes.
import type { SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { isJsonObject, parseJson, printJson } from '../json.ts';
import { ArtifactError } from '../oci/artifact-error.ts';
import type { ArtifactReason } from '../oci/artifact-error.ts';
import { parsePlatform, platformDistance, platformText } from '../oci/platform.ts';
import type { Platform } from '../oci/platform.ts';
import { parseReference, referenceText } from '../oci/reference.ts';
import { sha256Hex } from '../sha256.ts';

/** Characters of all profiles of one artifact; an object of the API server may have 1 MiB with all that is around. */
export const MOST_CONTENT = 960 * 1024;

/** References that a cluster holds as bases, pulled or not; the manual says so of the original's cache. */
export const MOST_BASE_ARTIFACTS = 1000;

/** Those of a namespace for which there is room when half of them are there. */
export const FEW_BASE_ARTIFACTS = 50;

/** The profile for a platform. */
export interface PlatformSpec {
  readonly platform: Platform;
  readonly spec: SeccompProfileSpec;
}

/** An artifact that was pulled. */
export interface PulledBase {
  /** Digest of the manifest or index under the reference. */
  readonly digest: string;
  /** The signer in words; undefined where no signature was asked for. */
  readonly signer?: string;
  readonly profiles: readonly PlatformSpec[];
}

/** The reason why an artifact could not be had at the last try. */
export interface PullFailure {
  readonly reason: ArtifactReason;
  readonly message: string;
}

/** The knowledge of an artifact: what was pulled, and why nothing newer was. */
export interface BaseArtifact {
  /** As `registry/repository:tag@digest`, without `oci://`. */
  readonly reference: string;
  readonly pulled?: PulledBase;
  readonly failure?: PullFailure;
}

/** The values of a ConfigMap. */
export type Data = Readonly<Record<string, string>>;

const KEY = {
  reference: 'reference',
  digest: 'digest',
  signer: 'signer',
  profiles: 'profiles',
  failure: 'failure',
} as const;

/**
 * The one form of a reference, whichever way it is written.
 * @throws ArtifactError `InvalidReference`
 */
export function baseReference(name: string): string {
  return referenceText(parseReference(name));
}

/** Name of the ConfigMap for a reference: it may be longer than a name, and has characters that names have not. */
export function baseArtifactName(reference: string): string {
  return `base-artifact-${sha256Hex(reference).slice(0, 40)}`;
}

/** The name for a base as profiles write it; undefined where it is no artifact. */
export function artifactNameOf(base: string): string | undefined {
  try {
    return baseArtifactName(baseReference(base));
  } catch (error) {
    if (error instanceof ArtifactError) return undefined;
    throw error;
  }
}

/** Prints an artifact as the values of its ConfigMap. */
export function printBaseArtifact({ reference, pulled, failure }: BaseArtifact): Data {
  return {
    [KEY.reference]: reference,
    ...(pulled === undefined ? {} : { [KEY.digest]: pulled.digest, [KEY.profiles]: printProfiles(pulled.profiles) }),
    ...(pulled?.signer === undefined ? {} : { [KEY.signer]: pulled.signer }),
    ...(failure === undefined ? {} : { [KEY.failure]: printJson(failure) }),
  };
}

/** Characters that the profiles of an artifact take. */
export function contentSize(profiles: readonly PlatformSpec[]): number {
  return printProfiles(profiles).length;
}

/** The same of an artifact as it is kept. */
export function profilesSize(data: Data | undefined): number {
  return data?.[KEY.profiles]?.length ?? 0;
}

function printProfiles(profiles: readonly PlatformSpec[]): string {
  return printJson(profiles.map(({ platform, spec }) => ({ platform: platformText(platform), spec })));
}

/** Reads the values of a ConfigMap; an artifact without content where somebody has changed them by hand. */
export function readBaseArtifact(data: Data | undefined): BaseArtifact {
  const { reference = '', digest, signer, profiles, failure } = data ?? {};
  const found = profiles === undefined ? undefined : readProfiles(profiles);
  const failed = failure === undefined ? undefined : readFailure(failure);
  return {
    reference,
    ...(digest === undefined || found === undefined
      ? {}
      : { pulled: { digest, profiles: found, ...(signer === undefined ? {} : { signer }) } }),
    ...(failed === undefined ? {} : { failure: failed }),
  };
}

function readProfiles(text: string): readonly PlatformSpec[] | undefined {
  const value = jsonOf(text);
  if (!Array.isArray(value)) return undefined;
  return value.flatMap((entry: unknown) => {
    if (!isJsonObject(entry) || !isJsonObject(entry['spec'])) return [];
    const platform = typeof entry['platform'] === 'string' ? parsePlatform(entry['platform']) : undefined;
    // Held against the schema when it was pulled, and read strictly again before it becomes a filter.
    const spec = entry['spec'] as unknown as SeccompProfileSpec;
    return platform === undefined ? [] : [{ platform, spec }];
  });
}

function readFailure(text: string): PullFailure | undefined {
  const value = jsonOf(text);
  if (!isJsonObject(value) || typeof value['message'] !== 'string') return undefined;
  return { reason: value['reason'] as ArtifactReason, message: value['message'] };
}

function jsonOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    // It throws for what is no JSON, which has no content.
    return undefined;
  }
}

/** The profile for a platform. */
export function profileFor(profiles: readonly PlatformSpec[], wanted: Platform): SeccompProfileSpec | undefined {
  return profiles.find(({ platform }) => platformDistance(platform, wanted) !== undefined)?.spec;
}

/** The platforms of an artifact, for messages. */
export function platformsOf(profiles: readonly PlatformSpec[]): string {
  return profiles.map(({ platform }) => platformText(platform)).join(', ');
}
