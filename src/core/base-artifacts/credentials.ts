// SPDX-License-Identifier: Apache-2.0
// With which credentials the manager asks a registry: those in the Secret that the spod names for the longest prefix,
// else those in the one Secret for all registries. A Secret that the spod names and that cannot be used is an error,
// never a reason to ask with other credentials.
import type { OciCredentials } from '../../gen/crd/security-profiles-operator-daemon.ts';
import { isJsonObject } from '../json.ts';
import { OBJECT } from '../names.ts';
import { ArtifactError } from '../oci/artifact-error.ts';
import { configuredCredentials } from '../oci/credentials.ts';
import type { Credentials } from '../oci/credentials.ts';
import { longestPrefix } from '../oci/prefix.ts';
import { repositoryName } from '../oci/reference.ts';
import type { Repository } from '../oci/reference.ts';
import { bytesOfBase64, textOfBytes, valueOfJson } from '../signature/encoding.ts';

/**
 * Type of the Secrets, and the key of their one value: the configuration file of Docker. The one for all registries
 * may be of any type, as it is known by its name.
 */
export const CREDENTIALS_SECRET = { type: 'kubernetes.io/dockerconfigjson', key: '.dockerconfigjson' } as const;

/** Values of a Secret, in base64. */
export type SecretData = Readonly<Record<string, string>>;

/**
 * Finds them; undefined for none, which is how most registries are asked.
 *
 * @param secret - the values of a Secret of the operator's namespace, by its name
 * @throws ArtifactError `RegistryDenied` where the Secret that the spod names is not there or has nothing for it, or
 *   the one for all registries holds no such file
 */
export function clusterCredentials(
  repository: Repository,
  entries: readonly OciCredentials[],
  secret: (name: string) => SecretData | undefined,
): Credentials | undefined {
  const name = repositoryName(repository);
  const entry = longestPrefix(entries, name);
  if (entry === undefined) return commonCredentials(name, repository, secret(OBJECT.registryCredentials));
  const data = secret(entry.secretName);
  const credentials = credentialsIn(data, repository);
  if (credentials !== undefined) return credentials;
  const fault = data === undefined ? `is not there, or not of the type ${CREDENTIALS_SECRET.type}` : `has none for it`;
  const words = `spec.ociCredentials of the spod: the Secret ${entry.secretName} for ${entry.prefix} ${fault}`;
  throw new ArtifactError('RegistryDenied', `${name} asks for credentials, and ${words}`);
}

/** From the Secret for all registries, which need not know each of them. */
function commonCredentials(
  name: string,
  repository: Repository,
  data: SecretData | undefined,
): Credentials | undefined {
  if (data === undefined || configIn(data) !== undefined) return credentialsIn(data, repository);
  const fault = `has no configuration file of Docker under the key ${CREDENTIALS_SECRET.key}`;
  const advice = 'make it anew by kubectl create secret docker-registry';
  const words = `the Secret ${OBJECT.registryCredentials} ${fault}: ${advice}`;
  throw new ArtifactError('RegistryDenied', `${name} asks for credentials, and ${words}`);
}

function configIn(data: SecretData | undefined): Readonly<Record<string, unknown>> | undefined {
  const bytes = bytesOfBase64(data?.[CREDENTIALS_SECRET.key]) ?? new Uint8Array();
  const config = valueOfJson(textOfBytes(bytes) ?? '');
  return isJsonObject(config) ? config : undefined;
}

/** Programs that know credentials, which such a file may name, are not in the operator's image. */
function credentialsIn(data: SecretData | undefined, repository: Repository): Credentials | undefined {
  const found = configuredCredentials(configIn(data) ?? {}, repository);
  return found.type === 'credentials' ? found.credentials : undefined;
}
