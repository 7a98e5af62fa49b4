// SPDX-License-Identifier: Apache-2.0
// Pulls a base profile: the tag becomes a digest first, then the signature of that digest is verified, and only then
// is anything else read. All platforms are taken at once, because nodes of different ones get them from one object.
import type { SeccompProfileSpec } from '../../gen/crd/seccomp-profile.ts';
import { recordingLines, RECORDING_PREDICATE } from '../evidence/recording-statement.ts';
import { isJsonObject } from '../json.ts';
import { ArtifactError, invalidArtifact } from '../oci/artifact-error.ts';
import { fetchProfile, resolveArtifact } from '../oci/fetch-profile.ts';
import { platformText } from '../oci/platform.ts';
import type { Platform } from '../oci/platform.ts';
import { isArtifactName, parseReference } from '../oci/reference.ts';
import type { ArtifactReference, Repository } from '../oci/reference.ts';
import type { ArtifactSource, FetchedManifest } from '../oci/store.ts';
import { InvalidProfile } from '../faults.ts';
import { parseProfile } from '../seccomp/parse.ts';
import { attestationsOf } from '../signature/attestation.ts';
import type { Cryptography } from '../signature/judge.ts';
import { refusal } from '../signature/verdict.ts';
import { verifyArtifact } from '../signature/verify.ts';
import { contentSize, MOST_CONTENT } from './content.ts';
import type { PlatformSpec, PulledBase } from './content.ts';
import type { Demand } from './trust.ts';

/** The platforms that the operator's nodes have. */
const PLATFORMS: readonly Platform[] = [
  { os: 'linux', architecture: 'amd64' },
  { os: 'linux', architecture: 'arm64' },
];

/** The parts with which one pulls. */
export interface PullParts {
  readonly source: ArtifactSource;
  readonly cryptography: Cryptography;
  /** Every document of a YAML or JSON text. Rejects for one that is neither. */
  parseYaml(text: string): Promise<readonly unknown[]>;
}

/** A pull: the content, or the failure. */
export type PullOutcome =
  { readonly type: 'pulled'; readonly base: PulledBase } | { readonly type: 'failed'; readonly error: ArtifactError };

/**
 * Pulls the artifact with a reference.
 *
 * @param known - the content pulled before: with the same digest it is not read again, its signature is
 */
export async function pullBase(
  name: string,
  demand: Demand,
  known: PulledBase | undefined,
  parts: PullParts,
): Promise<PullOutcome> {
  try {
    const reference = parseReference(name);
    const top = await resolveArtifact(parts.source, reference);
    const { digest } = top.descriptor;
    const signer = await signerOf(name, reference.repository, digest, demand, parts);
    // Statements on recordings are about the bytes of profiles, which are not kept.
    const isKnown = known?.digest === digest && !demandsRecording(demand);
    const profiles = isKnown ? known.profiles : await profilesOf(name, reference, top, demand, parts);
    return { type: 'pulled', base: { digest, profiles, ...(signer === undefined ? {} : { signer }) } };
  } catch (error) {
    if (error instanceof ArtifactError) return { type: 'failed', error };
    throw error;
  }
}

async function signerOf(
  name: string,
  repository: Repository,
  digest: string,
  demand: Demand,
  { source, cryptography }: PullParts,
): Promise<string | undefined> {
  if (demand.signature === 'none') return undefined;
  const verdict = await verifyArtifact(source, repository, digest, demand.signers, cryptography);
  if (verdict.verified) return verdict.signer;
  if (demand.signature === 'welcome') return undefined;
  throw new ArtifactError('SignatureValidationFailed', refusal(name, verdict));
}

function demandsRecording(demand: Demand): boolean {
  return demand.signature !== 'none' && demand.needsRecording;
}

/** Of the profile for each platform. */
async function requireRecording(
  name: string,
  repository: Repository,
  digest: string,
  demand: Demand,
  texts: readonly PlatformText[],
  { source, cryptography }: PullParts,
): Promise<void> {
  if (demand.signature === 'none' || !demand.needsRecording) return;
  const { signers } = demand;
  const found = await attestationsOf(source, repository, digest, RECORDING_PREDICATE, signers, cryptography);
  const untold = texts.find((one) => !found.some(({ predicate }) => recordingLines(predicate, one.digest).length > 0));
  if (untold === undefined) return;
  const message = `${name} is not taken: no signer says how its profile for ${platformText(untold.platform)} was recorded, which spec.ociVerification of the spod asks for`;
  throw new ArtifactError('SignatureValidationFailed', message);
}

async function profilesOf(
  name: string,
  reference: ArtifactReference,
  top: FetchedManifest,
  demand: Demand,
  parts: PullParts,
): Promise<readonly PlatformSpec[]> {
  const texts = await textsOf(remembering(parts.source), reference, top);
  await requireRecording(name, reference.repository, top.descriptor.digest, demand, texts, parts);
  const specs = new Map<string, SeccompProfileSpec>();
  for (const { text } of texts) {
    if (!specs.has(text)) specs.set(text, await specOf(name, text, parts));
  }
  const profiles = texts.flatMap(({ platform, text }): PlatformSpec | readonly [] => {
    const spec = specs.get(text);
    return spec === undefined ? [] : { platform, spec };
  });
  const size = contentSize(profiles);
  if (size <= MOST_CONTENT) return profiles;
  throw invalidArtifact(
    `${name}: has ${String(size)} characters for all platforms, at most ${String(MOST_CONTENT)} are taken`,
  );
}

interface PlatformText {
  readonly platform: Platform;
  /** Of its bytes. */
  readonly digest: string;
  readonly text: string;
}

/** The profile of each platform; the first refusal where there is none for any. */
async function textsOf(
  source: ArtifactSource,
  reference: ArtifactReference,
  top: FetchedManifest,
): Promise<readonly PlatformText[]> {
  const found: PlatformText[] = [];
  let refused: ArtifactError | undefined;
  for (const platform of PLATFORMS) {
    try {
      const { layer, text } = await fetchProfile(source, reference, top, platform);
      found.push({ platform, digest: layer.digest, text });
    } catch (error) {
      if (!(error instanceof ArtifactError) || error.reason !== 'InvalidArtifact') throw error;
      refused ??= error;
    }
  }
  if (found.length === 0 && refused !== undefined) throw refused;
  return found;
}

/** A registry that is asked once for what is the same for several platforms. */
function remembering(source: ArtifactSource): ArtifactSource {
  const blobs = new Map<string, Promise<Uint8Array>>();
  return {
    manifest: (repository, version) => source.manifest(repository, version),
    referrers: (repository, digest, isWanted) => source.referrers(repository, digest, isWanted),
    blob: (repository, descriptor, limit) => {
      const known = blobs.get(descriptor.digest);
      if (known !== undefined) return known;
      const asked = source.blob(repository, descriptor, limit);
      blobs.set(descriptor.digest, asked);
      return asked;
    },
  };
}

async function specOf(name: string, text: string, parts: PullParts): Promise<SeccompProfileSpec> {
  const [document, ...others] = await documentsOf(name, text, parts);
  if (!isJsonObject(document) || others.length > 0) throw invalidArtifact(`${name}: its profile is not one object`);
  const { kind, spec } = document;
  if (kind === 'SeccompProfile') return readSpec(name, spec);
  // The JSON of container runtimes says the same with the same words.
  if (kind === undefined && 'defaultAction' in document) return readSpec(name, document);
  const found = typeof kind === 'string' ? `a ${kind}` : 'an object without a kind';
  throw invalidArtifact(`${name}: holds ${found}, and a SeccompProfile is needed`);
}

async function documentsOf(name: string, text: string, parts: PullParts): Promise<readonly unknown[]> {
  try {
    return await parts.parseYaml(text);
  } catch (cause) {
    throw invalidArtifact(`${name}: its profile is no YAML`, { cause });
  }
}

/** A base of a base must be an artifact, too: a registry cannot know the profiles of a namespace. */
function readSpec(name: string, spec: unknown): SeccompProfileSpec {
  try {
    const { baseProfileName } = parseProfile(spec, `the profile of ${name}`);
    if (baseProfileName === undefined || isArtifactName(baseProfileName)) return spec as SeccompProfileSpec;
    throw invalidArtifact(`${name}: its base ${baseProfileName} is no artifact, and no namespace is meant there`);
  } catch (cause) {
    if (cause instanceof InvalidProfile) throw invalidArtifact(cause.message, { cause });
    throw cause;
  }
}
