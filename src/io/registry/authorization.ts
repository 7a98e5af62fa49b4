// SPDX-License-Identifier: Apache-2.0
// How a registry's question for authorization is answered: by name and password, or by a token that a service of the
// registry gives for them (distribution's token and OAuth 2 specifications). Credentials go to the registry itself and
// to its token service, and nowhere else.
import { parseJson, isJsonObject } from '../../core/json.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { parseChallenges, tokenAddress } from '../../core/oci/challenge.ts';
import type { Challenge } from '../../core/oci/challenge.ts';
import type { Credentials } from '../../core/oci/credentials.ts';
import type { Answer, Exchange, Question } from './exchange.ts';
import { refusal } from './refusal.ts';

/** The use that is going to be made of a repository. */
export type Access = 'pull' | 'pull,push';

/** The most bytes of a token service's answer. */
const MAX_TOKEN_ANSWER = 64 * 1024;

/** Characters of a header's value; a token is nothing else. */
const TOKEN = /^[\x21-\x7e]{1,16384}$/;

function basic({ username, password }: Extract<Credentials, { type: 'basic' }>): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function tokenIn({ body, url }: Answer): string {
  let value: unknown;
  try {
    value = parseJson(Buffer.from(body).toString());
  } catch (cause) {
    throw new ArtifactError('RegistryUnavailable', `${url.host}: its token answer is no JSON`, { cause });
  }
  const token = isJsonObject(value) ? (value['token'] ?? value['access_token']) : undefined;
  if (typeof token === 'string' && TOKEN.test(token)) return token;
  throw new ArtifactError('RegistryUnavailable', `${url.host}: its token answer has no token`);
}

function tokenQuestion(address: URL, service: string | undefined, scope: string, credentials?: Credentials): Question {
  const common = { limit: MAX_TOKEN_ANSWER };
  const words = { ...(service === undefined ? {} : { service }), scope };
  if (credentials?.type === 'identity-token') {
    const form = { grant_type: 'refresh_token', client_id: 'spoc', refresh_token: credentials.token, ...words };
    const body = Buffer.from(new URLSearchParams(form).toString());
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return { ...common, method: 'POST', url: address, headers, body };
  }
  const url = new URL(address);
  for (const [name, value] of Object.entries(words)) url.searchParams.set(name, value);
  const headers: Record<string, string> = credentials?.type === 'basic' ? { authorization: basic(credentials) } : {};
  return { ...common, method: 'GET', url, headers };
}

async function fetchToken(
  exchange: Exchange,
  registry: URL,
  { realm, service }: Extract<Challenge, { type: 'bearer' }>,
  scope: string,
  credentials: Credentials | undefined,
): Promise<string> {
  const address = tokenAddress(realm, registry);
  if (typeof address === 'string') throw new ArtifactError('RegistryDenied', `${registry.host}: ${address}`);
  const answer = await exchange.send(tokenQuestion(address, service, scope, credentials));
  if (answer.status !== 200) throw refusal(answer, 'a token');
  return `Bearer ${tokenIn(answer)}`;
}

/**
 * The value of the Authorization header that answers a registry's question.
 *
 * @param header - its WWW-Authenticate
 * @param registry - the address of the registry
 * @throws ArtifactError `RegistryDenied` where credentials are needed and there are none, or must not be given
 */
export async function authorize(
  exchange: Exchange,
  registry: URL,
  header: string,
  { path, access }: { readonly path: string; readonly access: Access },
  credentials: Credentials | undefined,
): Promise<string> {
  const challenges = parseChallenges(header);
  if (credentials?.type === 'registry-token') return `Bearer ${credentials.token}`;
  const bearer = challenges.find((challenge) => challenge.type === 'bearer');
  if (bearer !== undefined) {
    return fetchToken(exchange, registry, bearer, `repository:${path}:${access}`, credentials);
  }
  const offersBasic = challenges.some(({ type }) => type === 'basic');
  if (offersBasic && credentials?.type === 'basic') return basic(credentials);
  const need = offersBasic
    ? 'asks for a user name and a password'
    : 'asks for a kind of authorization that is not known';
  throw new ArtifactError('RegistryDenied', `${registry.host}: ${need}`);
}
