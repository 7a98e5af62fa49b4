// SPDX-License-Identifier: Apache-2.0
// The credentials that a user has on this machine: in Docker's or Podman's configuration, or with a program that one of
// them names.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { isJsonObject } from '../../core/json.ts';
import { configuredCredentials, helperCredentials } from '../../core/oci/credentials.ts';
import type { Credentials } from '../../core/oci/credentials.ts';
import type { Repository } from '../../core/oci/reference.ts';
import { codeOf, fileError } from '../file-error.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** A helper may have to ask its user. */
const HELPER_LIMIT_MS = 60_000;

/** The most characters of a helper's answer. */
const MAX_HELPER_ANSWER = 64 * 1024;

/** A helper's words for "none": docker-credential-helpers prints them to standard output. */
const NOT_FOUND = /credentials not found/i;

/** Where configurations are, the first one that knows the registry counts. */
function configurationFiles(env: Environment): readonly string[] {
  const home = env['HOME'];
  const at = (folder: string | undefined, ...names: readonly string[]): readonly string[] =>
    folder === undefined || folder === '' ? [] : [path.join(folder, ...names)];
  const docker = env['DOCKER_CONFIG'] ?? (home === undefined ? undefined : path.join(home, '.docker'));
  return [
    ...at(docker, 'config.json'),
    ...at(env['REGISTRY_AUTH_FILE']),
    ...at(env['XDG_RUNTIME_DIR'], 'containers', 'auth.json'),
    ...at(home, '.config', 'containers', 'auth.json'),
  ];
}

async function readConfiguration(file: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(cause))) return {};
    throw fileError('read', file, cause);
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isJsonObject(value)) return value;
  } catch (cause) {
    throw new Error(`read ${file}: is no JSON`, { cause });
  }
  throw new Error(`read ${file}: is no JSON object`);
}

/** Runs a helper, and gives what it prints and how it ends. */
function runHelper(program: string, key: string, env: Environment): Promise<{ output: string; status: number | null }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, ['get'], {
      env: { ...env },
      stdio: ['pipe', 'pipe', 'inherit'],
      timeout: HELPER_LIMIT_MS,
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text.slice(0, MAX_HELPER_ANSWER - output.length);
    });
    child.once('error', reject);
    child.once('close', (status) => resolve({ output, status }));
    // It may end without reading.
    child.stdin.on('error', () => undefined);
    child.stdin.end(key);
  });
}

async function askHelper(
  helper: string,
  key: string,
  file: string,
  env: Environment,
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  const subject = `${program}, which ${file} names`;
  let answer;
  try {
    answer = await runHelper(program, key, env);
  } catch (cause) {
    throw codeOf(cause) === 'ENOENT' ? new Error(`${subject}: is not on PATH`) : new Error(subject, { cause });
  }
  if (NOT_FOUND.test(answer.output)) return undefined;
  // Its words are not shown: they might be a secret.
  if (answer.status !== 0) throw new Error(`${subject}: has failed for ${key}`);
  let credentials: Credentials | undefined;
  try {
    credentials = helperCredentials(JSON.parse(answer.output));
  } catch {
    credentials = undefined;
  }
  if (credentials === undefined) throw new Error(`${subject}: gives no credentials for ${key}`);
  return credentials;
}

/**
 * The credentials for a repository; undefined where nobody knows any.
 *
 * @param env - DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR and HOME of it are looked at; helpers get all of it
 * @throws Error that names the file or the helper that cannot be read
 */
export async function userCredentials(repository: Repository, env: Environment): Promise<Credentials | undefined> {
  for (const file of configurationFiles(env)) {
    const found = configuredCredentials(await readConfiguration(file), repository);
    if (found.type === 'credentials') return found.credentials;
    const asked = found.type === 'helper' ? await askHelper(found.helper, found.key, file, env) : undefined;
    if (asked !== undefined) return asked;
  }
  return undefined;
}
