// SPDX-License-Identifier: Apache-2.0
// The options to sign without a key of one's own, by the names that cosign gives them, and where the token is found.
import { Option } from 'commander';
import type { Command } from 'commander';
import type { Environment } from '../core/env.ts';
import type { LogVersion } from '../core/signature/keyless.ts';
import type { TrustedRootFile } from './key-files.ts';
import { UserError } from './terminal.ts';
import type { Terminal } from './terminal.ts';

/** The options as commander gives them. */
export interface KeylessOptions {
  readonly identityToken?: string;
  readonly fulcioUrl: string;
  readonly rekorUrl: string;
  readonly rekorVersion: '1' | '2';
  readonly timestampServerUrl?: string;
  readonly trustedRoot?: string;
  readonly oidcIssuer: string;
  readonly oidcClientId: string;
}

/** The place where the token of an issuer is. */
export type TokenSource =
  | { readonly type: 'token'; readonly token: string }
  /** GitHub's, which a job asks for: the address, and the secret that allows it. */
  | { readonly type: 'github'; readonly url: string; readonly secret: string }
  /** The user logs in with a browser. */
  | { readonly type: 'browser'; readonly issuer: URL; readonly clientId: string };

/** All that it takes to sign without a key. */
export interface KeylessRequest {
  readonly source: TokenSource;
  readonly fulcio: URL;
  readonly rekor: { readonly url: URL; readonly version: LogVersion };
  readonly timestamp: URL | undefined;
  /** Proves the result before it is used; undefined for the authorities of sigstore's public services. */
  readonly root: TrustedRootFile | undefined;
  /** The services are sigstore's public ones, or a root for others is given. */
  readonly isProvable: boolean;
}

const PUBLIC = { fulcio: 'https://fulcio.sigstore.dev', rekor: 'https://rekor.sigstore.dev' } as const;

const LOGIN = { issuer: 'https://oauth2.sigstore.dev/auth', clientId: 'sigstore' } as const;

/** The options where nothing else is given: sigstore's public services. */
export const KEYLESS_SERVICES = {
  fulcioUrl: PUBLIC.fulcio,
  rekorUrl: PUBLIC.rekor,
  rekorVersion: '1',
  oidcIssuer: LOGIN.issuer,
  oidcClientId: LOGIN.clientId,
} as const satisfies KeylessOptions;

/** Reads files that options name. */
export interface OptionFiles {
  readonly files: Pick<Terminal['files'], 'read'>;
}

/** A JSON Web Token as a word; anything else is the name of a file with one. */
const TOKEN = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** Adds the options to a command. */
export function addKeylessOptions(command: Command): Command {
  return command
    .option(
      '--identity-token <token>',
      "sign without a key, as whom an issuer's token names: the token or a file; else SIGSTORE_ID_TOKEN, or GitHub's",
    )
    .option('--fulcio-url <url>', 'the authority that gives a certificate for it', PUBLIC.fulcio)
    .option('--rekor-url <url>', 'the log that the signature is published in', PUBLIC.rekor)
    .addOption(new Option('--rekor-version <version>', 'of its interface').choices(['1', '2']).default('1'))
    .option('--timestamp-server-url <url>', 'a service that confirms the time (RFC 3161)')
    .option('--trusted-root <file>', 'trusted_root.json of these services (default: of sigstore.dev)')
    .option('--oidc-issuer <url>', 'the issuer to log in at, on a terminal and without a token', LOGIN.issuer)
    .option('--oidc-client-id <name>', 'the name of this program there', LOGIN.clientId);
}

function urlOf(option: string, text: string): URL {
  const url = URL.parse(text);
  if (url !== null && /^https?:$/.test(url.protocol)) return url;
  throw new UserError(`${option} ${text}: is no address`);
}

function variable(env: Environment, name: string): string | undefined {
  const value = env[name];
  return value === '' ? undefined : value;
}

/** The token's source; undefined where nothing has one, and nobody is there to log in. */
async function sourceOf(
  { identityToken, oidcIssuer, oidcClientId: clientId }: KeylessOptions,
  env: Environment,
  isInteractive: boolean,
  terminal: OptionFiles,
): Promise<TokenSource | undefined> {
  const given = identityToken ?? variable(env, 'SIGSTORE_ID_TOKEN');
  if (given !== undefined) {
    const token = TOKEN.test(given) || identityToken === undefined ? given : await terminal.files.read(given);
    return { type: 'token', token: token.trim() };
  }
  const url = variable(env, 'ACTIONS_ID_TOKEN_REQUEST_URL');
  const secret = variable(env, 'ACTIONS_ID_TOKEN_REQUEST_TOKEN');
  if (url !== undefined && secret !== undefined) return { type: 'github', url, secret };
  return isInteractive ? { type: 'browser', issuer: urlOf('--oidc-issuer', oidcIssuer), clientId } : undefined;
}

/**
 * The request to sign without a key; undefined where there is no token.
 *
 * @param isInteractive - a user is there, who may log in
 * @throws UserError for an address that is none
 */
export async function keylessRequest(
  options: KeylessOptions,
  env: Environment,
  isInteractive: boolean,
  terminal: OptionFiles,
): Promise<KeylessRequest | undefined> {
  const source = await sourceOf(options, env, isInteractive, terminal);
  if (source === undefined) return undefined;
  const { fulcioUrl, rekorUrl, timestampServerUrl: stamp, trustedRoot: file } = options;
  const version = options.rekorVersion === '2' ? 2 : 1;
  if (version === 2 && stamp === undefined) {
    throw new UserError('--rekor-version 2: such a log tells no time: give --timestamp-server-url');
  }
  return {
    source,
    fulcio: urlOf('--fulcio-url', fulcioUrl),
    rekor: { url: urlOf('--rekor-url', rekorUrl), version },
    timestamp: stamp === undefined ? undefined : urlOf('--timestamp-server-url', stamp),
    root: file === undefined ? undefined : { file, text: await terminal.files.read(file) },
    isProvable: file !== undefined || (fulcioUrl === PUBLIC.fulcio && rekorUrl === PUBLIC.rekor),
  };
}
