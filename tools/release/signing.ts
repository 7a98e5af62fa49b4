// SPDX-License-Identifier: Apache-2.0
// Signs the provenance of a release, as `spoc push` signs an artifact: by a key, or without one, as whom a token names.
// Neither is the same twice, so it is no part of what is compared.
import { readFile } from 'node:fs/promises';
import { keylessRequest, KEYLESS_SERVICES } from '../../src/cli/keyless-options.ts';
import type { Environment } from '../../src/core/env.ts';
import { signStatement } from '../../src/io/signature/key-signatures.ts';
import { readPrivateKey } from '../../src/io/signature/keys.ts';
import { openKeylessSigner } from '../../src/roles/spoc/keyless.ts';

/** How a release is signed. */
export type Signing =
  | { readonly type: 'key'; readonly file: string }
  | {
      readonly type: 'keyless';
      readonly identityToken: string | undefined;
      readonly fulcioUrl: string | undefined;
      readonly rekorUrl: string | undefined;
      readonly trustedRoot: string | undefined;
    };

/** The options of a command line, as they are given. */
export interface SigningOptions {
  readonly key: string | undefined;
  readonly keyless: boolean;
  readonly 'identity-token': string | undefined;
  readonly 'fulcio-url': string | undefined;
  readonly 'rekor-url': string | undefined;
  readonly 'trusted-root': string | undefined;
}

/**
 * How to sign; undefined where it was not asked for.
 * @throws Error for options that contradict each other
 */
export function signingOf(options: SigningOptions): Signing | undefined {
  const { key, keyless, 'identity-token': identityToken, 'trusted-root': trustedRoot } = options;
  const { 'fulcio-url': fulcioUrl, 'rekor-url': rekorUrl } = options;
  const services = [identityToken, fulcioUrl, rekorUrl, trustedRoot];
  if (key !== undefined && keyless) throw new Error('--key and --keyless: one of them');
  if (keyless) return { type: 'keyless', identityToken, fulcioUrl, rekorUrl, trustedRoot };
  if (services.some((one) => one !== undefined)) throw new Error('options of keyless signing: say --keyless, too');
  return key === undefined ? undefined : { type: 'key', file: key };
}

/** Makes a signature over a statement: its bundle. */
export type Sign = (statement: string) => Promise<string>;

/**
 * Opens a signer: before hours of work, so that a key that cannot be read, or a missing token, is known at once.
 * @throws Error that says why it cannot sign
 */
export async function openSigner(signing: Signing, env: Environment): Promise<Sign> {
  if (signing.type === 'key') {
    const pem = await readFile(signing.file, 'utf8');
    const key = await readPrivateKey(pem, () => Promise.resolve(env['COSIGN_PASSWORD']));
    return async (statement) => signStatement(key, statement);
  }
  const { identityToken, trustedRoot } = signing;
  const options = {
    ...KEYLESS_SERVICES,
    ...(identityToken === undefined ? {} : { identityToken }),
    ...(trustedRoot === undefined ? {} : { trustedRoot }),
    ...(signing.fulcioUrl === undefined ? {} : { fulcioUrl: signing.fulcioUrl }),
    ...(signing.rekorUrl === undefined ? {} : { rekorUrl: signing.rekorUrl }),
  };
  const request = await keylessRequest(options, env, false, { files: { read: (file) => readFile(file, 'utf8') } });
  if (request === undefined) throw new Error('--keyless: no token: give --identity-token or SIGSTORE_ID_TOKEN');
  // A token is good for minutes, and making a release takes longer: GitHub gives one when it is asked for.
  return async (statement) => (await openKeylessSigner(request, env, () => undefined)).sign(statement);
}
