// SPDX-License-Identifier: Apache-2.0
// One signature beside one policy: is it about the artifact, is it a signature at all, has one of the signers made it?
// The mathematics is handed in; what a valid signature is valid for is decided here, and nowhere else.
import type { Bundle } from './bundle.ts';
import type { Signer } from './policy.ts';
import { readSimplePayload } from './simple-signing.ts';
import type { Annotations } from './statement.ts';
import { annotationsFor, readStatement, signedBytes, statementFault } from './statement.ts';
import type { SignatureForm, Verdict } from './verdict.ts';
import { bestOf } from './verdict.ts';

/** A signature as it was found; `unreadable` for one that is damaged or whose parts are missing. */
export type Candidate =
  | { readonly form: 'bundle'; readonly bundle: Bundle }
  | {
      readonly form: 'classic';
      readonly payload: Uint8Array;
      readonly signature: Uint8Array;
      /** It says by a certificate who signed. */
      readonly hasCertificate: boolean;
    }
  | { readonly form: 'unreadable'; readonly reason: string };

/** Bytes and the signatures over them, of which one suffices. */
export interface Signed {
  readonly bytes: Uint8Array;
  readonly signatures: readonly Uint8Array[];
}

/** The signer found, in words, or the reason why it is none of those asked for. */
export type SignerCheck =
  | { readonly fits: true; readonly signer: string }
  | { readonly fits: false; readonly untrusted: boolean; readonly reason: string };

/** The mathematics of signatures. */
export interface Cryptography {
  /** Whether the owner of a public key (PEM) has signed. */
  byKey(publicKey: string, signed: Signed): SignerCheck;
  /** The words by which the owner of a public key (PEM) is a signer; undefined for what is no such key. */
  signerName(publicKey: string): string | undefined;
}

const BY_CERTIFICATE = 'it is by a certificate (keyless), and a key is asked for';

interface Claim {
  readonly form: SignatureForm;
  readonly annotations: Annotations;
  readonly signed: Signed;
  readonly hasCertificate: boolean;
}

/** Whether a signature is one of these signers' for the digest. */
export function judge(
  candidate: Candidate,
  digest: string,
  signers: readonly Signer[],
  cryptography: Cryptography,
): Verdict {
  const claim = claimOf(candidate, digest);
  if ('verified' in claim) return claim;
  return bestOf(signers.map((signer) => bySigner(claim, signer, cryptography)));
}

function claimOf(candidate: Candidate, digest: string): Claim | Verdict {
  if (candidate.form === 'unreadable') return miss('unreadable', candidate.reason);
  return candidate.form === 'bundle' ? bundleClaim(candidate.bundle, digest) : classicClaim(candidate, digest);
}

function miss(kind: 'unreadable' | 'other-artifact' | 'attestation', reason: string): Verdict {
  return { verified: false, miss: kind, reason };
}

function bundleClaim(bundle: Bundle, digest: string): Claim | Verdict {
  const statement = readStatement(bundle.payloadType, bundle.payload);
  if (typeof statement === 'string') return miss('unreadable', statement);
  const fault = statementFault(statement, digest);
  if (fault !== undefined) return miss(fault.attestation ? 'attestation' : 'other-artifact', fault.fault);
  return {
    form: 'bundle',
    annotations: annotationsFor(statement, digest),
    signed: { bytes: signedBytes(bundle.payloadType, bundle.payload), signatures: bundle.signatures },
    hasCertificate: bundle.hasCertificate,
  };
}

function classicClaim(candidate: Extract<Candidate, { form: 'classic' }>, digest: string): Claim | Verdict {
  const payload = readSimplePayload(candidate.payload);
  if (typeof payload === 'string') return miss('unreadable', payload);
  if (payload.digest !== digest) return miss('other-artifact', `it signs another artifact, not ${digest}`);
  return {
    form: 'classic',
    annotations: payload.annotations,
    signed: { bytes: candidate.payload, signatures: [candidate.signature] },
    hasCertificate: candidate.hasCertificate,
  };
}

function bySigner(claim: Claim, { publicKey }: Signer, cryptography: Cryptography): Verdict {
  const check = cryptography.byKey(publicKey, claim.signed);
  const { form, annotations, hasCertificate } = claim;
  if (check.fits) return { verified: true, form, signer: check.signer, annotations };
  const reason = hasCertificate && !check.untrusted ? BY_CERTIFICATE : check.reason;
  return { verified: false, miss: check.untrusted ? 'untrusted' : 'wrong-signer', reason };
}
