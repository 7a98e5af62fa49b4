// SPDX-License-Identifier: Apache-2.0
// Cosign's encrypted private keys (github.com/secure-systems-lab/go-securesystemslib, encrypted): a PEM block around a
// JSON text with the parameters of scrypt and a box of NaCl (XSalsa20, Poly1305) around the key in PKCS #8.
import { scrypt } from 'node:crypto';
import { isJsonObject } from '../../core/json.ts';
import { bytesOfBase64, textOfBytes, valueOfJson } from '../../core/signature/encoding.ts';
import { KeyError } from './key-error.ts';

const BLOCK =
  /-----BEGIN ENCRYPTED (?:COSIGN|SIGSTORE) PRIVATE KEY-----([A-Za-z0-9+/=\s]*)-----END ENCRYPTED (?:COSIGN|SIGSTORE) PRIVATE KEY-----/;

/** Bytes of the box's key and of its nonce. */
const SIZE = { key: 32, nonce: 24 } as const;

/** The largest cost of scrypt that is worked off; cosign writes 65536, 8, 1. A file could ask for all memory. */
const MOST = { N: 1 << 20, r: 32, p: 16, bytes: 1 << 30 } as const;

interface Sealed {
  readonly cost: { readonly N: number; readonly r: number; readonly p: number };
  readonly salt: Uint8Array;
  readonly nonce: Uint8Array;
  readonly box: Uint8Array;
}

/** Whether a PEM text is such a key. */
export function isCosignKey(pem: string): boolean {
  return BLOCK.test(pem);
}

/**
 * Decrypts a key to PKCS #8 in DER.
 * @throws KeyError
 */
export async function decryptCosignKey(pem: string, password: string): Promise<Uint8Array> {
  const { cost, salt, nonce, box } = readSealed(pem);
  const key = await derive(password, salt, cost);
  const { xsalsa20poly1305 } = await import('@noble/ciphers/salsa.js');
  try {
    return xsalsa20poly1305(key, nonce).decrypt(box);
  } catch (cause) {
    throw new KeyError('cannot be decrypted: the password is wrong', { cause });
  }
}

function readSealed(pem: string): Sealed {
  const body = bytesOfBase64(BLOCK.exec(pem)?.[1]?.replace(/\s/g, ''));
  const text = body === undefined ? undefined : textOfBytes(body);
  const value = text === undefined ? undefined : valueOfJson(text);
  if (!isJsonObject(value)) throw new KeyError('is no encrypted key: its content is no JSON object');
  const { kdf, cipher, ciphertext } = value;
  if (!isJsonObject(kdf) || kdf['name'] !== 'scrypt' || !isJsonObject(cipher) || cipher['name'] !== 'nacl/secretbox') {
    throw new KeyError('is encrypted in a way that is not known: only scrypt with nacl/secretbox is');
  }
  const [salt, nonce, box] = [bytesOfBase64(kdf['salt']), bytesOfBase64(cipher['nonce']), bytesOfBase64(ciphertext)];
  if (salt === undefined || nonce?.length !== SIZE.nonce || box === undefined) {
    throw new KeyError('is damaged: its salt, nonce or ciphertext cannot be read');
  }
  return { cost: costOf(kdf['params']), salt, nonce, box };
}

function costOf(params: unknown): Sealed['cost'] {
  const { N, r, p } = isJsonObject(params) ? params : {};
  if (
    isCount(N, MOST.N) &&
    isCount(r, MOST.r) &&
    isCount(p, MOST.p) &&
    256 * N * r <= MOST.bytes &&
    (N & (N - 1)) === 0
  )
    return { N, r, p };
  throw new KeyError('asks for a cost of scrypt that is not taken');
}

function isCount(value: unknown, most: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= most;
}

function derive(password: string, salt: Uint8Array, { N, r, p }: Sealed['cost']): Promise<Buffer> {
  const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
  scrypt(password, salt, SIZE.key, { N, r, p, maxmem: 256 * N * r + (1 << 20) }, (error, key) => {
    if (error === null) resolve(key);
    else reject(error);
  });
  return promise;
}
