// SPDX-License-Identifier: Apache-2.0
// Keys of signatures as files have them: public keys as PEM, private keys as plain PEM or in cosign's encrypted form.
// The sorts of keys that cosign verifies with its usual settings are taken, and no others.
import { createHash, createPrivateKey, createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { decryptCosignKey, isCosignKey } from './cosign-key.ts';
import { KeyError } from './key-error.ts';

/** RSA keys below this many bits are refused. */
const LEAST_RSA_BITS = 2048;

const CURVES: readonly (string | undefined)[] = ['prime256v1', 'secp384r1', 'secp521r1'];

/** The first PEM block of a sort; OpenSSL would also take a certificate or a private key for a public one. */
const PUBLIC_KEY = /-----BEGIN (?:RSA )?PUBLIC KEY-----[^-]*-----END (?:RSA )?PUBLIC KEY-----/;

/**
 * Reads a public key from PEM.
 * @throws KeyError
 */
export function readPublicKey(pem: string): KeyObject {
  const [block] = PUBLIC_KEY.exec(pem) ?? [];
  if (block === undefined) throw new KeyError(`is no public key in PEM${adviceFor(pem)}`);
  return usable(openKey(() => createPublicKey(block)));
}

function adviceFor(pem: string): string {
  if (pem.includes('PRIVATE KEY-----')) return ': it is a private key, which nobody but the signer should have';
  return pem.includes('BEGIN CERTIFICATE') ? ': it is a certificate' : '';
}

/**
 * Reads a private key.
 *
 * @param password - asked for when the key is encrypted; undefined where there is none
 * @throws KeyError
 */
export async function readPrivateKey(pem: string, password: () => Promise<string | undefined>): Promise<KeyObject> {
  if (isCosignKey(pem)) {
    const der = await decryptCosignKey(pem, await neededPassword(password));
    return usable(openKey(() => createPrivateKey({ key: Buffer.from(der), format: 'der', type: 'pkcs8' })));
  }
  if (!pem.includes('PRIVATE KEY-----')) throw new KeyError('is no private key in PEM');
  if (!pem.includes('BEGIN ENCRYPTED PRIVATE KEY') && !pem.includes('ENCRYPTED\n')) {
    return usable(openKey(() => createPrivateKey(pem)));
  }
  const passphrase = await neededPassword(password);
  return usable(openKey(() => createPrivateKey({ key: pem, passphrase })));
}

async function neededPassword(password: () => Promise<string | undefined>): Promise<string> {
  const text = await password();
  if (text === undefined) throw new KeyError('is encrypted: set COSIGN_PASSWORD to its password');
  return text;
}

function openKey(open: () => KeyObject): KeyObject {
  try {
    return open();
  } catch (cause) {
    throw new KeyError('cannot be read: the password is wrong, or the file is damaged', { cause });
  }
}

function usable(key: KeyObject): KeyObject {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === 'ed25519') return key;
  if (type === 'ec' && CURVES.includes(details?.namedCurve)) return key;
  if (type === 'rsa' && (details?.modulusLength ?? 0) >= LEAST_RSA_BITS) return key;
  const what = type === 'rsa' ? `RSA with ${String(details?.modulusLength)} bits` : (details?.namedCurve ?? type ?? '');
  throw new KeyError(`is of a kind that is not taken (${what}): P-256, P-384, P-521, RSA from 2048 bits, or Ed25519`);
}

/** SHA-256 of the key's SubjectPublicKeyInfo in base64: the hint that bundles carry. */
export function keyHint(key: KeyObject): string {
  const open = key.type === 'private' ? createPublicKey(key) : key;
  return createHash('sha256')
    .update(open.export({ type: 'spki', format: 'der' }))
    .digest('base64');
}
