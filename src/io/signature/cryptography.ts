// SPDX-License-Identifier: Apache-2.0
// The mathematics that core/signature asks for. A public key is read once; what certificates need is loaded when the
// first one is to be checked, because it costs more than the rest of a pull.
import type { KeyObject } from 'node:crypto';
import type { Cryptography, Signed, SignerCheck } from '../../core/signature/judge.ts';
import { isSignedBy, keyName, misfitOf } from './key-signatures.ts';
import { readPublicKey } from './keys.ts';

/** Public keys that are kept read. A cluster has a few policies. */
const MOST_KEYS = 64;

/** Makes it. A key that is none is thrown as KeyError when it is used. */
export function makeCryptography(): Pick<Cryptography, 'byKey'> {
  const keys = new Map<string, KeyObject>();
  const keyOf = (pem: string): KeyObject => {
    const known = keys.get(pem);
    if (known !== undefined) return known;
    const key = readPublicKey(pem);
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(pem, key);
    return key;
  };
  return { byKey: (pem, signed) => check(keyOf(pem), signed) };
}

function check(key: KeyObject, { bytes, signatures }: Signed): SignerCheck {
  if (signatures.some((signature) => isSignedBy(key, bytes, signature))) {
    return { fits: true, signer: `the key ${keyName(key)}` };
  }
  return { fits: false, untrusted: false, reason: misfitOf(key) };
}
