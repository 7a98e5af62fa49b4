// SPDX-License-Identifier: Apache-2.0
// Signing without a key, for push: finds the token, asks the services, and proves what came of it before it is used.
import { setTimeout as sleep } from 'node:timers/promises';
import type { ArtifactSigner } from '../../cli/artifact-signatures.ts';
import type { KeylessRequest, TokenSource } from '../../cli/keyless-options.ts';
import { UserError } from '../../cli/terminal.ts';
import type { Environment } from '../../core/env.ts';
import { isJsonObject } from '../../core/json.ts';
import { readBundle } from '../../core/signature/bundle.ts';
import { textOfBytes, valueOfJson } from '../../core/signature/encoding.ts';
import { readToken } from '../../core/signature/keyless.ts';
import type { TokenClaims } from '../../core/signature/keyless.ts';
import { identityName } from '../../core/signature/policy.ts';
import { loginByBrowser } from '../../io/registry/browser-login.ts';
import { openServices } from '../../io/registry/service.ts';
import type { Services } from '../../io/registry/service.ts';
import { TIME_LIMITS } from '../../io/registry/time-limits.ts';
import { KeyError } from '../../io/signature/key-error.ts';
import { signKeyless } from '../../io/signature/keyless.ts';
import { certificateVerifier } from './signatures.ts';

/** Milliseconds that a user has to log in. */
const LOGIN_LIMIT_MS = 300_000;

async function tokenOf(source: TokenSource, services: Services, say: (line: string) => void): Promise<string> {
  if (source.type === 'token') return source.token;
  if (source.type === 'browser') {
    const show = (address: string): void => {
      say('Log in to sign as yourself. Your name will stand in the certificate and in a public log, for ever.');
      say(`Open in a browser: ${address}`);
    };
    return loginByBrowser({ ...source, show, limitMs: LOGIN_LIMIT_MS }, services);
  }
  const url = URL.parse(source.url);
  if (url === null) throw new UserError('ACTIONS_ID_TOKEN_REQUEST_URL: is no address');
  url.searchParams.set('audience', 'sigstore');
  const answer = valueOfJson(textOfBytes(await services.get(url, source.secret)) ?? '');
  const value = isJsonObject(answer) ? answer['value'] : undefined;
  if (typeof value === 'string') return value;
  throw new UserError(`${url.host}: gives no identity token`);
}

/** Claims of a token that has some time left; a certificate is refused without, in words that say less. */
function claimsOf(token: string, nowMs: number): TokenClaims {
  const claims = readToken(token);
  if (typeof claims === 'string') throw new UserError(`the identity token ${claims}`);
  if (claims.expires === undefined || claims.expires * 1000 > nowMs) return claims;
  const at = new Date(claims.expires * 1000).toISOString();
  throw new UserError(`the identity token has expired at ${at}, unless the clock of this machine is wrong`);
}

/** Rejects for a bundle that a verifier would refuse: it is better not attached. */
async function requireProof(text: string, { root, isProvable }: KeylessRequest): Promise<string> {
  if (!isProvable) return text;
  const prove = await certificateVerifier(root);
  const bundle = readBundle(valueOfJson(text));
  if (typeof bundle === 'string' || bundle.evidence === undefined) throw new KeyError('the signature cannot be read');
  const check = prove(bundle.evidence);
  if (check.proved) return text;
  throw new UserError(`the services have given a signature that does not stand: ${check.reason}`);
}

async function closing<T>(services: Services, use: (services: Services) => Promise<T>): Promise<T> {
  try {
    return await use(services);
  } finally {
    services.close();
  }
}

/**
 * Opens a signer. The token is looked at before anything is sent.
 *
 * @param say - tells a user who is to log in
 * @throws UserError, ArtifactError of the service that said no
 */
export async function openKeylessSigner(
  request: KeylessRequest,
  env: Environment,
  say: (line: string) => void,
): Promise<ArtifactSigner> {
  const open = (): Services => openServices({ limits: TIME_LIMITS, pause: sleep, proxy: env });
  const token = await closing(open(), (services) => tokenOf(request.source, services, say));
  const { subject, issuer } = claimsOf(token, Date.now());
  const sign = async (statement: string): Promise<string> => {
    try {
      return await closing(open(), async (services) => {
        const ask = (url: URL, type: string, body: Uint8Array): Promise<Uint8Array> => services.post(url, type, body);
        return requireProof(await signKeyless(statement, { token, subject }, request, ask), request);
      });
    } catch (cause) {
      if (cause instanceof KeyError) throw new UserError(cause.message, { cause });
      throw cause;
    }
  };
  return { publicKey: undefined, name: `the identity ${identityName({ identity: subject, issuer })}`, sign };
}
