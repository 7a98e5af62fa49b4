// SPDX-License-Identifier: Apache-2.0
// Keys for push and pull. Loaded by those two commands only, like the registry.
import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { ArtifactSigner, KeyFile } from '../../cli/artifact-signatures.ts';
import { UserError } from '../../cli/terminal.ts';
import type { Environment } from '../../core/env.ts';
import type { Cryptography } from '../../core/signature/judge.ts';
import { makeCryptography } from '../../io/signature/cryptography.ts';
import { KeyError } from '../../io/signature/key-error.ts';
import { keyName, signStatement } from '../../io/signature/key-signatures.ts';
import { readPrivateKey, readPublicKey } from '../../io/signature/keys.ts';

async function named<T>({ file }: KeyFile, read: () => Promise<T> | T): Promise<T> {
  try {
    return await read();
  } catch (cause) {
    if (cause instanceof KeyError) throw new UserError(`--key ${file}: ${cause.message}`, { cause });
    throw cause;
  }
}

/** Opens a private key; an encrypted one by COSIGN_PASSWORD, which may be empty. */
export async function openSigner(key: KeyFile, env: Environment): Promise<ArtifactSigner> {
  const password = async (): Promise<string | undefined> => env['COSIGN_PASSWORD'];
  const opened: KeyObject = await named(key, () => readPrivateKey(key.pem, password));
  return {
    publicKey: createPublicKey(opened).export({ type: 'spki', format: 'pem' }).toString(),
    name: keyName(opened),
    sign: (statement) => signStatement(opened, statement),
  };
}

/** Checks public keys, and gives the mathematics for signatures by them. */
export async function openVerifier(keys: readonly KeyFile[]): Promise<Cryptography> {
  for (const key of keys) await named(key, () => readPublicKey(key.pem));
  return makeCryptography();
}
