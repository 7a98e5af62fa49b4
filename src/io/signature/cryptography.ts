// SPDX-License-Identifier: Apache-2.0
// The mathematics that core/signature asks for. A public key is read, and named, once: both cost as much as a check.
import type { KeyObject } from 'node:crypto';
import type { Evidence } from '../../core/signature/evidence.ts';
import type { Cryptography, IdentityCheck, Signed, SignerCheck } from '../../core/signature/judge.ts';
import { KeyError } from './key-error.ts';
import { isSignedBy, keyName, misfitOf } from './key-signatures.ts';
import { readPublicKey } from './keys.ts';

/** Public keys that are kept read. A cluster has a few policies. */
const MOST_KEYS = 64;

/** A key with both answers about it. */
interface KnownKey {
  readonly key: KeyObject;
  readonly name: string;
  readonly fit: SignerCheck;
  readonly misfit: SignerCheck;
}

/** Proves signatures by certificates. */
export type CertificateVerifier = (evidence: Evidence) => IdentityCheck;

/** Without a root that is trusted no certificate is worth anything. */
const ROOTLESS: IdentityCheck = {
  proved: false,
  untrusted: true,
  reason: 'it is by a certificate (keyless), and there is no trusted root to prove it with',
};

/**
 * Makes it.
 *
 * @param byCertificate - left out where certificates are not asked for: the code for them is loaded for it alone
 */
export function makeCryptography(byCertificate: CertificateVerifier = () => ROOTLESS): Cryptography {
  const keys = new Map<string, KnownKey>();
  const keyOf = (pem: string): KnownKey => {
    const known = keys.get(pem);
    if (known !== undefined) return known;
    const key = knownKey(readPublicKey(pem));
    if (keys.size >= MOST_KEYS) keys.clear();
    keys.set(pem, key);
    return key;
  };
  return {
    byCertificate,
    byKey: (pem, signed) => check(() => keyOf(pem), signed),
    signerName: (pem) => nameOf(() => keyOf(pem)),
  };
}

function knownKey(key: KeyObject): KnownKey {
  const name = `the key ${keyName(key)}`;
  return {
    key,
    name,
    fit: { fits: true, signer: name },
    misfit: { fits: false, untrusted: false, reason: misfitOf(key) },
  };
}

/** A policy's key that cannot be read has signed nothing; which one it is, the reason says. */
function check(keyOf: () => KnownKey, { bytes, signatures }: Signed): SignerCheck {
  try {
    const { key, fit, misfit } = keyOf();
    return signatures.some((signature) => isSignedBy(key, bytes, signature)) ? fit : misfit;
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return { fits: false, untrusted: true, reason: `the key that is asked for ${error.message}` };
  }
}

function nameOf(keyOf: () => KnownKey): string | undefined {
  try {
    return keyOf().name;
  } catch (error) {
    if (!(error instanceof KeyError)) throw error;
    return undefined;
  }
}
