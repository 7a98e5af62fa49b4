// SPDX-License-Identifier: Apache-2.0
// Which credentials a configuration file of Docker, Podman or a cluster's Secret has for a repository. Format:
// docker/cli's config file and containers-auth.json(5).
import { isJsonObject } from '../json.ts';
import type { Repository } from './reference.ts';

/** A way to say who asks. */
export type Credentials =
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  /** A refresh token of OAuth 2, for which tokens are given. */
  | { readonly type: 'identity-token'; readonly token: string }
  /** A token that is sent as it is. */
  | { readonly type: 'registry-token'; readonly token: string };

/** The answer of a configuration file. */
export type ConfiguredCredentials =
  | { readonly type: 'credentials'; readonly credentials: Credentials }
  /** A program `docker-credential-HELPER` knows, under that key. */
  | { readonly type: 'helper'; readonly helper: string; readonly key: string }
  | { readonly type: 'none' };

/** Docker Hub's name in references, and its key in configuration files. */
const DOCKER_HUB = 'docker.io';
const DOCKER_HUB_KEY = 'https://index.docker.io/v1/';

/** The name of the user that stands for an identity token. */
const TOKEN_USER = '<token>';

const HELPER = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$/;

type Fields = Readonly<Record<string, unknown>>;

function textOf(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function objectOf(fields: Fields, name: string): Fields {
  const value = fields[name];
  return isJsonObject(value) ? value : {};
}

/** A key of `auths` without what may stand around the name: `https://`, `/v1/`. */
function normalKey(key: string): string {
  const name = key
    .replace(/^https?:\/\//i, '')
    .replace(/\/+$/, '')
    .replace(/\/v[12]$/, '');
  return /^(?:index|registry-1)\.docker\.io$/.test(name) ? DOCKER_HUB : name;
}

/** The names under which a repository's credentials may stand, the most exact first. */
function namesOf({ registry, path }: Repository): readonly string[] {
  const parts = path.split('/');
  return [...parts.map((_, index) => [registry, ...parts.slice(0, parts.length - index)].join('/')), registry];
}

function decoded(auth: string): Credentials | undefined {
  let text: string;
  try {
    const bytes = Uint8Array.from(atob(auth), (character) => character.charCodeAt(0));
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    // Such an entry names nobody; the registry's answer to an anonymous question tells the user.
    return undefined;
  }
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  const [username, password] = [text.slice(0, colon), text.slice(colon + 1).replace(/\0+$/, '')];
  return { type: 'basic', username, password };
}

function ofEntry(entry: Fields): Credentials | undefined {
  const identity = textOf(entry, 'identitytoken');
  if (identity !== undefined) return { type: 'identity-token', token: identity };
  const token = textOf(entry, 'registrytoken');
  if (token !== undefined) return { type: 'registry-token', token };
  const [username, password] = [textOf(entry, 'username'), textOf(entry, 'password')];
  if (username !== undefined && password !== undefined) return { type: 'basic', username, password };
  const auth = textOf(entry, 'auth');
  return auth === undefined ? undefined : decoded(auth);
}

function helperOf(name: unknown, { registry }: Repository): ConfiguredCredentials {
  if (typeof name !== 'string' || !HELPER.test(name)) return { type: 'none' };
  return { type: 'helper', helper: name, key: registry === DOCKER_HUB ? DOCKER_HUB_KEY : registry };
}

/**
 * The credentials for a repository: of a helper for its registry, else of the entry with the longest path that fits,
 * else of the helper for everything. An empty entry means that the helper knows.
 */
export function configuredCredentials(config: unknown, repository: Repository): ConfiguredCredentials {
  if (!isJsonObject(config)) return { type: 'none' };
  const helpers = Object.entries(objectOf(config, 'credHelpers'));
  const special = helpers.find(([key]) => normalKey(key) === repository.registry);
  if (special !== undefined) return helperOf(special[1], repository);
  const entries = new Map(Object.entries(objectOf(config, 'auths')).map(([key, entry]) => [normalKey(key), entry]));
  for (const name of namesOf(repository)) {
    const entry = entries.get(name);
    const credentials = isJsonObject(entry) ? ofEntry(entry) : undefined;
    if (credentials !== undefined) return { type: 'credentials', credentials };
  }
  return helperOf(config['credsStore'], repository);
}

/** The credentials in the answer of a helper; undefined for an answer of another form. */
export function helperCredentials(answer: unknown): Credentials | undefined {
  if (!isJsonObject(answer)) return undefined;
  const [username, secret] = [textOf(answer, 'Username'), textOf(answer, 'Secret')];
  if (username === undefined || secret === undefined) return undefined;
  if (username === TOKEN_USER) return { type: 'identity-token', token: secret };
  return { type: 'basic', username, password: secret };
}
