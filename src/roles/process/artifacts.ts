// SPDX-License-Identifier: Apache-2.0
// The manager's way to registries and signatures.
import { X509Certificate } from 'node:crypto';
import { machine } from 'node:os';
import type { Environment } from '../../core/env.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import type { Credentials } from '../../core/oci/credentials.ts';
import type { Repository } from '../../core/oci/reference.ts';
import type { ArtifactStore } from '../../core/oci/store.ts';
import type { Cryptography } from '../../core/signature/judge.ts';
import { RegistryClient } from '../../io/registry/client.ts';
import { TIME_LIMITS } from '../../io/registry/time-limits.ts';
import { makeCryptography } from '../../io/signature/cryptography.ts';
import { parseYaml } from '../../io/yaml.ts';

/** The ways to registries that the settings of the cluster give. */
export interface RegistryAccess {
  /** Certificates in PEM that are trusted besides the public authorities. */
  readonly ca: string | undefined;
  /** Ends what is being asked. */
  readonly signal: AbortSignal;
  /** @throws ArtifactError where there should be some */
  credentials(repository: Repository): Credentials | undefined;
}

/** Registries with connections of their own. */
export interface OpenedRegistry extends ArtifactStore {
  /** Ends the connections. */
  close(): void;
}

/** The process's parts for artifacts. */
export interface ArtifactSide {
  readonly cryptography: Cryptography;
  /**
   * The same, which proves certificates with the authorities of a trusted root, or with sigstore's public ones. Rejects
   * with an ArtifactError for a text that is none.
   */
  certificateCryptography(trustedRoot: string | undefined): Promise<Cryptography>;
  /** Machine of this process, as from uname: for its platform the manager says what profiles become. */
  readonly machine: string;
  /** Milliseconds that one pull may take with all its questions. */
  readonly pullLimitMs: number;
  openRegistry(access: RegistryAccess): OpenedRegistry;
  /** Every document of a text. Rejects for what is no YAML. */
  parseYaml(text: string): Promise<readonly unknown[]>;
}

/** Below the runtime's limit for a reconcile, which would end the pull without a word to the profile's author. */
const PULL_LIMIT_MS = 100_000;

/** Registries over https, by the proxies that the process's environment names. */
export function artifactSide(env: Environment): ArtifactSide {
  return {
    cryptography: makeCryptography(),
    certificateCryptography,
    machine: machine(),
    parseYaml,
    pullLimitMs: PULL_LIMIT_MS,
    openRegistry: (access) =>
      new RegistryClient({
        plainHttp: false,
        ...(access.ca === undefined ? {} : { ca: certificates(access.ca) }),
        limits: TIME_LIMITS,
        signal: access.signal,
        proxy: env,
        credentials: async (repository) => access.credentials(repository),
      }),
  };
}

/** Loads the libraries for certificates, which is done in clusters only whose spod names an identity. */
export async function certificateCryptography(trustedRoot: string | undefined): Promise<Cryptography> {
  const { openPublicGood, openSigstore } = await import('../../io/signature/sigstore.ts');
  const verifier = trustedRoot === undefined ? openPublicGood() : openSigstore(trustedRoot);
  if (typeof verifier !== 'string') return makeCryptography(verifier);
  throw new ArtifactError('SignatureValidationFailed', `spec.ociTrustedRoot of the spod: ${verifier}`);
}

const CERTIFICATE = /-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----/g;

/** @throws ArtifactError for what Node.js would not take as certificates, at each question and in its own words */
function certificates(text: string): string {
  const blocks = text.match(CERTIFICATE) ?? [];
  try {
    for (const block of blocks) new X509Certificate(block);
    if (blocks.length > 0) return text;
  } catch (cause) {
    throw new ArtifactError('RegistryUnavailable', 'spec.ociCaBundle of the spod: a certificate in it is damaged', {
      cause,
    });
  }
  throw new ArtifactError('RegistryUnavailable', 'spec.ociCaBundle of the spod: holds no certificate in PEM');
}
