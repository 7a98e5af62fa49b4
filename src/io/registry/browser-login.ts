// SPDX-License-Identifier: Apache-2.0
// An identity token by the browser of a user (OpenID Connect, authorization code with PKCE, RFC 7636 and 8252): it
// comes back to a port of this machine, once, with the code that is exchanged for the token.
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isJsonObject } from '../../core/json.ts';
import { ArtifactError } from '../../core/oci/artifact-error.ts';
import { bytesOfText, textOfBytes, valueOfJson } from '../../core/signature/encoding.ts';
import type { Services } from './service.ts';

/** The issuer that is asked. */
export interface BrowserLogin {
  readonly issuer: URL;
  readonly clientId: string;
  /** Gets the address that the user is to open. */
  readonly show: (address: string) => void;
  /** Milliseconds that the user has. */
  readonly limitMs: number;
}

const CALLBACK = '/auth/callback';

const PAGE = 'You are logged in. Go back to the terminal.\n';

function failed(issuer: URL, message: string): ArtifactError {
  return new ArtifactError('RegistryDenied', `${issuer.host}: ${message}`);
}

const random = (): string => randomBytes(32).toString('base64url');

interface Endpoints {
  readonly authorization: URL;
  readonly token: URL;
}

async function endpointsOf(issuer: URL, services: Services): Promise<Endpoints> {
  const base = issuer.href.endsWith('/') ? issuer.href : `${issuer.href}/`;
  const answer = await services.get(new URL('.well-known/openid-configuration', base));
  const value = valueOfJson(textOfBytes(answer) ?? '');
  const fields = isJsonObject(value) ? value : {};
  const [authorization, token] = ['authorization_endpoint', 'token_endpoint'].map((name) =>
    URL.parse(String(fields[name])),
  );
  if (authorization && token) return { authorization, token };
  throw failed(issuer, 'says nothing of where to log in');
}

/** The code of the browser's one good return; strangers with another state are told nothing. */
function codeFrom(server: Server, state: string, { issuer, limitMs }: BrowserLogin): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const words = `nobody has logged in for ${String(limitMs / 1000)} s`;
  const timer = setTimeout(() => reject(failed(issuer, words)), limitMs);
  server.on('request', ({ url = '' }: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(url, 'http://localhost');
    const headers = { 'content-type': 'text/plain; charset=utf-8', connection: 'close' };
    if (pathname !== CALLBACK || searchParams.get('state') !== state) {
      response.writeHead(404, headers).end();
      return;
    }
    const code = searchParams.get('code');
    response.writeHead(code === null ? 400 : 200, headers).end(code === null ? 'The login has failed.\n' : PAGE);
    const why = (searchParams.get('error') ?? 'no code came back').replace(/[^\x20-\x7e]+/g, ' ').slice(0, 200);
    if (code === null) reject(failed(issuer, `refuses the login: ${why}`));
    else resolve(code);
  });
  return promise.finally(() => clearTimeout(timer));
}

function tokenIn(answer: Uint8Array, nonce: string, issuer: URL): string {
  const value = valueOfJson(textOfBytes(answer) ?? '');
  const token = isJsonObject(value) ? value['id_token'] : undefined;
  if (typeof token !== 'string') throw failed(issuer, 'gives no identity token');
  const claims = valueOfJson(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
  if (isJsonObject(claims) && claims['nonce'] === nonce) return token;
  throw failed(issuer, 'gives an identity token that was not asked for now');
}

/**
 * Gets a token. The user has opened the address and logged in when it is there.
 * @throws ArtifactError that names the issuer
 */
export async function loginByBrowser(login: BrowserLogin, services: Services): Promise<string> {
  const { issuer, clientId } = login;
  const { authorization, token } = await endpointsOf(issuer, services);
  const [verifier, state, nonce] = [random(), random(), random()];
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  try {
    const redirect = `http://localhost:${String((server.address() as AddressInfo).port)}${CALLBACK}`;
    const challenge = createHash('sha256').update(verifier).digest('base64url');
    const asked = { response_type: 'code', client_id: clientId, scope: 'openid email', redirect_uri: redirect };
    const proof = { state, nonce, code_challenge: challenge, code_challenge_method: 'S256' };
    for (const [key, value] of Object.entries({ ...asked, ...proof })) authorization.searchParams.set(key, value);
    const coming = codeFrom(server, state, login);
    login.show(authorization.href);
    const grant = { grant_type: 'authorization_code', code: await coming, code_verifier: verifier };
    const body = new URLSearchParams({ ...grant, redirect_uri: redirect, client_id: clientId });
    const form = 'application/x-www-form-urlencoded';
    return tokenIn(await services.post(token, form, bytesOfText(body.toString())), nonce, issuer);
  } finally {
    server.close();
    server.closeIdleConnections();
  }
}
