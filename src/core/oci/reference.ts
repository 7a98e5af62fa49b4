// SPDX-License-Identifier: Apache-2.0
// Names of artifacts: registry/repository:tag@digest, with `oci://` before it in baseProfileName. The registry is
// always written, as the original demands: a name without one would quietly mean Docker Hub.
import { parseImageReference } from '../binding/image-reference.ts';
import { ArtifactError } from './artifact-error.ts';

/** The beginning of a baseProfileName that names an artifact. */
const OCI_SCHEME = 'oci://';

/** A repository of a registry. */
export interface Repository {
  /** Host, and port where one is written: `ghcr.io`, `127.0.0.1:5000`. */
  readonly registry: string;
  /** Path within it: `security-profiles/runc`. */
  readonly path: string;
}

/** The name of an artifact. */
export interface ArtifactReference {
  readonly repository: Repository;
  /** Also `latest` where none is written; undefined beside a digest without one. */
  readonly tag: string | undefined;
  /** `sha256:` and 64 digits, or `sha512:` and 128; it counts where both are written. */
  readonly digest: string | undefined;
}

const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;
const REGISTRY = /^[^/]*[.:][^/]*\/|^localhost\//;

/** Whether a text is a digest that we can check. */
export function isDigest(text: string): boolean {
  return DIGEST.test(text);
}

function invalid(text: string, reason: string): ArtifactError {
  return new ArtifactError('InvalidReference', `${text}: ${reason}`);
}

/** Whether a base profile is an artifact. */
export function isArtifactName(name: string): boolean {
  return name.startsWith(OCI_SCHEME);
}

/**
 * Reads the name of an artifact, with `oci://` or without.
 * @throws ArtifactError `InvalidReference` that says how it must look
 */
export function parseReference(text: string): ArtifactReference {
  const name = isArtifactName(text) ? text.slice(OCI_SCHEME.length) : text;
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(name)) throw invalid(text, 'an address is no reference: leave the scheme out');
  if (!REGISTRY.test(name)) throw invalid(text, 'names no registry: registry/repository:tag is needed');
  const parsed = parseImageReference(name);
  if (parsed === undefined)
    throw invalid(text, 'is no reference such as registry/repository:tag, all in small letters');
  if (parsed.digest !== undefined && !isDigest(parsed.digest)) {
    throw invalid(text, 'its digest is neither sha256: and 64 digits nor sha512: and 128');
  }
  const slash = parsed.name.indexOf('/');
  const repository = { registry: parsed.name.slice(0, slash), path: parsed.name.slice(slash + 1) };
  return { repository, tag: parsed.tag, digest: parsed.digest };
}

/** Registry and path as they are written in references. */
export function repositoryName({ registry, path }: Repository): string {
  return `${registry}/${path}`;
}

/** The name as users write it, without `oci://`. */
export function referenceText({ repository, tag, digest }: ArtifactReference): string {
  const name = repositoryName(repository);
  return `${name}${tag === undefined ? '' : `:${tag}`}${digest === undefined ? '' : `@${digest}`}`;
}

/** The word that the registry is asked for: the digest where there is one. */
export function wantedVersion({ tag, digest }: ArtifactReference): string {
  return digest ?? tag ?? 'latest';
}

/** The tag under which registries without a referrers API keep what refers to a digest: `sha256-` and the digits. */
export function fallbackTag(digest: string): string {
  return digest.replace(':', '-');
}
