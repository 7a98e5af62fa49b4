// SPDX-License-Identifier: Apache-2.0
// Keys for push and pull. Loaded by those two commands only, like the registry.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ArtifactSigner, Trusted } from '../../cli/artifact-signatures.ts';
import type { KeyFile, TrustedRootFile } from '../../cli/key-files.ts';
import { UserError } from '../../cli/terminal.ts';
import type { Environment } from '../../core/env.ts';
import type { Cryptography } from '../../core/signature/judge.ts';
import { makeCryptography } from '../../io/signature/cryptography.ts';
import type { CertificateVerifier } from '../../io/signature/cryptography.ts';
import { KeyError } from '../../io/signature/key-error.ts';
import { keyName, signStatement } from '../../io/signature/key-signatures.ts';
import { readPrivateKey, readPublicKey } from '../../io/signature/keys.ts';

async function named<T>(where: string, read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof KeyError) throw new UserError(`${where}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Opens a private key; an encrypted one by COSIGN_PASSWORD, which may be empty. */
export async function openSigner(key: KeyFile, env: Environment): Promise<ArtifactSigner> {
  const password = async (): Promise<string | undefined> => env['COSIGN_PASSWORD'];
  const opened: KeyObject = await named(`--key ${key.file}`, () => readPrivateKey(key.pem, password));
  return {
    publicKey: createPublicKey(opened).export({ type: 'spki', format: 'pem' }).toString(),
    name: `the key ${keyName(opened)}`,
    sign: async (statement) => signStatement(opened, statement),
  };
}

/** Checks public keys and the trusted root, and gives the mathematics for signatures by them. */
export async function openVerifier({ keys, identities, root }: Trusted): Promise<Cryptography> {
  for (const key of keys) await named(`--key ${key.file}`, () => readPublicKey(key.pem));
  return makeCryptography(identities.length === 0 ? undefined : await certificateVerifier(root));
}

/**
 * Proves certificates. Loaded here alone: the libraries behind it would cost every command their time.
 * @throws UserError for a file that is no trusted root
 */
export async function certificateVerifier(root: TrustedRootFile | undefined): Promise<CertificateVerifier> {
  const { openPublicGood, openSigstore } = await import('../../io/signature/sigstore.ts');
  if (root === undefined) return openPublicGood();
  const verifier = openSigstore(root.text);
  if (typeof verifier === 'string') throw new UserError(`--trusted-root ${root.file}: ${verifier}`);
  return verifier;
}
