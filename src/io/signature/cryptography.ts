// SPDX-License-Identifier: Apache-2.0
// The mathematics that core/signature asks for. A public key is read once; what certificates need is loaded when the
// first one is to be checked, because it costs more than the rest of a pull.
import type { KeyObject } from 'node:crypto';
import type { Cryptography, Signed, SignerCheck } from '../../core/signature/judge.ts';
import { KeyError } from './key-error.ts';
import { isSignedBy, keyName, misfitOf } from './key-signatures.ts';
import { readPublicKey } from './keys.ts';

/** Public keys that are kept read. A cluster has a few policies. */
const MOST_KEYS = 64;

/** Certificates are not looked at: nobody is known who could vouch for them. */
const UNKNOWN: SignerCheck = {
  fits: false,
  untrusted: true,
  reason: 'it is by a certificate, and only keys are known here',
};

/** Makes it. */
export function makeCryptography(): Cryptography {
  const keys = new Map<string, KeyObject>();
  const keyOf = (pem: string): KeyObject => {
    const known = keys.get(pem);
    if (known !== undefined) return known;
    const key = readPublicKey(pem);
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(pem, key);
    return key;
  };
  return { byKey: (pem, signed) => withKey(() => keyOf(pem), signed), byIdentity: () => Promise.resolve(UNKNOWN) };
}

function check(key: KeyObject, { bytes, signatures }: Signed): SignerCheck {
  if (signatures.some((signature) => isSignedBy(key, bytes, signature))) {
    return { fits: true, signer: `the key ${keyName(key)}` };
  }
  return { fits: false, untrusted: false, reason: misfitOf(key) };
}

/** A policy's key that cannot be read has signed nothing; which one it is, the reason says. */
function withKey(keyOf: () => KeyObject, signed: Signed): SignerCheck {
  try {
    return check(keyOf(), signed);
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return { fits: false, untrusted: true, reason: `the key that is asked for ${error.message}` };
  }
}
