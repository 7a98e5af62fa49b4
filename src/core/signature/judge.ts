// SPDX-License-Identifier: Apache-2.0
// One signature beside one policy: is it about the artifact, is it a signature at all, has one of the signers made it?
// The mathematics is handed in; what a valid signature is valid for is decided here, and nowhere else.
import type { Bundle } from './bundle.ts';
import type { Evidence } from './evidence.ts';
import { identityName, isIdentity, patternFault, wantedName } from './policy.ts';
import type { Identity, IdentitySigner, KeySigner, Signer } from './policy.ts';
import { readSimplePayload } from './simple-signing.ts';
import type { Annotations } from './statement.ts';
import { annotationsFor, readStatement, SIGNATURE_PREDICATE, signedBytes, statementFault } from './statement.ts';
import type { SignatureForm, Verdict } from './verdict.ts';
import { bestOf } from './verdict.ts';

/** A signature as it was found; `unreadable` for one that is damaged or whose parts are missing. */
export type Candidate =
  | { readonly form: 'bundle'; readonly bundle: Bundle }
  | {
      readonly form: 'classic';
      readonly payload: Uint8Array;
      readonly signature: Uint8Array;
      /** Where it says by a certificate who signed; else by a public key. */
      readonly evidence: Evidence | undefined;
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

/** The identity that a certificate's signature is by, or the reason why that is not proved. */
export type IdentityCheck =
  | { readonly proved: true; readonly identity: Identity }
  | {
      readonly proved: false;
      /** There is nothing here to prove it with, whatever the signature is. */
      readonly untrusted: boolean;
      readonly reason: string;
    };

/** The mathematics of signatures. */
export interface Cryptography {
  /** Whose certificate a signature is by: chain, log, time and the signature itself are in order. */
  byCertificate(evidence: Evidence): IdentityCheck;
  /** Whether the owner of a public key (PEM) has signed. */
  byKey(publicKey: string, signed: Signed): SignerCheck;
  /** The words by which the owner of a public key (PEM) is a signer; undefined for what is no such key. */
  signerName(publicKey: string): string | undefined;
}

const BY_CERTIFICATE = 'it is by a certificate (keyless), and a key is asked for';
const BY_KEY = 'it is by a key, and a certificate (keyless) is asked for';

interface Claim {
  readonly form: SignatureForm;
  readonly annotations: Annotations;
  readonly signed: Signed;
  readonly evidence: Evidence | undefined;
}

/**
 * Whether a signature is one of these signers' for the digest.
 *
 * @param predicateType - what is signed: that it is a signature, or another statement
 */
export function judge(
  candidate: Candidate,
  digest: string,
  signers: readonly Signer[],
  cryptography: Cryptography,
  predicateType: string = SIGNATURE_PREDICATE,
): Verdict {
  const claim = claimOf(candidate, digest, predicateType);
  if ('verified' in claim) return claim;
  const identityCheck = once(() => identityOf(claim, cryptography));
  const verdicts = signers.map((signer) =>
    'publicKey' in signer ? byKey(claim, signer, cryptography) : byIdentity(claim, signer, identityCheck()),
  );
  return bestOf(verdicts);
}

function claimOf(candidate: Candidate, digest: string, predicateType: string): Claim | Verdict {
  if (candidate.form === 'unreadable') return miss('unreadable', candidate.reason);
  return candidate.form === 'bundle'
    ? bundleClaim(candidate.bundle, digest, predicateType)
    : classicClaim(candidate, digest);
}

function miss(kind: 'unreadable' | 'other-artifact' | 'attestation', reason: string): Verdict {
  return { verified: false, miss: kind, reason };
}

function bundleClaim(bundle: Bundle, digest: string, predicateType: string): Claim | Verdict {
  const statement = readStatement(bundle.payloadType, bundle.payload);
  if (typeof statement === 'string') return miss('unreadable', statement);
  const fault = statementFault(statement, digest, predicateType);
  if (fault !== undefined) return miss(fault.attestation ? 'attestation' : 'other-artifact', fault.fault);
  return {
    form: 'bundle',
    annotations: annotationsFor(statement, digest),
    signed: { bytes: signedBytes(bundle.payloadType, bundle.payload), signatures: bundle.signatures },
    evidence: bundle.evidence,
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
    evidence: candidate.evidence,
  };
}

function byKey(claim: Claim, { publicKey }: KeySigner, cryptography: Cryptography): Verdict {
  const check = cryptography.byKey(publicKey, claim.signed);
  const { form, annotations, evidence } = claim;
  if (check.fits) return { verified: true, form, signer: check.signer, annotations };
  const reason = evidence !== undefined && !check.untrusted ? BY_CERTIFICATE : check.reason;
  return { verified: false, miss: check.untrusted ? 'untrusted' : 'wrong-signer', reason };
}

/** The proof of a certificate is the same for all who are asked for, and is dear. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

function identityOf({ evidence }: Claim, cryptography: Cryptography): IdentityCheck {
  if (evidence === undefined) return { proved: false, untrusted: false, reason: BY_KEY };
  return cryptography.byCertificate(evidence);
}

function byIdentity({ form, annotations }: Claim, signer: IdentitySigner, check: IdentityCheck): Verdict {
  if (!check.proved)
    return { verified: false, miss: check.untrusted ? 'untrusted' : 'wrong-signer', reason: check.reason };
  const name = identityName(check.identity);
  if (isIdentity(signer, check.identity)) return { verified: true, form, signer: name, annotations };
  const fault = patternFault(signer.identity) ?? patternFault(signer.issuer);
  if (fault !== undefined)
    return { verified: false, miss: 'untrusted', reason: `the signer that is asked for: ${fault}` };
  return { verified: false, miss: 'wrong-signer', reason: `it is by ${name}, and ${wantedName(signer)} is asked for` };
}
