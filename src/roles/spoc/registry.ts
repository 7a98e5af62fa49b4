// SPDX-License-Identifier: Apache-2.0
// The registries that push and pull speak to, as the user's options, environment and configuration files say. Loaded by
// those two commands only: what it needs of Node.js costs the others time.
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { RegistrySettings } from '../../cli/registry-settings.ts';
import type { Environment } from '../../core/env.ts';
import type { Credentials } from '../../core/oci/credentials.ts';
import { withMirrors } from '../../core/oci/mirrors.ts';
import type { Repository } from '../../core/oci/reference.ts';
import type { ArtifactStore } from '../../core/oci/store.ts';
import { fileError } from '../../io/file-error.ts';
import { RegistryClient } from '../../io/registry/client.ts';
import { TIME_LIMITS } from '../../io/registry/time-limits.ts';
import { pathOf } from '../../io/text-bytes.ts';

async function certificates(file: string): Promise<string> {
  let text: string;
  try {
    text = await readFile(pathOf(file), 'utf8');
  } catch (cause) {
    throw fileError('read', file, cause);
  }
  if (text.includes('-----BEGIN CERTIFICATE-----')) return text;
  throw new Error(`read ${file}: holds no certificate in PEM`);
}

/** Loaded where a registry asks for credentials: programs that keep them are started by it. */
async function configuredCredentials(repository: Repository, env: Environment): Promise<Credentials | undefined> {
  const { userCredentials } = await import('../../io/registry/login.ts');
  return userCredentials(repository, env);
}

/** Opens registries. Connections are closed with the process, and with the signal where they are being used. */
export async function openRegistry(
  { plainHttp, caFile, mirrors, login }: RegistrySettings,
  env: Environment,
  signal?: AbortSignal,
): Promise<ArtifactStore> {
  const client = new RegistryClient({
    plainHttp,
    ...(caFile === undefined ? {} : { ca: await certificates(caFile) }),
    limits: TIME_LIMITS,
    ...(signal === undefined ? {} : { signal }),
    pause: sleep,
    proxy: env,
    credentials: async (repository) =>
      repository.registry === login?.registry ? login.credentials : configuredCredentials(repository, env),
  });
  return withMirrors(client, mirrors);
}
