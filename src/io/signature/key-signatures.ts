// SPDX-License-Identifier: Apache-2.0
// Signing by a private key, and looking at signatures by a public one. SHA-256 is signed whatever the curve, because
// cosign verifies with it unless it is told otherwise; what cosign itself signs by larger curves has their digest.
import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { base64OfBytes, bytesOfText } from '../../core/signature/encoding.ts';
import { printKeyBundle } from '../../core/signature/bundle.ts';
import { STATEMENT_MEDIA_TYPE, signedBytes } from '../../core/signature/statement.ts';
import { keyHint } from './keys.ts';

/** Digests by which a key may have signed, the usual one first. Undefined: the key's own way, as Ed25519 has. */
function digestsOf(key: KeyObject): readonly (string | undefined)[] {
  if (key.asymmetricKeyType === 'ed25519') return [undefined];
  const curve = key.asymmetricKeyDetails?.namedCurve;
  if (curve === 'secp384r1') return ['sha256', 'sha384'];
  return curve === 'secp521r1' ? ['sha256', 'sha512'] : ['sha256'];
}

/** Whether the owner of the key has signed the bytes. */
export function isSignedBy(key: KeyObject, bytes: Uint8Array, signature: Uint8Array): boolean {
  return digestsOf(key).some((digest) => verify(digest, bytes, key, signature));
}

/** The reason that a user can do something about when a signature does not fit a key. */
export function misfitOf(key: KeyObject): string {
  const words = `it is by another signer than the key ${keyName(key)}`;
  const hint = 'or made by Ed25519ph, as cosign does with such keys, which is not supported';
  return key.asymmetricKeyType === 'ed25519' ? `${words}, ${hint}` : words;
}

/** A short name of a key, of either half, in messages. */
export function keyName(key: KeyObject): string {
  return `SHA256:${keyHint(key).replace(/=+$/, '')}`;
}

/** Signs a statement: the JSON of the bundle. */
export function signStatement(key: KeyObject, statement: string): string {
  const payload = bytesOfText(statement);
  const [digest] = digestsOf(key);
  const signature = sign(digest, signedBytes(STATEMENT_MEDIA_TYPE, payload), key);
  return printKeyBundle({
    payloadType: STATEMENT_MEDIA_TYPE,
    payload: base64OfBytes(payload),
    signature: base64OfBytes(signature),
    hint: keyHint(key),
  });
}
